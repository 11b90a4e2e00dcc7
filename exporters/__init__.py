"""The ways out: push sinks behind core's outbox, the pull view for Prometheus, the page."""
