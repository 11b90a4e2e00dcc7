"""Answers of PCs: rows, to columns that may travel, to typed posture. Nothing else leaves here."""
