"""What came of it: reads every room, changes none."""
