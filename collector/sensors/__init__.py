"""What moves bytes in from the world; nothing here interprets them."""
