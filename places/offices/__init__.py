"""Offices: agencies whose staff are trained."""
