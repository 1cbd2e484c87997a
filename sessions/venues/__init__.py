"""Rooms where sessions are held."""
