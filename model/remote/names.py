"""Whose a host name is: a remote-control product's, a pirate's, or nobody's that matters here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from model.remote import piracy, products

# What a maker's web site is reached by: a browser went there, which is no sign of the program.
_WEB: Final = frozenset({
    "www", "web", "blog", "community", "account", "accounts", "login", "sso", "signin", "id", "my", "docs", "doc", "help", "support", "kb", "forum",
    "forums", "status", "download", "downloads", "dl", "get", "cdn", "static", "assets", "img", "image", "images", "media", "js", "css", "fonts",
    "analytics", "stats", "shop", "store", "buy", "partner", "partners", "careers", "learn", "academy",
})  # fmt: skip


def _by_name(rows: Iterable[products.Product | piracy.Pirate]) -> dict[str, str]:
    return {name: row.id for row in rows for name in row.names}


_PRODUCTS: Final = _by_name(products.ROWS)
_PIRATES: Final = _by_name(piracy.ROWS)
_PAGES: Final = frozenset(page for row in products.ROWS for page in row.pages)


def product_of(host: str) -> str:
    """The id of the product whose host this is (lower case, with or without the last dot); empty for any other."""
    return _owner(host, _PRODUCTS)


def pirate_of(host: str) -> str:
    """The id of the pirate whose host this is; empty for any other."""
    return _owner(host, _PIRATES)


def is_page(host: str) -> bool:
    """Is it a page for browsers rather than a program's server. For a host of a product."""
    host = host.removesuffix(".")
    return (host in _PRODUCTS and host.count(".") == 1) or host in _PAGES or host.partition(".")[0] in _WEB


def _owner(host: str, owners: dict[str, str]) -> str:
    rest = host.removesuffix(".")
    while rest:
        if found := owners.get(rest):
            return found
        rest = rest.partition(".")[2]
    return ""
