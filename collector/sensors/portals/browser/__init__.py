"""Renders a page in Debian's Chromium, which can reach nothing but our own proxy."""
