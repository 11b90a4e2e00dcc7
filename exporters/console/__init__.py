"""The page: one server-rendered web application over the journal (design: docs/page.md)."""

from exporters.console.app import make_app

__all__ = ["make_app"]
