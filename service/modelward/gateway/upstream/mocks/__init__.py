"""What is answered offline, by the style of the endpoint."""
