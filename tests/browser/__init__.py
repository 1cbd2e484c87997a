"""Walks through the pages in a real Chromium; `make test` runs them, or `pytest -m browser`."""
