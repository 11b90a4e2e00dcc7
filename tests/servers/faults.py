"""What can go wrong between a sink and its server, as values a test hands to the fault proxy.

Bodies and headers of the canned answers are those that Elasticsearch 9.5.0 and 8.19.8 gave when
asked for the same refusal: see docs/test-servers.md.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Reset:
    """The server handles the request; its answer is cut by a TCP reset after so many body bytes."""

    after_bytes: int = 0


@dataclass(frozen=True)
class HalfBody:
    """The server handles the request; half of its answer arrives, then the connection closes in order."""


@dataclass(frozen=True)
class Drip:
    """The server handles the request; its answer arrives whole, but a few bytes at a time."""

    bytes_at_once: int = 16
    pause_seconds: float = 0.05


@dataclass(frozen=True)
class Hang:
    """The request is swallowed and nothing is ever answered; the client has to give up by itself."""


@dataclass(frozen=True)
class Answer:
    """The server never sees the request; this is answered in its place."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class RefuseItems:
    """The chosen items of a `_bulk` (0 is the first) fail inside a 200; the server stores the others."""

    positions: Collection[int]
    status: int = 429
    kind: str = "es_rejected_execution_exception"
    reason: str = "rejected execution of coordinating operation"

    def result(self) -> dict[str, Any]:
        """What stands in the item's place in the answer, without its names."""
        return {"status": self.status, "error": {"type": self.kind, "reason": self.reason}}


Fault = Reset | HalfBody | Drip | Hang | Answer | RefuseItems


def too_many_requests(retry_after: int | None = None) -> Answer:
    """429 for the whole request, with Retry-After in seconds where given."""
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return _error(429, "es_rejected_execution_exception", "rejected execution of coordinating operation", headers)


def too_large() -> Answer:
    """413 as Elasticsearch gives it: without a body."""
    return Answer(413)


def cluster_blocked() -> Answer:
    """403 of a cluster set read-only: the server is full or in maintenance, nothing is wrong with the data."""
    return _error(403, "cluster_block_exception", "blocked by: [FORBIDDEN/6/cluster read-only (api)];")


def flood_stage() -> RefuseItems:
    """A server whose disk is full: every item of the bulk is refused, as 429 inside a 200."""
    reason = "index [x] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark, index has read-only-allow-delete block];"
    return RefuseItems(range(1_000_000), 429, "cluster_block_exception", reason)


def unauthorized() -> Answer:
    """401 of a wrong password or a revoked key."""
    reason = "unable to authenticate user [edge] for REST request [/_bulk]"
    return _error(401, "security_exception", reason, {"WWW-Authenticate": 'Basic realm="security", charset="UTF-8"'})


def unavailable() -> Answer:
    """503 of a load balancer whose servers are all gone."""
    return Answer(503, {"Content-Type": "text/html"}, b"<html><body><h1>503 Service Unavailable</h1></body></html>")


def captive_portal() -> Answer:
    """200 and a page to log in on: success to whoever looks at the status alone."""
    page = "<!DOCTYPE html><html><title>Wi-Fi</title><body><form>Mời đăng nhập</form></body></html>"
    return Answer(200, {"Content-Type": "text/html; charset=utf-8"}, page.encode())


def _error(status: int, kind: str, reason: str, headers: Mapping[str, str] | None = None) -> Answer:
    cause = {"type": kind, "reason": reason}
    body = {"error": {"root_cause": [cause], **cause}, "status": status}
    return Answer(status, {"Content-Type": "application/json", **(headers or {})}, json.dumps(body).encode())
