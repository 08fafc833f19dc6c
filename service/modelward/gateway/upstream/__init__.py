"""The way out to providers, and their answers."""
