"""A faithful simulated osquery client, for tests and load: what osquery 5.23 does and does not do, each behaviour with its source (endpoint.md §1)."""
