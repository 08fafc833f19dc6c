"""`/key/...`: virtual keys."""
