"""What a document is worth: only what a declared box signed for its own site counts."""

import hashlib
from base64 import urlsafe_b64encode

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.province.keys import holds
from model.fleet.declared import FleetBox
from model.fleet.signed import key_id, signed_bytes
from model.fleet.verify import REASONS, Arrived, Genuine, Refusal, checked, own_id
from model.ledger import finding_id
from model.ports import Health, Observed, Posture, Signed, Told
from model.times import DAY, SECOND
from tests.exporters.samples import posture
from tests.fleet.boxes import NOW, roster, told
from tests.fleet.filled import KEY, PUBLIC

LINE = FleetBox(box="hop-1", site="xa-a", key=PUBLIC)
DECLARED = roster(LINE, sites=["xa-b"])
EPOCH = NOW // SECOND - 1000
DOCUMENTS = {
    "finding": Told(change=told("xa-a")),
    "posture": msgspec.structs.replace(posture(1).document, site="xa-a", at=NOW),
    "health": Health(site="xa-a", at=NOW, box="hop-1", queued=0, oldest_at=0),
    "observation": Observed(site="xa-a", at=NOW, kind="asset", id="a1", row="{}"),
}


def arrived(document=DOCUMENTS["finding"], stream="finding", *, box="hop-1", site="xa-a", row="row-1", epoch=EPOCH, sequence=7, **outer):
    unsigned = Signed(payload=msgspec.json.encode(document).decode(), signature="", key=key_id(PUBLIC), epoch=epoch, sequence=sequence)
    signature = urlsafe_b64encode(KEY.sign(signed_bytes(box, row, unsigned))).decode()
    signed = msgspec.structs.replace(unsigned, signature=signature)
    return Arrived(**{"id": row, "stream": stream, "box": box, "site": site, "signed": signed, **outer})


def reason(one, declared=DECLARED, now=NOW):
    found = checked(one, declared, holds, now)
    assert isinstance(found, Refusal), found
    return found.reason


@pytest.mark.parametrize("stream", DOCUMENTS)
def test_what_a_declared_box_signed_is_taken(stream):
    found = checked(arrived(DOCUMENTS[stream], stream), DECLARED, holds, NOW)
    assert isinstance(found, Genuine)
    assert (found.document, found.box, found.site, found.at) == (DOCUMENTS[stream], "hop-1", "xa-a", NOW)


@pytest.mark.parametrize(
    ("one", "wanted"),
    [
        (arrived(signed=None), "unsigned"),
        (arrived(box="hop-2"), "no_key"),
        (arrived(Told(change=told("xa-b")), site="xa-b"), "no_key"),
        (arrived(id="row-2"), "signature"),
        (arrived(site="xa-b"), "other_site"),
        (arrived(stream="posture"), "other_stream"),
        (arrived(msgspec.structs.replace(DOCUMENTS["health"], box="hop-2"), "health"), "other_site"),
        (arrived(sequence=-1), "version"),
        (arrived(epoch=5), "version"),
        (arrived(sequence=1 << 40), "version"),
        (arrived(epoch=EPOCH + 2 * DAY // SECOND), "clock"),
    ],
    ids=["unsigned", "other box", "other site", "other row", "outer site", "stream", "health of another", "negative", "1970", "huge", "clock"],
)
def test_what_is_anything_else_is_refused_with_its_reason(one, wanted):
    assert reason(one) == wanted


ENDLESS = 10**30
ODD = {
    "row": arrived(row="row-1\r\nBcc: ai@example"),
    "long row": arrived(row="r" * 101),
    "rule": arrived(Told(change=told("xa-a", detector="VG-NET-02\nhttp://evil.example"))),
    "no rule": arrived(Told(change=told("xa-a", detector=""))),
    "instant": arrived(Told(change=told("xa-a", at=ENDLESS))),
    "opened": arrived(Told(change=told("xa-a", opened=-ENDLESS))),
    "count": arrived(Told(change=told("xa-a", times=1 << 63))),
    "long": arrived(Told(change=told("xa-a", name="n" * 66_000))),
    "verdict": arrived(msgspec.structs.replace(DOCUMENTS["posture"], findings=(ENDLESS,)), "posture"),
    "heartbeat": arrived(msgspec.structs.replace(DOCUMENTS["health"], lost={"posture": ENDLESS}), "health"),
    "sighting": arrived(msgspec.structs.replace(DOCUMENTS["observation"], at=ENDLESS), "observation"),
}


@pytest.mark.parametrize("one", ODD.values(), ids=ODD)
def test_what_would_harm_how_all_sites_are_told_and_shown_is_refused_though_it_is_signed(one):
    assert reason(one) == "odd"


def test_a_journal_made_after_a_keys_last_day_is_no_box_of_that_key_though_its_documents_bear_an_older_day():
    retired = roster(msgspec.structs.replace(LINE, until=NOW + DAY))
    assert isinstance(checked(arrived(), retired, holds, NOW + 9 * DAY), Genuine), "what it sent late"
    assert reason(arrived(epoch=NOW // SECOND + 2 * DAY // SECOND), retired, NOW + 9 * DAY) == "no_key"


def test_a_key_holds_for_its_days_alone():
    for bounds, taken in (({"since": NOW - 1}, True), ({"since": NOW + 1}, False), ({"until": NOW + 1}, True), ({"until": NOW}, False)):
        found = checked(arrived(), roster(msgspec.structs.replace(LINE, **bounds)), holds, NOW)
        assert isinstance(found, Genuine) is taken, bounds


@given(st.integers(0, 10_000), st.integers(0, 7))
def test_one_changed_bit_of_payload_or_signature_is_refused(place, bit):
    one = arrived()
    for name in ("payload", "signature"):
        raw = bytearray(getattr(one.signed, name).encode())
        raw[place % len(raw)] ^= 1 << bit
        changed = msgspec.structs.replace(one.signed, **{name: raw.decode("latin-1")})
        if changed == one.signed:
            continue
        found = checked(msgspec.structs.replace(one, signed=changed), DECLARED, holds, NOW)
        # The last letter of base64 has bits that mean nothing.
        assert isinstance(found, Refusal) or (name == "signature" and place % len(raw) >= 84), found


@given(st.text(max_size=300), st.text(max_size=100), st.text(max_size=20), st.integers(), st.integers())
def test_whatever_is_written_there_is_refused_and_raises_nothing(payload, signature, key, epoch, sequence):
    signed = Signed(payload=payload, signature=signature, key=key, epoch=epoch, sequence=sequence)
    assert reason(arrived(signed=signed)) in REASONS


def test_an_id_is_taken_from_no_other_site():
    mine = told("xa-a").finding
    foreign = msgspec.structs.replace(mine, id=finding_id("xa-b", mine.detector, mine.subject))
    assert own_id("xa-a", mine, "") == mine.id
    assert own_id("xa-a", foreign, "xa-b") not in (foreign.id, mine.id)
    assert own_id("xa-a", foreign, "") == own_id("xa-a", foreign, "xa-b") == own_id("xa-a", foreign, "")
    # It was this site's own before its device turned out to be another.
    assert own_id("xa-a", foreign, "xa-a") == foreign.id


def test_the_verifier_takes_no_key_for_what_is_none():
    message = b"m"
    assert holds(PUBLIC, message, KEY.sign(message))
    assert not holds(b"short", message, KEY.sign(message))
    assert not holds(hashlib.sha256(b"another").digest(), message, KEY.sign(message))
    assert not holds(PUBLIC, message, b"")
    assert isinstance(DOCUMENTS["posture"], Posture)
