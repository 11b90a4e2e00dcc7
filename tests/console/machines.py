"""A centre's PCs: the real questions on simulated PCs, folded and judged by the real rules, so that the page shows what a box would."""

from __future__ import annotations

import functools
import hashlib
import itertools
from collections.abc import Callable, Mapping

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from collector.catalogue import Province, Signed, load, opened, render, sign
from collector.decode.posture.answers import answers
from collector.decode.posture.envelope import Context, Envelope, Result
from collector.engine import Engine
from collector.registry import build_all
from collector.simosquery.tables import pc
from collector.simosquery.world import World
from model.declared import Declared, Enrolled, ExpectedSensor
from model.endpointfacts import PcHeard
from model.facts import SensorHeard
from model.ledger import Change
from model.posture.rows import PcRow
from model.rows import Asset
from model.site import SiteView
from model.times import DAY, HOUR, MINUTE, SECOND
from model.verdict import Verdict
from tests.console.commune import ABOUTS, NOW, Journal, sensor

RULES = [rule for rule in build_all() if rule.about.id.startswith("VG-END") or rule.about.id == "VG-COV-01"]
PC_ABOUTS = (*(about for about in ABOUTS if about.id != "VG-COV-01"), *(rule.about for rule in RULES))
GOOD, BAD, AGED, NEVER, QUIET = "xa-a-may-001", "xa-a-may-002", "xa-a-may-003", "xa-a-may-004", "xa-a-may-005"
# What each PC has, and how long ago it answered.
WORLDS: Mapping[str, tuple[tuple[str, ...], int]] = {
    GOOD: ((), 20 * MINUTE),
    BAD: (("no_antivirus", "saved_passwords", "no_firewall", "ultraviewer"), 2 * HOUR),
    AGED: (("unpatched",), 10 * DAY),
    QUIET: ((), 20 * DAY),
}
DECLARED = Declared(
    site="xa-a",
    name="Trung tâm phục vụ hành chính công xã A",
    usb=(),
    sensors=(ExpectedSensor(sensor="endpoints", leg="endpoints", heartbeat=HOUR, since=NOW - 20 * DAY),),
    holidays=(),
    enrolled=(
        Enrolled(id=GOOD, name="Quầy 1", use="counter", owner="Nguyễn Văn Bình"),
        Enrolled(id=BAD, name="Quầy 2", use="counter", owner="Trần Thị Hoa"),
        Enrolled(id=AGED, name="Văn thư", owner="Lê Thị Lan"),
        Enrolled(id=NEVER, name="Phòng họp", since=NOW - 30 * DAY),
        Enrolled(id=QUIET, name="Kế toán"),
    ),
)


@functools.cache
def catalogue() -> Signed:
    """A province's signed catalogue."""
    key = Ed25519PrivateKey.generate()
    return opened(sign(render(load(), Province(code="37", government=("dichvucong.gov.vn",))), key), [key.public_key()])


@functools.cache
def told(number: int, faults: tuple[str, ...]) -> Mapping[str, Result]:
    """What the n-th PC with these faults answers to every question."""
    world = World(pc(number, (NOW - HOUR) // SECOND, *faults), catalogue().tables)
    return {topic: Result(rows=world.run(query.sql)) for topic, query in catalogue().asked["windows"].items()}


def engine_of(declared: Declared = DECLARED) -> Engine:
    """The centre as core knows it: one PC is well, one is bad, one was read by stick, one never reported, one fell silent."""
    view = SiteView(declared, key=b"k" * 32, now=NOW - 20 * DAY)
    engine = Engine(view, RULES)
    numbers = itertools.count(1)
    for hour in range(20 * 24, -1, -1):
        engine.take(SensorHeard(at=NOW - hour * HOUR, sensor="endpoints", sequence=next(numbers), leg="endpoints", state="running"))
    for name, (faults, ago) in sorted(WORLDS.items(), key=lambda each: -each[1][1]):
        at = NOW - ago
        source = "portable" if name == AGED else "osquery"
        said = answers(Envelope(collected_at=at, results=told(int(name[-1]), faults)), catalogue().columns, Context(name, "xa-a", at, source, _mark(name)))
        # A week of work, or nobody could say who works as administrator.
        week = [(at - day * DAY, fact) for day in range(8, 0, -1) for fact in said.facts if fact.topic == "working"]
        for answered, fact in (*week, *((at, fact) for fact in said.facts)):
            engine.take(msgspec.structs.replace(fact, at=answered, answered=answered, sensor="endpoints", sequence=next(numbers)))
        engine.take(PcHeard(at=at, sensor="endpoints", sequence=next(numbers), pc=name, site="xa-a", version="5.23.0", skew=90 * SECOND))
    engine.tick(NOW)
    return engine


def _mark(name: str) -> Callable[[str], str]:
    # By the PC's name: with one number of a board they would be copies of each other.
    return lambda text: hashlib.blake2s(f"{name}|{text}".encode(), digest_size=8).hexdigest()


@functools.cache
def _centre() -> bytes:
    engine = engine_of()
    news = engine.taken_news()
    parts = [list(engine.view.assets.values()), engine.standing(), list(news.verdicts.values()), list(engine.view.posture.pc.values())]
    return msgspec.msgpack.encode(parts)


def centre() -> Journal:
    """What the journal of that centre holds; each time its own copy."""
    assets, changes, judged, machines = msgspec.msgpack.decode(_centre(), type=tuple[list[Asset], list[Change], list[Verdict], list[PcRow]])
    return Journal(devices=assets, changes=changes, judged=judged, machines=machines, others=[sensor()])
