"""Certificates of taking part."""
