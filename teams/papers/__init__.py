"""Visits on paper: the form to print, and typing it in afterwards."""
