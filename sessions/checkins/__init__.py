"""Trainees check themselves in: the code on the wall, the page of a trainee, personal codes."""
