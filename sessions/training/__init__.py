"""What officials learned over the years, against their yearly duty."""
