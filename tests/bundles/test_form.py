"""Bundles as they come from strangers' hands: whole and true they open, anything else is refused with a sentence, and costs little."""

from __future__ import annotations

import gzip
import json
import zlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.bundles import form, keys
from collector.bundles.errors import BundleError
from model.times import DAY, SECOND
from tests.bundles.stick import Stick

NOW = 1_795_000_000
RESULTS = {"auto_logon": {"status": 0, "rows": [{"on": "1"}]}}


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    folder = tmp_path_factory.mktemp("khoa")
    keys.make(folder / "tinh")
    keys.make_stick(folder / "tinh", "thanh-tra-1", folder / "usb", days=30)
    return keys.keys(folder / "tinh"), Stick(folder / "usb")


def take(known, data, now=NOW):
    bundle = form.read(data)
    form.verify(bundle, known.sticks.get(bundle.stick), now * SECOND)
    return form.opened(bundle, known.private)


def refusal(known, data, now=NOW):
    with pytest.raises(BundleError) as caught:
        take(known, data, now)
    return caught.value.text.vi


def test_what_a_stick_wrote_is_read_back(held):
    known, stick = held
    body = take(known, stick.write(RESULTS, number=1, made=NOW))
    assert (body.machine, body.answers.collected_at, body.answers.results["auto_logon"].rows) == ("m-1", NOW, [{"on": "1"}])


def test_nothing_of_the_answers_can_be_read_from_the_file(held):
    _, stick = held
    data = stick.write({"auto_logon": {"status": 0, "rows": [{"on": "canary-079123456789"}]}}, number=1, made=NOW)
    assert b"canary" not in data
    assert b"auto_logon" not in data


@pytest.mark.parametrize("field", ["number", "made", "expires", "stick"])
def test_a_changed_heading_is_noticed(held, field):
    known, stick = held
    bundle = json.loads(stick.write(RESULTS, number=2, made=NOW))
    bundle[field] = "thanh-tra-2" if field == "stick" else bundle[field] - 1
    assert refusal(known, json.dumps(bundle).encode()) in {"nội dung đã bị sửa sau khi ký", "chữ ký không phải của USB kiểm tra nào đã khai"}


def test_another_stick_and_another_recipient_are_refused(held, tmp_path):
    known, stick = held
    keys.make(tmp_path / "tinh-khac")
    keys.make_stick(tmp_path / "tinh-khac", "thanh-tra-1", tmp_path / "usb", days=30)
    foreign = Stick(tmp_path / "usb")
    assert refusal(known, foreign.write(RESULTS, number=1, made=NOW)) == "nội dung đã bị sửa sau khi ký"
    stick_of_ours, stick_recipient = stick.recipient, foreign.recipient
    stick.recipient = stick_recipient
    try:
        assert "khóa khác" in refusal(known, stick.write(RESULTS, number=1, made=NOW))
    finally:
        stick.recipient = stick_of_ours


def test_old_and_future_bundles_are_refused(held):
    known, stick = held
    data = stick.write(RESULTS, number=1, made=NOW)
    assert "hết hạn" in refusal(known, data, NOW + 31 * DAY // SECOND)
    assert "đồng hồ" in refusal(known, data, NOW - 3 * DAY // SECOND)


def test_a_bomb_is_refused_before_it_is_inflated(held):
    known, stick = held
    bomb = gzip.compress(b"\0" * (form.MAX_BODY + 1))
    assert refusal(known, stick.write({}, number=1, made=NOW, inside=bomb)) == "giải nén ra quá lớn"
    assert refusal(known, b"x" * (form.MAX_FILE + 1)) == "giải nén ra quá lớn"


# Named: what gzip makes holds the time, and a test's name must be the same in every process.
INSIDE = {
    "nothing": b"", "no gzip": b"no gzip", "a list": gzip.compress(b"[]"), "deep": gzip.compress(b"[" * 100_000),
    "no machine": gzip.compress(b'{"machine":""}'), "zlib": zlib.compress(b"{}"),
}  # fmt: skip


@pytest.mark.parametrize("inside", INSIDE.values(), ids=INSIDE)
def test_what_is_inside_may_be_anything(held, inside):
    known, stick = held
    assert refusal(known, stick.write({}, number=1, made=NOW, inside=inside))


@given(cut=st.integers(0, 2_000), junk=st.binary(max_size=40))
def test_a_cut_or_broken_file_is_refused_with_a_sentence(held, cut, junk):
    known, stick = held
    data = stick.write(RESULTS, number=1, made=NOW)
    broken = data[: min(cut, len(data) - 2)] + junk
    assert refusal(known, broken)


def test_a_number_is_a_positive_one(held):
    known, stick = held
    bundle = msgspec.json.decode(stick.write(RESULTS, number=1, made=NOW), type=form.Bundle)
    for number in (0, -1, 1 << 60):
        assert "không phải gói" in refusal(known, stick.sign(msgspec.structs.replace(bundle, number=number)))
