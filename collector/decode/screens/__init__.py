"""Answers of screens to read-only questions (research: network §2): pure readers, bytes in, what the screen told out, None where it told nothing."""
