"""The planner of probes: what is asked when, signed with core's key, and what came of it."""
