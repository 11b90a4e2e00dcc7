"""Hostile catalogues of questions: their TOML, and signed ones that a province's stolen key would vouch for."""

import contextlib
import json

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from collector.catalogue import load, signing
from collector.catalogue.rendering import render
from collector.catalogue.shapes import CatalogueError, Province
from collector.catalogue.source import parsed

_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
_TOML = b"""[[query]]
topic = "bluetooth"
hours = 24
columns = ["looked"]
title = { vi = "x", en = "x" }
why = { vi = "x", en = "x" }
fix = { vi = "x", en = "x" }
read = { vi = "x", en = "x" }
unread = { vi = "x", en = "x" }
sql = "SELECT 1 AS looked"
"""
_WHOLE = render(load(), Province(code="79", government=("tanan.gov.vn",)))
_SMALL = msgspec.structs.replace(_WHOLE, queries=_WHOLE.queries[:1], tables=_WHOLE.tables[:1])
SEEDS = (_TOML, msgspec.json.encode(_SMALL, order="sorted"), b'{"signature":"00","catalogue":"{}"}')


def fuzz_one(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    assert _read(text) == _read(text), "the same text gave something else"
    signature = _KEY.sign(b"vonggac endpoints catalogue 1\n" + text.encode()).hex()
    for file in (data, json.dumps({"signature": signature, "catalogue": text}).encode()):
        with contextlib.suppress(CatalogueError):
            opened = signing.opened(file, (_KEY.public_key(),), "2026.1.1.1")
            assert opened.version


def _read(text: str) -> object:
    try:
        return parsed(text, "queries.toml")
    except CatalogueError as error:
        return str(error)
