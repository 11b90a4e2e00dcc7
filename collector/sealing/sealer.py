"""Seals what was pushed to screens: a worker of its own, so that capture never waits for cryptography or the disk."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from collector.sealing.envelope import Contents, Header, Pushed, seal
from collector.sealing.pcapfile import pcap
from collector.sealing.ring import MOST_BYTES
from model.takeover import LISTING
from model.text import Language, Text
from model.times import DAY, HOUR, MINUTE, SECOND

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

    from collector.clock import Clock
    from collector.sealing.ring import Frame, Ring
    from collector.sealing.store import Store
    from model.wirefacts import ScreenPushed

log = logging.getLogger(__name__)

RULE = "VG-NET-03"
# Files begun a minute: somebody who invents senders must not push the true one off the disk within the night.
MOST_A_MINUTE = 32
# Pushes told word for word in one file.
MOST_PUSHES = 64
# What comes after the first push (its answer, Play) is put into the file at most so often, seconds.
_PAUSE = 1.0
# How often it is looked for files past their end, seconds.
_SWEEP = 600.0
_JOIN_SECONDS = 10.0
_TOO_MANY = Text(
    "quá nhiều thiết bị gửi lên màn hình trong một phút: không niêm phong thêm",
    "too many senders to screens within a minute: no more is sealed",
)


@dataclass
class _Case:
    """One file: a sender, a screen, a minute."""

    header: Header
    first: ScreenPushed
    link: int
    ring: Ring
    frames: list[Frame]
    pushes: list[Pushed] = field(default_factory=list)


class Sealer:
    """Between `start` and `stop` a thread. `take` names the file a push goes into and returns at once."""

    def __init__(
        self,
        store: Store,
        reader: X25519PublicKey,
        clock: Clock,
        *,
        box: str,
        keep: int,
        approved: Callable[[ScreenPushed], bool] = lambda _: False,
        language: Language = "vi",
    ) -> None:
        """`reader` is the SOC's public key, `keep` for how many ns a file may be read, `approved` what somebody allowed beforehand: that is not sealed."""
        self._store, self._reader, self._clock = store, reader, clock
        self._box, self._keep, self._approved, self._language = box, keep, approved, language
        self._cases: dict[tuple[object, ...], _Case] = {}
        self._waiting: dict[str, _Case] = {}
        self._begun: tuple[int, int] = (0, 0)
        self._news = threading.Condition()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sealing", daemon=True)
        self._trouble = ""

    def start(self) -> None:
        """Begins to write."""
        self._thread.start()

    def stop(self) -> None:
        """Writes what waits, then ends. Safe to call twice."""
        self._stopping.set()
        with self._news:
            self._news.notify()
        if self._thread.ident is not None:
            self._thread.join(_JOIN_SECONDS)

    def take(self, fact: ScreenPushed, ring: Ring, link: int) -> str:
        """The id of the file that holds this push; empty: none does. `link` as libpcap numbers it."""
        if fact.kind == "stop" or self._approved(fact):
            return ""
        with self._news:
            case = self._case(fact, ring, link)
            if case is None:
                return ""
            if len(case.pushes) < MOST_PUSHES:
                case.pushes.append(_pushed(fact))
            self._waiting[case.header.id] = case
            self._news.notify()
        return case.header.id

    def _case(self, fact: ScreenPushed, ring: Ring, link: int) -> _Case | None:
        listing = fact.family in LISTING and fact.kind == "session"
        # Phones connect to such receivers again and again only to list them; mostly nothing comes of it, so that little is kept, and not for long.
        span, keep = (HOUR, min(DAY, self._keep)) if listing else (MINUTE, self._keep)
        key = (fact.leg, fact.vlan, fact.screen_mac, fact.screen_ip, fact.mac, fact.ip, span, fact.at // span)
        if key not in self._cases:
            if not self._has_room(fact.at):
                return None
            self._forget(fact.at)
            header = Header(id=_name(fact.at), box=self._box, leg=fact.leg, rule=RULE, at=fact.at, until=fact.at + keep, reader="")
            self._cases[key] = _Case(header, fact, link, ring, ring.between(fact))
        return self._cases[key]

    def _has_room(self, at: int) -> bool:
        minute, begun = self._begun
        begun = begun if minute == at // MINUTE else 0
        if begun >= MOST_A_MINUTE:
            self._told(_TOO_MANY)
            return False
        self._begun = (at // MINUTE, begun + 1)
        return True

    def _forget(self, at: int) -> None:
        """What nothing more is written into; also what the clock was set back behind."""
        self._cases = {key: case for key, case in self._cases.items() if abs(at - case.header.at) <= (MINUTE if key[-2] == MINUTE else HOUR)}

    def _run(self) -> None:
        while not self._stopping.is_set():
            with self._news:
                self._news.wait_for(lambda: bool(self._waiting) or self._stopping.is_set(), _SWEEP)
            self._round()
            self._stopping.wait(_PAUSE)
        self._round()

    def _round(self) -> None:
        with self._news:
            cases, self._waiting = list(self._waiting.values()), {}
            pushes = [tuple(case.pushes) for case in cases]
        try:
            self._store.sweep(self._clock.now())
            for case, told in zip(cases, pushes, strict=True):
                self._write(case, told)
        except OSError as error:
            self._told(Text(f"không ghi được chứng cứ niêm phong: {error.strerror}", f"sealed evidence cannot be written: {error.strerror}"))

    def _write(self, case: _Case, pushes: tuple[Pushed, ...]) -> None:
        case.frames = _joined(case.frames, case.ring.between(case.first))
        fact = case.first
        contents = Contents(
            sender_mac=fact.mac,
            sender_ip=fact.ip,
            screen_mac=fact.screen_mac,
            screen_ip=fact.screen_ip,
            vlan=fact.vlan,
            pushes=pushes,
            pcap=pcap(case.link, case.frames),
        )
        self._store.put(case.header.id, case.header.until, seal(case.header, contents, self._reader))

    def _told(self, text: Text) -> None:
        """A trouble is logged when it is new."""
        said = text.to(self._language)
        if said != self._trouble:
            self._trouble = said
            log.warning("%s", said)


def _pushed(fact: ScreenPushed) -> Pushed:
    return Pushed(at=fact.at, family=fact.family, kind=fact.kind, action=fact.action, url=fact.url, agent=fact.agent, port=fact.port, accepted=fact.accepted)


def _joined(first: list[Frame], further: list[Frame]) -> list[Frame]:
    """Both, once each, in the order of their times; no more than a ring holds, the first ones rather than the last."""
    kept, size = [], 0
    for frame in sorted(dict.fromkeys([*first, *further]), key=lambda frame: frame.at):
        size += len(frame.data)
        if size > MOST_BYTES:
            break
        kept.append(frame)
    return kept


def _name(at: int) -> str:
    """The id of a new file: when, and a number nobody can guess, so that files of two boxes do not meet at the SOC."""
    return datetime.fromtimestamp(at // SECOND, UTC).strftime("%Y%m%dT%H%M%SZ-") + secrets.token_hex(6)
