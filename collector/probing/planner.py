"""Which probe is sent when: legs that the configuration names, a round each period, every frame signed and every run told to core."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import secrets
from collections.abc import Mapping, Sequence
from itertools import count
from typing import TYPE_CHECKING, Literal, Protocol

import msgspec

from collector.decode.nonce import Shape, payload
from collector.probing import words
from collector.sockets.orders import Done, LegState, NobodyError
from model import nonce
from model.times import HOUR, MINUTE, SECOND
from model.wirefacts import ProbeKind, ProbeOutcome, ProbeRan

if TYPE_CHECKING:
    from collector.clock import Clock
    from model.ports import FactSink
    from model.text import Language, Text

log = logging.getLogger(__name__)

SENSOR = "probe"
ProbeName = Literal["nonce", "routed", "dhcp", "gateway", "line"]
# Addresses asked about on one leg in one round: a leg has a router or two.
MOST_GATEWAYS = 4
RETRY = 5 * MINUTE
_SHAPES: dict[Shape, tuple[ProbeKind, str]] = {"raw": ("nonce_raw", "nonce_raw"), "udp": ("nonce_udp", "nonce_udp"), "routed": ("routed", "nonce_routed")}


class PlannedLeg(msgspec.Struct, frozen=True, kw_only=True):
    """A leg, what may be sent on it, the other legs of its site, and the routers that people declared there."""

    name: str
    probes: frozenset[ProbeName]
    targets: tuple[str, ...] = ()
    routers: tuple[str, ...] = ()


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """`period` of a leg's rounds and the `first` wait, ns; `jitter` in per cent; each nonce is sent `repeats` times, frames are `gap` seconds apart."""

    period: int = 4 * HOUR
    first: int = 90 * SECOND
    jitter: int = 10
    repeats: int = 3
    gap: float = 1.0


class Orders(Protocol):
    """Who has frames sent; `collector.sockets.orders.OrderServer`."""

    async def order(self, leg: str, shape: str, **fields: object) -> Done:
        """Has one frame sent. Raises NobodyError."""

    async def describe(self) -> dict[str, LegState]:
        """The legs' interfaces. Raises NobodyError."""


class Heard(Protocol):
    """What core has heard of routers; `collector.probing.service.Told`."""

    async def routers(self, leg: str) -> Sequence[str]:
        """The addresses that DHCP servers named as the way out of a leg."""

    async def hardware(self, leg: str, ip: str) -> str:
        """Whose hardware address an address of the leg has; empty where that is not known."""


class Planner:
    """Runs the rounds of all legs, one frame at a time."""

    def __init__(
        self,
        *,
        box: str,
        key: bytes,
        legs: Sequence[PlannedLeg],
        orders: Orders,
        sink: FactSink,
        clock: Clock,
        pace: Pace,
        heard: Heard,
        language: Language = "vi",
    ) -> None:
        """`key` is core's secret; `heard` what core knows of routers already."""
        self._box, self._key = box, key
        self._legs = legs
        self._orders = orders
        self._sink = sink
        self._clock = clock
        self._pace = pace
        self._heard = heard
        self._language: Language = language
        self._numbers = count(1)
        # When rounds come is no secret; what they are signed with comes from `secrets`.
        self._dice = random.Random()  # noqa: S311 - jitter only

    async def run(self, stop: asyncio.Event) -> None:
        """Until told to stop."""
        due = {leg.name: self._clock.monotonic() + self._shifted(self._pace.first) for leg in self._legs}
        while self._legs:
            leg = min(self._legs, key=lambda known: due[known.name])
            if await self._stopped(stop, due[leg.name] - self._clock.monotonic()):
                return
            wait = self._pace.period
            try:
                # A program that is being started again should not cost a whole period.
                wait = wait if await self.round(leg, stop) else min(wait, RETRY)
            except Exception:  # boundary: a fault of ours must not end all probes
                log.exception("%s: %s", leg.name, words.FAULT.to(self._language))
            due[leg.name] = self._clock.monotonic() + self._shifted(wait)

    async def round(self, leg: PlannedLeg, stop: asyncio.Event) -> bool:
        """Everything that is asked on one leg, once; False where nobody was there to send it."""
        try:
            states = await self._orders.describe()
        except NobodyError:
            for probe, target in planned(leg):
                self._tell(leg, probe, "failed", target=target, why=words.NOBODY)
            return False
        nonces: tuple[Shape, ...] = (("raw", "udp") if "nonce" in leg.probes else ()) + (("routed",) if "routed" in leg.probes else ())
        for shape in nonces:
            for target in leg.targets:
                await self._nonce(leg, shape, target, states, stop)
            if not leg.targets:
                self._tell(leg, _SHAPES[shape][0], "refused", why=words.ALONE)
        if "dhcp" in leg.probes:
            await self._discover(leg, stop)
        if "gateway" in leg.probes:
            await self._ask_gateways(leg, states.get(leg.name, LegState()), stop)
        return True

    async def _nonce(self, leg: PlannedLeg, shape: Shape, target: str, states: Mapping[str, LegState], stop: asyncio.Event) -> None:
        probe, order = _SHAPES[shape]
        at, name = self._clock.now(), secrets.token_hex(nonce.NONCE_BYTES)
        said = {"box": self._box, "origin": leg.name, "target": target}
        tag = nonce.tag_of(self._key, shape=shape, sent=at, nonce=name, **said)
        fields: dict[str, object] = {"payload": payload(shape=shape, sent=at, nonce=name, tag=tag, **said).hex()}
        if shape == "routed":
            there = states.get(target, LegState()).ip
            if not there:
                self._tell(leg, probe, "no_address", target=target, why=words.no_address(target))
                return
            fields |= {"address": there, "gateway": await self._router(leg, states.get(leg.name, LegState()))}
        done = await self._repeated(leg, order, fields, stop)
        self._told(leg, probe, done, at=at, target=target, nonce=name, client=done.mac)

    async def _repeated(self, leg: PlannedLeg, shape: str, fields: dict[str, object], stop: asyncio.Event) -> Done:
        """The same frame several times: storm control and Wi-Fi lose some. The best of what came of it; what fails at once is not tried again."""
        best = Done("failed")
        for _ in range(self._pace.repeats):
            done = await self._order(leg, shape, fields)
            if done.outcome != "sent":
                return done if best.outcome != "sent" else best
            best = done if done.tapped or best.outcome != "sent" else best
            if await self._stopped(stop, self._pace.gap):
                break
        return best

    async def _discover(self, leg: PlannedLeg, stop: asyncio.Event) -> None:
        at, client = self._clock.now(), self._address()
        done = await self._order(leg, "dhcp_discover", {"client": client, "transaction": secrets.randbits(32)})
        self._told(leg, "dhcp", done, at=at, client=client)
        await self._stopped(stop, self._pace.gap)

    async def _ask_gateways(self, leg: PlannedLeg, state: LegState, stop: asyncio.Event) -> None:
        known = await self._known(leg, state)
        four, six = [ip for ip in known if ":" not in ip], [ip for ip in (*known, state.gateway6) if ":" in ip]
        if four:
            await self._ask(leg, "gateway4", [("arp_who_has", ip) for ip in four], stop)
        else:
            self._tell(leg, "gateway4", "no_address", why=words.NO_GATEWAY)
        await self._ask(leg, "gateway6", [("router_solicit", ""), *(("nd_solicit", ip) for ip in six)], stop)

    async def _known(self, leg: PlannedLeg, state: LegState) -> list[str]:
        """The leg's routers: declared, the kernel's, and those that servers named."""
        return list(dict.fromkeys(filter(None, (*leg.routers, state.gateway, *await self._heard.routers(leg.name)))))[:MOST_GATEWAYS]

    async def _router(self, leg: PlannedLeg, state: LegState) -> str:
        """The hardware address of the leg's router, empty to leave it to what the kernel knows."""
        for ip in await self._known(leg, state):
            if mac := await self._heard.hardware(leg.name, ip):
                return mac
        return ""

    async def _ask(self, leg: PlannedLeg, probe: ProbeKind, questions: Sequence[tuple[str, str]], stop: asyncio.Event) -> None:
        at, done, client = self._clock.now(), Done("failed"), ""
        for shape, ip in questions:
            # From another address each time: whoever answers for somebody else cannot know whom to spare.
            client = self._address()
            done = await self._order(leg, shape, {"client": client, "address": ip} if ip else {"client": client})
            if done.outcome != "sent" or await self._stopped(stop, self._pace.gap):
                break
        self._told(leg, probe, done, at=at, client=client)

    async def _order(self, leg: PlannedLeg, shape: str, fields: dict[str, object]) -> Done:
        try:
            return await self._orders.order(leg.name, shape, **fields)
        except NobodyError:
            return Done("failed", why="nobody")

    def _told(self, leg: PlannedLeg, probe: ProbeKind, done: Done, *, at: int, target: str = "", nonce: str = "", client: str = "") -> None:
        why = None if done.outcome == "sent" else words.why(done.why, done.interface)
        self._tell(leg, probe, done.outcome, at=at, target=target, nonce=nonce, client=client, why=why, tapped=done.tapped)

    def _tell(
        self, leg: PlannedLeg, probe: ProbeKind, outcome: ProbeOutcome, *, at: int = 0, target: str = "", nonce: str = "", client: str = "",
        why: Text | None = None, tapped: bool = False,
    ) -> None:  # fmt: skip
        """One run, also one that could not be made, as a fact."""
        if why is not None:
            log.info("%s %s: %s", leg.name, probe, why.to(self._language))
        fact = ProbeRan(
            at=at or self._clock.now(), sensor=SENSOR, sequence=next(self._numbers), leg=leg.name, probe=probe, outcome=outcome, target=target,
            nonce=nonce, client=client, detail=why.vi if why else "", tapped=tapped,
        )  # fmt: skip
        self._sink.put([fact])

    def _address(self) -> str:
        return nonce.address(self._key, secrets.token_bytes(nonce.SALT_BYTES))

    def _shifted(self, length: int) -> float:
        """Seconds, shifted at random so that boxes of one province do not ask at once."""
        return length / SECOND * (1 + self._dice.uniform(-self._pace.jitter, self._pace.jitter) / 100)

    @staticmethod
    async def _stopped(stop: asyncio.Event, seconds: float) -> bool:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), max(0.0, seconds))
        return stop.is_set()


def planned(leg: PlannedLeg) -> list[tuple[ProbeKind, str]]:
    """Every run of a leg's round: the kind of probe, and the leg it goes to."""
    kinds: dict[ProbeName, tuple[ProbeKind, ...]] = {"nonce": ("nonce_raw", "nonce_udp"), "routed": ("routed",)}
    sent = [(kind, target) for name, each in kinds.items() if name in leg.probes for kind in each for target in leg.targets or ("",)]
    asked: dict[ProbeName, tuple[ProbeKind, ...]] = {"dhcp": ("dhcp",), "gateway": ("gateway4", "gateway6")}
    return sent + [(kind, "") for name, each in asked.items() if name in leg.probes for kind in each]
