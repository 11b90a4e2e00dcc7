"""The words all parts speak: facts, the view of a site, verdicts, findings and the protocols between processes.

Pure: no I/O, no clock, no randomness, no third-party package but msgspec (docs/decisions/001).
"""
