"""Signing in and out: passwords, one-time links, devices, and the door of the app."""
