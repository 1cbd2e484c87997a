"""Persons: once each, whatever they do."""
