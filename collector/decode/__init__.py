"""Bytes to facts, purely: every decoder returns facts, nothing, or `DecodeError`; none reads a clock, keeps state or does I/O."""
