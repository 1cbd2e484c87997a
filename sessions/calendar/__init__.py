"""The month, and private feeds of it."""
