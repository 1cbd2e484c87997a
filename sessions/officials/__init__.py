"""Who is an official, of which office and category, from when to when."""
