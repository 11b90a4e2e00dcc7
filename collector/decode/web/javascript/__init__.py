"""Scripts read without running them: constants are folded, and what would send a visitor on, write markup or load a script is told."""
