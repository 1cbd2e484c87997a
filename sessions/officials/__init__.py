"""Officials: who works in which office, in which category, from when to when."""
