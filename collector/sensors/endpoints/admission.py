"""Who may speak: the certificate names the PC, the node key belongs to it alone, and what was revoked stays out."""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Collection, Iterable
from typing import Any, Final

from collector.catalogue.shapes import PLATFORM_TYPES
from collector.clock import Clock
from collector.sensors.endpoints.inbox import Inbox
from collector.sensors.endpoints.store import MAX_KEYS, Node
from collector.sensors.endpoints.tls import Identity, identity_of
from model.declared import Revoked
from model.posture.figures import Refusal
from model.text import Text
from model.times import DAY

log = logging.getLogger(__name__)

# Enrolments of one certificate: a few at once (an agent that was reinstalled), then one in so many seconds.
_AT_ONCE, _REFILL = 5, 60.0
# For how long the heartbeat tells of a key that was used with another PC's certificate.
_TOLD: Final = DAY
_SCHEME: Final = "NodeKey "


class RefusedError(Exception):
    """A request that is answered with an error. `again`: the agent is to enrol anew, which is said only of keys truly unknown or revoked."""

    def __init__(self, reason: Refusal, status: int, words: str, *, again: bool = False) -> None:
        super().__init__(words)
        self.reason, self.status, self.words, self.again = reason, status, words, again


class Admission:
    """Knows the PCs that are enrolled. `revoked`: the certificates that people declared revoked; the box's own list is asked besides."""

    def __init__(self, inbox: Inbox, nodes: Iterable[Node], clock: Clock, *, sites: Collection[str], revoked: Iterable[Revoked] = ()) -> None:
        self._inbox, self._clock = inbox, clock
        self._sites, self._revoked = frozenset(sites), tuple(revoked)
        self._nodes: dict[bytes, Node] = {}
        self._keys: dict[str, list[bytes]] = {}
        self._tokens: dict[str, tuple[float, float]] = {}
        self._alarm: tuple[int, Text] | None = None
        for node in nodes:
            self._know(node)

    def __len__(self) -> int:
        """PCs that are enrolled."""
        return len(self._keys)

    @property
    def alarm(self) -> Text | None:
        """What somebody should look into: a key in the wrong hands, for a day after it was seen."""
        if self._alarm is None or self._clock.now() - self._alarm[0] > _TOLD:
            return None
        return self._alarm[1]

    def identify(self, peer: dict[str, Any] | None) -> Identity:
        """The PC at the other end. Raises RefusedError, InboxError."""
        identity = identity_of(peer)
        if identity is None or identity.site not in self._sites:
            raise RefusedError("foreign", 403, "this certificate is no PC's of this box")
        if identity.until < self._clock.now():
            # A connection may outlive the certificate it was opened with.
            raise RefusedError("expired", 403, "this certificate expired")
        if self._declared_revoked(identity) or self._inbox.revoked(identity.pc, identity.serial, identity.since):
            raise RefusedError("revoked", 403, "this certificate was revoked", again=True)
        return identity

    def known(self, identity: Identity, key: str, header: str) -> Node:
        """The enrolled agent that a node key belongs to. Raises RefusedError."""
        if header.startswith(_SCHEME) and header.removeprefix(_SCHEME).strip() != key:
            raise RefusedError("key_differs", 401, "two node keys in one request")
        node = self._nodes.get(_hash(key))
        if node is None:
            raise RefusedError("key_unknown", 401, "this node key is not known", again=True)
        if (node.pc, node.site) != (identity.pc, identity.site):
            self._alert(node, identity)
            raise RefusedError("key_stolen", 403, "this node key belongs to another PC")
        return node

    async def enrol(self, identity: Identity, platform_type: str, version: str) -> str:
        """A new node key for the PC, durable. Raises RefusedError, InboxError."""
        self._spend(identity)
        key = secrets.token_hex(20)
        platform = PLATFORM_TYPES.get(platform_type, "")
        node = Node(_hash(key), identity.pc, identity.site, platform, version, self._clock.now())
        await self._inbox.enrol(node)
        self._know(node)
        return key

    def _declared_revoked(self, identity: Identity) -> bool:
        """By its own number, or with all that the PC was given until that day."""
        now = self._clock.now()
        return any(
            each.day <= now and (each.serial == identity.serial if each.serial else each.id == identity.pc and identity.since <= each.day)
            for each in self._revoked
        )

    def _know(self, node: Node) -> None:
        self._nodes[node.key] = node
        keys = self._keys.setdefault(node.pc, [])
        keys.append(node.key)
        while len(keys) > MAX_KEYS:
            del self._nodes[keys.pop(0)]

    def _spend(self, identity: Identity) -> None:
        """One enrolment of this certificate's allowance, which fills again with time. Raises RefusedError."""
        now = self._clock.monotonic()
        left, at = self._tokens.get(identity.serial, (float(_AT_ONCE), now))
        left = min(float(_AT_ONCE), left + (now - at) / _REFILL)
        self._tokens[identity.serial] = (max(0.0, left - 1), now) if left >= 1 else (left, now)
        if left < 1:
            raise RefusedError("enrolments", 429, "this certificate enrolled too often")

    def _alert(self, node: Node, identity: Identity) -> None:
        told = Text(
            f"khóa của máy {node.pc} được dùng với chứng chỉ của máy {identity.pc}: hãy xem hai máy này, có thể một máy đã bị sao chép",
            f"the node key of {node.pc} was used with the certificate of {identity.pc}: look at both, one may be a copy of the other",
        )
        if self.alarm != told:
            log.warning("%s", told.vi)
        self._alarm = self._clock.now(), told


def _hash(key: str) -> bytes:
    """What stands for a node key; of a random key a plain hash gives nothing away."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
