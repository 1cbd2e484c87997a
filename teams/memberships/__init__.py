"""Who is in which team, from when to when, in which position."""
