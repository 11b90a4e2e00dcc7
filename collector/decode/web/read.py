"""One answer of a web server into a `Reading`."""

from __future__ import annotations

from collector.decode.web.ways import Reading


def read_page(markup: str, url: str) -> Reading:
    """A page of markup as a browser at `url` would take it (`url` may be empty: then no host is its own). Never raises."""
    del markup, url
    return Reading()


def read_script(source: str, url: str) -> Reading:
    """A script by itself, as if a page at `url` ran it. Never raises."""
    del source, url
    return Reading()


def read_text(text: str) -> Reading:
    """Plain text: only what it says counts. Never raises."""
    del text
    return Reading()
