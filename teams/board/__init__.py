"""The assignment board: who is in which team, many moved at one go, taken back as easily."""
