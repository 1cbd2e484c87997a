"""The yearly duty of training, in periods, by category and from a day on."""
