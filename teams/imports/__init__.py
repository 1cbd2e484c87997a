"""Workbooks of teams and their members."""
