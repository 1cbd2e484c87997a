"""Support visits: what was done at a door, on which day, by whom, with what result."""
