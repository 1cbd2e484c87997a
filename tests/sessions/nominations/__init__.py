"""Nominations: an office names its people by its link."""
