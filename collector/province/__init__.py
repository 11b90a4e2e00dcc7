"""The province's service: reads what boxes signed and appended, keeps what stands, judges who is silent, and tells people once."""
