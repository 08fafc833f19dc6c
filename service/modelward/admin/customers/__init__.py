"""`/customer/...`: customers."""
