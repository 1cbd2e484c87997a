"""Nominations: an office without an account names its people for a course, by a link of its own."""
