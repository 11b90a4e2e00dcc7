"""The server as a configuration composes it, with the shipped catalogue rendered and signed; and the same as a child process that a test may kill."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from collector.catalogue.rendering import render
from collector.catalogue.shapes import Province
from collector.catalogue.signing import sign
from collector.catalogue.source import load as shipped
from collector.clock import SystemClock
from collector.config import load
from collector.endpoints import endpoints_of
from collector.sites import sites_of
from collector.sockets import SocketFactSink, path_of
from tests.endpoints.certificates import Authority

_KEY = Ed25519PrivateKey.generate()
_TABLE = """
[endpoints]
enabled = true
host = "127.0.0.1"
port = {port}
certificate_file = "{certificate}"
key_file = "{key}"
ca_file = "{authority}"
catalogue_file = "catalogue.json"
catalogue_keys = ["province.pem"]
"""


def signed(edition: int = 1, key: Ed25519PrivateKey = _KEY, topics: Collection[str] = ()) -> bytes:
    """The shipped catalogue for a province; with `topics` these alone, for a start costs a tenth then."""
    catalogue = shipped()
    if topics:
        catalogue = msgspec.structs.replace(catalogue, queries=tuple(query for query in catalogue.queries if query.topic in topics))
    return sign(render(catalogue, Province(code="25", government=("dichvucong.gov.vn",), edition=edition)), key)


def written(folder: Path, port: int = 0, topics: Collection[str] = ()) -> tuple[Path, Authority]:
    """A box's folder that serves PCs: its configuration, and the authority that made its certificate."""
    authority = Authority(folder)
    own = authority.box()
    (folder / "catalogue.json").write_bytes(signed(topics=topics))
    (folder / "province.pem").write_bytes(_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    (folder / "declared").mkdir(exist_ok=True)
    (folder / "declared" / "site.toml").write_text('site = "xa"\n')
    config = folder / "config.toml"
    table = _TABLE.format(port=port, certificate=own.certificate.name, key=own.key.name, authority=authority.path.name)
    config.write_text("[web]\nport = 0\n" + table)
    return config, authority


def serve(path: Path) -> None:
    """Serves until it is killed, as `vonggac endpoints serve` does."""

    async def run() -> None:
        config = load(path)
        sink = SocketFactSink(path_of(config.sockets.dir, "facts"))
        with endpoints_of(config, tuple(sites_of(config).values()), sink, SystemClock()) as server:
            await server.run(asyncio.Event())

    asyncio.run(run())
