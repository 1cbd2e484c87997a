"""Bearer tokens, with which programs use the API in somebody's name."""
