"""The catalogue of themes, and the yearly duty in periods."""
