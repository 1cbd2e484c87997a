"""Holidays: days on which nobody is expected at work."""
