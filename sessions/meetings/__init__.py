"""Training sessions: the days on which a course meets."""
