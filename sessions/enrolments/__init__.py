"""Who takes part in a course, who waits, who was named by the office."""
