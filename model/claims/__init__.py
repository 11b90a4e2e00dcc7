"""Who claims which address, and how: what is kept, how it is kept, and which claims are lies."""
