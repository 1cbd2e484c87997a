"""Areas: a tree with dates."""
