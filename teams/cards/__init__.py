"""Member cards, and the public page that confirms them."""
