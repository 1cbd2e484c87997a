"""Notices: told once, sent once, in the hours that are not quiet."""
