"""The invented district: one named cast for the demo, the tests and the pictures."""
