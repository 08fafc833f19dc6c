"""What is answered offline, one file for each provider's manner. `mock` says which endpoint has which answer."""
