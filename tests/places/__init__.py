"""Places: areas, offices, settings."""
