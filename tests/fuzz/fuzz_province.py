"""Hostile documents in the province's store, from a box whose key was stolen: what a hit of the engine holds, checked, and taken in where it holds."""

import json

import msgspec

from collector.province.memory import Memory
from collector.province.taking import take
from exporters.elastic import reading
from model.fleet.confirmed import GONE
from model.fleet.declared import FleetBox, FleetDeclared, FleetSite
from model.fleet.folding import Storming
from model.fleet.signed import FIRST_EPOCH, key_id
from model.fleet.silence import Watch
from model.fleet.verify import Arrived, Genuine, Refusal, checked
from model.ports import Health, Observed, Told
from tests.exporters import samples
from tests.fuzz.checks import AT

_KEY = bytes(range(32))
_DECLARED = FleetDeclared(province="79", sites={"xa": FleetSite(site="xa", name="X")}, boxes=(FleetBox(box="hop-01", site="xa", key=_KEY),))
_STREAMS = ("finding", "posture", "health", "observation")


def _hit(payload: bytes, stream: str = "finding", **over: object) -> bytes:
    sealed = {"payload": payload.decode(), "signature": "AAAA", "key": key_id(_KEY)}
    own = {"signed": sealed, "epoch": FIRST_EPOCH + 1, "sequence": 1, "box": "hop-01", "site": {"id": "xa"}} | over
    return msgspec.json.encode({"stream": stream, "hit": {"_id": "row-1", "_source": {"vonggac": own}}})


_CHANGE = samples.change(site="xa")
_HEALTH = Health(site="xa", at=AT, box="hop-01", queued=1, oldest_at=AT)
_POSTURE = msgspec.structs.replace(samples.posture(1).document, site="xa")
_SEEN = Observed(site="xa", at=AT, kind="asset", id="a1", row="{}")
SEEDS = (
    b"\0" + msgspec.json.encode(Told(change=_CHANGE)),
    b"\0" + msgspec.json.encode(_HEALTH),
    b"\0" + msgspec.json.encode(_POSTURE),
    b"\0" + msgspec.json.encode(_SEEN),
    b"\1" + _hit(msgspec.json.encode(Told(change=_CHANGE))),
    b"\1" + _hit(msgspec.json.encode(_HEALTH), "health", epoch=2**40),
)


def fuzz_one(data: bytes) -> None:
    """The first byte says whether the rest is the payload of a well-formed hit, or a hit."""
    payload = data[1:].decode("utf-8", "replace").encode()
    for stream in _STREAMS:
        arrived = _arrived(data[1:] if data[:1] == b"\1" else _hit(payload, stream), stream)
        if arrived is None:
            return
        found = checked(arrived, _DECLARED, lambda key, message, signature: True, AT)
        if isinstance(found, Refusal):
            continue
        assert isinstance(found, Genuine)
        assert found.site in _DECLARED.sites
        memory = Memory(Storming())
        taken = [take(memory, [found], _DECLARED, Watch(), AT) for _ in range(2)]
        # Of what its box has not said for a month nothing is kept.
        assert taken[0].states or found.at < AT - GONE
        msgspec.json.encode(taken)


def _arrived(data: bytes, stream: str) -> Arrived | None:
    """A hit as the engine's client gives it to us: JSON by the standard library's rules."""
    try:
        given = json.loads(data)
    except (ValueError, RecursionError):
        return None
    hit = given.get("hit") if isinstance(given, dict) else None
    return reading._arrived({"_id": "row-1", **hit}, stream) if isinstance(hit, dict) else None
