"""Households and the residents who were helped."""
