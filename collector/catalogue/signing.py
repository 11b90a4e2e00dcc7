"""A catalogue as it travels: signed by the province with Ed25519, and opened by a box only when signature, digests, lint and version are right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from collector.catalogue.lint import troubles
from collector.catalogue.shapes import PLATFORMS, CatalogueError, Platform, Query, Rendered, Signed

# What a signature is for stands in what is signed: one made over another kind of file says nothing here.
_PURPOSE: Final = b"vonggac endpoints catalogue 1\n"
_MAX_BYTES: Final = 2 << 20
_VERSION: Final = re.compile(r"\d{1,6}(\.\d{1,6}){1,5}")


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file: `catalogue` is a Rendered as JSON, `signature` in hex over its bytes."""

    signature: str
    catalogue: str


def sign(rendered: Rendered, private_key: Ed25519PrivateKey) -> bytes:
    """The file that boxes get: the same catalogue and key give the same bytes."""
    text = msgspec.json.encode(rendered, order="sorted")
    return msgspec.json.format(msgspec.json.encode(_File(private_key.sign(_PURPOSE + text).hex(), text.decode())), indent=1)


def opened(data: bytes, public_keys: Sequence[Ed25519PublicKey], known: str = "") -> Signed:
    """The catalogue in `data`. `known`: the version that the box has, an older one is refused. Raises CatalogueError."""
    if len(data) > _MAX_BYTES:
        raise CatalogueError(f"a catalogue is smaller than {_MAX_BYTES} bytes")
    try:
        file = msgspec.json.decode(data, type=_File)
        text, signature = file.catalogue.encode(), bytes.fromhex(file.signature)
    except (ValueError, RecursionError) as error:
        raise CatalogueError(f"this is no signed catalogue: {error}") from None
    if not any(_signed(key, signature, text) for key in public_keys):
        raise CatalogueError("the catalogue is not signed with a key that this box trusts, or was changed since")
    try:
        rendered = msgspec.json.decode(text, type=Rendered)
    except (ValueError, RecursionError) as error:
        raise CatalogueError(f"the signed catalogue cannot be read: {error}") from None
    return _checked(rendered, known)


def _checked(rendered: Rendered, known: str) -> Signed:
    if _order(rendered.version) < _order(known or "0.0"):
        raise CatalogueError(f"catalogue {rendered.version} is older than {known}, which this box has: an old one would bring back what was mended")
    found = troubles(rendered)
    if found:
        raise CatalogueError(f"the signed catalogue asks what must not be asked: {'; '.join(found[:5])}")
    asked: dict[Platform, dict[str, Query]] = {platform: {q.topic: q for q in rendered.queries if platform in q.platforms} for platform in PLATFORMS}
    return Signed(version=rendered.version, province=rendered.province, asked=asked, tables=rendered.tables)


def _signed(key: Ed25519PublicKey, signature: bytes, text: bytes) -> bool:
    try:
        key.verify(signature, _PURPOSE + text)
    except InvalidSignature:
        return False
    return True


def _order(version: str) -> tuple[int, ...]:
    if not _VERSION.fullmatch(version):
        raise CatalogueError(f"{version!r} is no version of a catalogue")
    return tuple(int(part) for part in version.split("."))
