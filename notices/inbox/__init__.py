"""What one was told, newest first, and what of it was read."""
