"""Facts that a sensor was made to tell wrongly: whatever a fact's type lets through is folded and judged, and nothing breaks."""

import msgspec

from collector.decode.pipeline import Pipeline
from collector.engine import Engine
from collector.registry import build_all
from collector.vendors import vendor_of
from model.declared import Declared, Zone
from model.facts import AnyFact, SensorHeard
from model.site import SiteView
from model.times import MINUTE
from tests.decode.frames import ETHERNET
from tests.fuzz.checks import AT
from tests.fuzz.fuzz_frame import SEEDS as FRAMES

_DECLARED = Declared(site="xa", legs=("lan",), zones=(Zone(leg="lan", role="staff"),), register=())
_DETECTORS = build_all()
_FACT = msgspec.json.Decoder(AnyFact)
_MOST = 32


def _told() -> list[AnyFact]:
    pipeline = Pipeline("capture:lan", "lan", ETHERNET)
    facts = [SensorHeard(at=AT, sensor="capture:lan", leg="lan", vantage="mirror")]
    for frame in FRAMES:
        facts += pipeline.decode(AT, frame)
    return facts


_TOLD = _told()
SEEDS = tuple(msgspec.json.encode(_TOLD[start : start + 6]) for start in range(0, len(_TOLD), 6))


def fuzz_one(data: bytes) -> None:
    engine = Engine(SiteView(_DECLARED, key=b"k" * 32, now=AT, vendor_of=vendor_of), _DETECTORS, stopwatch=lambda: 0.0)
    for fact in _facts(data):
        engine.take(fact)
    engine.tick(AT + MINUTE)
    for change in engine.standing():
        assert msgspec.json.decode(msgspec.json.encode(change), type=type(change)) == change


def _facts(data: bytes) -> list[AnyFact]:
    try:
        given = msgspec.json.decode(data, type=list[msgspec.Raw])
        return [_FACT.decode(raw) for raw in given[:_MOST]]
    except (ValueError, RecursionError):
        return []
