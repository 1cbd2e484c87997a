"""What the clock reminds of: sessions to come, marks not taken, deadlines, courses to close."""
