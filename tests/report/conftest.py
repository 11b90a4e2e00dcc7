"""The page on loopback, as its own tests have it."""

from tests.console.conftest import serve

__all__ = ["serve"]
