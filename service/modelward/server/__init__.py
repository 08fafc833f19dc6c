"""HTTP and WebSockets, read strictly."""
