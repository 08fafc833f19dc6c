"""What a request says, read without any I/O."""
