"""Where: areas and offices, with dates; the settings of the body that runs the app."""
