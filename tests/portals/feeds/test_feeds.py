"""Lists of gambling names: what is taken, what is refused and why, and whom a list speaks of."""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.clock import SystemClock
from collector.sensors.portals.feeds import Feed, Feeds, FeedState
from collector.sensors.portals.feeds_names import Names, candidates
from model.times import DAY, HOUR, SECOND

START = 1_752_541_443 * SECOND


class HandClock(SystemClock):
    def __init__(self) -> None:
        self.at = START

    def now(self) -> int:
        return self.at


class Desk:
    """A list that people put down, and the loader that reads it."""

    def __init__(self, folder: Path, **options: object) -> None:
        self.clock = HandClock()
        self.path = folder / "list.txt"
        self.folder = folder / "state" / "feeds"
        self.options = options
        self.feeds = self.again()

    def again(self) -> Feeds:
        """The loader after a restart."""
        feed = Feed(**{"name": "co-bac", "path": self.path, **self.options})  # type: ignore[arg-type]
        self.feeds = Feeds([feed], self.folder, self.clock)
        return self.feeds

    def put(self, *names: str, count: int = 0) -> list[str]:
        """A new file, dated now; what is said to it."""
        self.path.write_text("\n".join([*names, *(f"n{number}.example" for number in range(count))]) + "\n")
        os.utime(self.path, ns=(self.clock.at, self.clock.at))
        return self.look()

    def look(self) -> list[str]:
        return [text.vi for text in self.feeds.refresh()]

    @property
    def state(self) -> FeedState:
        return self.feeds.states()[0]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_list_is_taken_and_says_whom_it_holds(desk: Desk) -> None:
    assert desk.put("nhacai77.example", "*.wild.example") == []
    assert (desk.state.entries, desk.state.age, desk.state.refused, desk.state.refusal) == (2, 0, 0, None)
    sign = desk.feeds.sign("www.nhacai77.example")
    assert sign is not None
    assert (sign.kind, sign.value, sign.page, sign.hosts, sign.gambling, sign.hits) == (
        "feed", "co-bac: nhacai77.example", "www.nhacai77.example", ("www.nhacai77.example",), True, 1,
    )  # fmt: skip
    assert desk.feeds.sign("a.wild.example") is not None


@pytest.mark.parametrize(
    ("host", "held"),
    [
        ("nhacai77.example", "nhacai77.example"),
        ("a.b.nhacai77.example", "nhacai77.example"),
        ("deep.listed.example", "deep.listed.example"),
        ("x.deep.listed.example", "deep.listed.example"),
        ("listed.example", ""),
        ("xnhacai77.example", ""),
        ("nhacai77.example.vn", ""),
        ("nhacai77.examples", ""),
        ("example", ""),
        ("shop.com.vn", ""),
        ("a.pages.dev", ""),
        ("mine.pages.dev", "mine.pages.dev"),
        ("xamau.ninhbinh.gov.vn", ""),
        ("ninhbinh.gov.vn", ""),
        ("gov.vn", ""),
        ("103.28.36.1", ""),
        ("::1", ""),
        ("", ""),
        ("a..b", ""),
        ("\udcff.example", ""),
    ],
)
def test_a_name_and_what_stands_below_it_and_nothing_else(host: str, held: str) -> None:
    names = Names(
        [
            "nhacai77.example",
            "deep.listed.example",
            "example",
            "com",
            "com.vn",
            "vn",
            "pages.dev",
            "mine.pages.dev",
            "gov.vn",
            "ninhbinh.gov.vn",
            "xamau.ninhbinh.gov.vn",
        ]
    )
    assert names.match(host) == held


@settings(deadline=None)
@given(st.sets(st.from_regex(r"\A[a-c]{1,3}\.[a-c]{1,2}\.example\Z")), st.from_regex(r"\A[a-c]{1,3}\.[a-c]{1,2}\.example\Z"))
def test_the_block_is_a_set(names: set[str], asked: str) -> None:
    block = Names(names)
    assert (asked in block) == (asked in names)
    assert all(name in block for name in names)
    assert len(block) == len(names)
    assert block.as_lines().decode().split("\n")[:-1] == sorted(names)


def test_what_is_asked_of_a_list_are_whole_labels() -> None:
    assert candidates("a.b.example.com.vn") == ("a.b.example.com.vn", "b.example.com.vn", "example.com.vn")


def test_the_jump_of_a_public_list(desk: Desk) -> None:
    """research/web.md 3.4: 2,500 names, then 9, then 342,623."""
    assert desk.put(count=2500) == []
    (small,) = desk.put(count=9)
    assert 'Danh sách "co-bac"' in small
    assert "số tên đổi từ 2500 thành 9, quá 30 %" in small
    assert "vẫn dùng bản tốt gần nhất" in small
    assert desk.state.entries == 2500
    (large,) = desk.put(count=342_623)
    assert "số tên đổi từ 2500 thành 342623, quá 30 %" in large
    assert (desk.state.entries, desk.state.refused) == (2500, 2)
    assert desk.feeds.sign("n2499.example") is not None
    assert desk.feeds.sign("n2500.example") is None
    assert desk.look() == []


def test_who_removes_the_last_good_copy_believes_the_new_one(desk: Desk) -> None:
    desk.put(count=100)
    (told,) = desk.put(count=300)
    copy = desk.folder / "co-bac.good"
    assert f"nếu đúng vậy thì xóa {copy}" in told
    copy.unlink()
    assert desk.look() == []
    assert (desk.state.entries, desk.state.refusal) == (300, None)
    assert copy.exists()


@pytest.mark.parametrize(
    ("before", "after", "taken"), [(1000, 1300, True), (1000, 1301, False), (1000, 700, True), (1000, 699, False), (5, 25, True), (5, 26, False)]
)
def test_the_bounds_of_a_change(desk: Desk, before: int, after: int, taken: bool) -> None:
    desk.put(count=before)
    assert (desk.put(count=after) == []) == taken
    assert desk.state.entries == (after if taken else before)


def test_growth_is_measured_against_the_last_good_copy_not_the_last_try(desk: Desk) -> None:
    desk.put(count=1000)
    for count in (1400, 1900, 2600):
        assert len(desk.put(count=count)) == 1
    assert desk.put(count=1290) == []


def test_the_last_good_copy_holds_after_a_restart(desk: Desk) -> None:
    desk.put(count=1000)
    desk.path.unlink()
    feeds = desk.again()
    (told,) = desk.look()
    assert "không có tệp này; vẫn dùng bản tốt gần nhất" in told
    assert feeds.states()[0].entries == 1000
    assert len(desk.put(count=9)) == 1


def test_a_damaged_copy_is_none(desk: Desk) -> None:
    desk.put(count=1000)
    copy = desk.folder / "co-bac.good"
    for damage in (copy.read_bytes()[:-5], copy.read_bytes().replace(b"n500.", b"m500."), b"", b"{}\n", b"\xff" * 99):
        copy.write_bytes(damage)
        desk.path.unlink(missing_ok=True)
        desk.again()
        desk.look()
        assert desk.state.entries == 0
    assert desk.put(count=9) == []


def test_an_old_list_is_not_used(desk: Desk) -> None:
    desk.put(count=100)
    desk.clock.at += 30 * DAY
    assert desk.look() == []
    assert (desk.state.entries, desk.state.age) == (100, 30 * 24 * 3600)
    desk.clock.at += HOUR
    (told,) = desk.look()
    assert "đã 30 ngày không được cập nhật; không dùng danh sách này" in told
    assert desk.look() == []
    assert (desk.state.entries, desk.state.refused) == (0, 1)
    assert desk.feeds.sign("n1.example") is None
    assert desk.put(count=100) == []
    assert desk.feeds.sign("n1.example") is not None


def test_a_date_in_the_future_is_today(desk: Desk) -> None:
    desk.path.write_text("a.example\n")
    os.utime(desk.path, ns=(START + 400 * DAY, START + 400 * DAY))
    assert desk.look() == []
    assert desk.state.age == 0
    desk.clock.at += 31 * DAY
    assert desk.state.entries == 0


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "không có tên miền nào ở dạng domains"),
        (b"# only remarks\n", "không có tên miền nào ở dạng domains"),
        (b"0.0.0.0 a.example\n0.0.0.0 b.example\nc.example\n", "phần lớn không phải dạng domains: 2 dòng hỏng, 1 tên"),
        ("a.example\n".encode("utf-16"), "không có tên miền nào ở dạng domains"),
    ],
)
def test_what_is_no_list_is_refused_in_one_sentence(desk: Desk, raw: bytes, why: str) -> None:
    desk.path.write_bytes(raw)
    os.utime(desk.path, ns=(START, START))
    (told,) = desk.look()
    assert why in told
    assert told.endswith(".")
    assert "\n" not in told
    assert desk.state.refusal is not None


def test_what_is_no_file_is_never_waited_for(desk: Desk) -> None:
    os.mkfifo(desk.path)
    (told,) = desk.look()
    assert "không phải một tệp" in told
    desk.path.unlink()
    desk.path.mkdir()
    assert desk.look() == []
    desk.path.rmdir()
    with desk.path.open("wb") as file:
        file.truncate((128 << 20) + 1)
    (told,) = desk.look()
    assert "lớn hơn 128 MiB" in told


def test_a_file_that_comes_back_is_taken_again(desk: Desk) -> None:
    desk.put(count=5)
    aside = desk.path.with_name("aside")
    desk.path.rename(aside)
    assert len(desk.look()) == 1
    aside.rename(desk.path)
    assert desk.look() == []
    assert (desk.state.refusal, desk.state.entries) == (None, 5)


def test_several_lists_weigh_together(tmp_path: Path) -> None:
    for name, text in (("one", "0.0.0.0 a.example\n"), ("two", '{"domain": "www.a.example"}\n'), ("three", "||b.example^\n")):
        (tmp_path / name).write_text(text)
    old = 3650 * DAY
    feeds = Feeds(
        [
            Feed(name="one", path=tmp_path / "one", format="hosts", weight=2, max_age=old),
            Feed(name="two", path=tmp_path / "two", format="jsonl", weight=5, max_age=old),
            Feed(name="three", path=tmp_path / "three", format="adblock", max_age=old),
        ],
        tmp_path / "state",
        HandClock(),
    )
    assert feeds.refresh() == ()
    sign = feeds.sign("www.a.example")
    assert sign is not None
    assert (sign.value, sign.hits) == ("one: a.example, two: www.a.example", 7)


def test_a_third_of_a_million_names_take_little_room() -> None:
    """Nine megabytes for 350,000 names of 17 letters; as a set of texts they take over 30."""
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        names = Names(f"nha-cai{number:06d}.com" for number in range(350_000))
        held = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert len(names) == 350_000
    assert held < 9 << 20
    assert names.match("www.nha-cai349999.com") == "nha-cai349999.com"
