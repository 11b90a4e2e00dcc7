"""Probes and their echoes: what core takes for its own, in any order, and what a restart gives back."""

from itertools import permutations

import msgspec
import pytest

from collector.journal.batch import ROW_DECODERS, encode
from model import nonce
from model.facts import AddressSeen, DhcpClientSeen, DhcpServerSeen, SensorHeard
from model.restored import restore
from model.site import SiteView, fold
from model.times import HOUR, MINUTE, SECOND
from model.verdict import Subject
from model.wire import proof
from model.wirefacts import LineTold, ProbeRan
from tests.model.making import AT, BOX, KEY, PC, Sensor, declared, dump, heard_nonce, view_of

OUR_PORT = "02:00:00:00:00:07"
RUN = ProbeRan(at=AT, sensor="probe", leg="lan", probe="nonce_raw", outcome="sent", target="wifi", nonce=f"{1:016x}", client=OUR_PORT, tapped=True)


def heard(after: int = SECOND, leg: str = "wifi", **fields):
    return heard_nonce(at=AT + after, sent=AT, sensor="capture:wifi", leg=leg, mac=fields.pop("mac", OUR_PORT), **fields)


def crossings(view, segment="wifi"):
    return proof.crossings_of(view, "lan", segment)


def test_a_nonce_of_ours_on_another_leg_is_a_crossing():
    view = view_of([RUN, heard()])
    [found] = crossings(view).values()
    assert (found.shape, found.known, found.own, found.seen.first) == ("raw", True, True, AT + SECOND)


def test_it_touches_the_pair_and_makes_no_device_of_the_box():
    view = view_of([RUN])
    assert fold(view, heard()) == (Subject("segments", "lan|wifi"), Subject("segment", "wifi"))
    assert view.assets == {}


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_any_order_of_arrival_is_the_same(order):
    facts = [RUN, heard(), heard(2 * SECOND), heard(3 * SECOND, mac=PC)]
    assert dump(view_of([facts[n] for n in order])) == dump(view_of(facts))


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": b"somebody else's"},
        {"after": nonce.LIFE + 1},
        {"after": -1},
        {"leg": "lan"},
    ],
    ids=["another box's", "played again later", "from the future", "our own copy"],
)
def test_what_is_no_proof_leaves_no_trace(wrong):
    view = view_of([RUN, heard(**wrong)])
    assert not crossings(view)
    assert view.wire.proof["lan"].crossings == {}
    assert view.segments == {}


@pytest.mark.parametrize("field", ["shape", "box", "origin", "target", "sent", "nonce"])
def test_every_word_is_signed(field):
    other = {"shape": "udp", "box": "hop-02", "origin": "wan", "target": "lan", "sent": AT + 1, "nonce": f"{2:016x}"}
    forged = msgspec.structs.replace(heard(), **{field: other[field]})
    assert view_of([RUN, forged]).wire.proof["lan"].crossings == {}


def test_a_nonce_nobody_says_to_have_sent_is_kept_but_proves_nothing():
    view = view_of([heard()])
    assert not crossings(view)
    assert list(view.wire.proof["lan"].crossings["wifi"])


def test_without_a_key_nobody_can_write_a_proof_into_a_file():
    view = view_of([RUN, heard(key=b"")], key=b"")
    assert view.wire.proof["lan"].crossings == {}


def test_a_tagged_copy_is_another_segment():
    view = view_of([RUN, heard(vlan=(20,))])
    assert list(view.wire.proof["lan"].crossings) == ["wifi/20"]


def test_a_relay_leaves_its_own_address():
    view = view_of([RUN, heard(shape="udp", mac=PC, ttl=254)])
    [found] = crossings(view).values()
    assert (found.own, found.ttl) == (False, 254)


def test_our_made_up_addresses_are_no_devices_and_nobody_can_make_one():
    ours, box = nonce.address(KEY, b"\x01\x02"), Sensor()
    asks = [box(DhcpClientSeen, n, mac=ours, message="discover") for n in range(3)] + [box(AddressSeen, n, mac=ours, ip="192.168.10.9") for n in range(3)]
    assert view_of(asks).assets == {}
    forged = ours[:-1] + ("0" if ours[-1] != "0" else "1")
    assert len(view_of([box(DhcpClientSeen, 1, mac=forged, message="discover")]).assets) == 1
    assert not nonce.is_ours(b"", nonce.address(b"", b"\x01\x02"))
    assert not nonce.is_ours(KEY, "ee:b5:zz:zz:zz:zz")


def test_answers_to_our_own_discover_are_kept_and_others_are_not():
    box = Sensor()
    fields = {"mac": BOX, "ip": "192.168.10.1", "message": "offer", "server_id": "192.168.10.1", "offered_ip": "192.168.10.77", "mask": "255.255.255.0"}
    view = view_of([box(DhcpServerSeen, client_mac=PC, **fields)])
    assert view.wire.proof == {}
    fold(view, box(DhcpServerSeen, client_mac=nonce.address(KEY, b"ab"), routers=("192.168.10.1",), **fields))
    [offer] = view.wire.proof["lan"].offers.values()
    assert (offer.value.network, offer.value.server, offer.value.routers) == ("192.168.10.0/24", view.asset_id(BOX), ("192.168.10.1",))


def test_runs_are_bounded_and_the_newest_stay():
    runs = [msgspec.structs.replace(RUN, at=AT + n * HOUR, nonce=f"{n:016x}", sequence=n) for n in range(100)]
    view = view_of(reversed(runs))
    kept = proof.runs_of(view, "lan", "nonce_raw", "wifi")
    assert [run.nonce for run in kept] == [f"{n:016x}" for n in range(100 - proof.KEPT_RUNS, 100)]
    assert [(leg, probe, target, run.nonce) for leg, probe, target, run in proof.every_run(view)] == [("lan", "nonce_raw", "wifi", f"{99:016x}")]


def test_nonces_are_bounded():
    sent = [msgspec.structs.replace(RUN, nonce=f"{n:016x}", at=AT + n * SECOND, sequence=n) for n in range(100)]
    echoes = [heard_nonce(number=n, at=AT + n * SECOND + 1, sent=AT + n * SECOND, leg="wifi", mac=OUR_PORT) for n in range(100)]
    assert len(view_of([*sent, *echoes]).wire.proof["lan"].crossings["wifi"]) == proof.KEPT_NONCES


def test_one_line_is_told_by_its_latest_word():
    old, new = (LineTold(at=AT + n * MINUTE, sensor="lines", leg="lan", address=f"203.0.113.{n}", gateway_mac=BOX, open_ports=(22,)) for n in (1, 2))
    view = view_of([new, old])
    held = view.wire.proof["lan"].line
    assert (held.value.address, held.value.gateway, held.value.open_ports) == ("203.0.113.2", view.asset_id(BOX), (22,))


def test_a_restart_costs_nothing():
    view = view_of([RUN, heard(), SensorHeard(at=AT, sensor="capture:wifi", leg="wifi")])
    known = declared()
    again = SiteView(known, key=KEY, now=AT)
    rows = [row for kind, table in (("proof", view.wire.proof), ("segment", view.segments), ("leg", view.legs), ("sensor", view.sensors)) for row in
            (ROW_DECODERS[kind].decode(encode(row)) for row in table.values())]  # fmt: skip
    restore(again, rows)
    assert dump(again) == dump(view)
    fold(again, heard(4 * SECOND))
    assert len(crossings(again)) == 1
