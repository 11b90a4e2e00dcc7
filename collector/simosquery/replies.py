"""What osquery makes of a server's answer (osquery/remote/utility.h, serializers/json.cpp): less than one would think."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

# osquery/remote/transports/tls.cpp: redirects are followed, up to ten.
MAX_REDIRECTS = 10


class Reply(NamedTuple):
    """An answer as it came over the wire. `failed`: no answer came at all (refused, reset, timed out, certificate)."""

    status: int = 200
    body: bytes = b""
    failed: str = ""


class Read(NamedTuple):
    """What the client understood. `ok` False: it will do the same again; `invalid`: it lost its node key."""

    ok: bool
    document: dict[str, Any]
    invalid: bool = False


def understood(reply: Reply) -> Read:
    """Behaviours 1 and 6: the HTTP status counts for nothing, an empty body is success, and only a JSON object with `error` or a true `node_invalid` is not."""
    if reply.failed:
        return Read(ok=False, document={})
    if not reply.body:
        return Read(ok=True, document={})
    try:
        document = msgspec.json.decode(reply.body)
    except (msgspec.DecodeError, RecursionError):
        return Read(ok=False, document={})
    if not isinstance(document, dict):
        return Read(ok=False, document={})
    # A string "true" is no boolean: rapidjson's IsBool (osquery/remote/utility.h).
    invalid = document.get("node_invalid") is True
    return Read(ok=not invalid and "error" not in document, document=document, invalid=invalid)
