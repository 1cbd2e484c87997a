"""Measures: `python -m bench` prints a table, `python -m bench.pictures` takes the pictures."""
