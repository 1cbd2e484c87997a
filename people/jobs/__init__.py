"""What the clock does by itself, for admins to look at."""
