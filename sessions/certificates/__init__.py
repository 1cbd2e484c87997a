"""Test results and certificates."""
