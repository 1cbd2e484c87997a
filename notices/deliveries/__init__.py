"""What went to whom by which way, and what became of it."""
