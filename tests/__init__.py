"""The proof: `make test` runs all of it."""
