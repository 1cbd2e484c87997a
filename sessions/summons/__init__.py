"""The summons of a course: who is called to which sessions, as a paper for the offices."""
