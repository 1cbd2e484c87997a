"""What pages and papers look like; the Python below makes the Word templates."""
