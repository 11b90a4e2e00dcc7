"""Sessions out of what a receiver says now and then."""

from hypothesis import given, settings
from hypothesis import strategies as st

from model import episodes
from model.episodes import KEPT_EPISODES, KEPT_WORDS, running, sessions
from model.facts import AddressSeen
from model.rows import Held, Stamp
from model.times import HOUR, MINUTE
from tests.model.making import AIRPLAY, AT, CAST, IPS, PHONE, TV, Sensor, dump, view_of

IDLE, BUSY = {"st": "0", "rs": ""}, {"st": "1", "rs": "YouTube"}


def words(*said):
    """Words by minute: None = nothing shown."""
    return [Held(what, Stamp(0, minute, "s", minute)) for minute, what in said]


def spans(found):
    return [(one.first.at, one.last.at, one.what, one.ended.at if one.ended else None) for one in found]


def rows(view):
    return sorted(view.episodes.values(), key=lambda row: row.seen.first)


def test_words_make_sessions():
    said = words((1, None), (2, "YouTube"), (5, "YouTube"), (7, None), (8, None), (9, ""))
    assert spans(sessions(said)) == [(2, 5, "YouTube", 7), (9, 9, "", None)]
    assert running(said).first.at == 9
    assert running(said[:-1]) is None


def test_the_last_named_application_is_told():
    assert sessions(words((1, ""), (2, "Netflix"), (3, "YouTube"), (4, "")))[0].what == "YouTube"


def test_a_cast_session_opens_extends_and_ends():
    box = Sensor()
    heard = [box.service(CAST, n * MINUTE, text=text) for n, text in enumerate([IDLE, BUSY, BUSY])]
    view = view_of(heard, now=3 * MINUTE)
    [row] = rows(view)
    assert (row.kind, row.who, row.what, row.ended.value) == ("session", "", "YouTube", False)
    assert (row.seen.first, row.seen.last) == (AT + MINUTE, AT + 2 * MINUTE)
    assert row.asset == view.by_mac[TV]
    view = view_of([*heard, box.service(CAST, 4 * MINUTE, text=IDLE)])
    [row] = rows(view)
    assert (row.ended.value, row.ended.stamp.at) == (True, AT + 4 * MINUTE)


def test_an_airplay_session_is_a_flag_and_ends_when_it_is_cleared():
    box = Sensor()
    flags = ["0x4", "0x20004", "0x4", "0x20004"]
    view = view_of([box.service(AIRPLAY, n * MINUTE, text={"flags": flag}) for n, flag in enumerate(flags)])
    assert [row.ended.value for row in rows(view)] == [True, False]


def test_a_goodbye_ends_the_session():
    box = Sensor()
    view = view_of([box.service(CAST, 0, text=BUSY), box.service(CAST, MINUTE, text=None, alive=False)])
    assert [row.ended.value for row in rows(view)] == [True]


def test_what_says_nothing_of_sessions_ends_none():
    box = Sensor()
    silent = [box.service(CAST, MINUTE, text={"fn": "TV"}), box.service(CAST, 2 * MINUTE, text=None), box.service(AIRPLAY, 3 * MINUTE, text={"flags": "?"})]
    view = view_of([box.service(CAST, 0, text=BUSY), *silent])
    assert [row.ended.value for row in rows(view)] == [False]


def test_a_word_that_comes_late_splits_what_looked_like_one():
    box = Sensor()
    first, late, last = (box.service(CAST, n * MINUTE, text=text) for n, text in enumerate([BUSY, IDLE, BUSY]))
    view = view_of([first, last])
    assert len(view.episodes) == 1
    view = view_of([first, last, late])
    assert [(row.seen.first, row.ended.value) for row in rows(view)] == [(AT, True), (AT + 2 * MINUTE, False)]


def test_an_earlier_start_that_comes_late_leaves_no_second_row():
    box = Sensor()
    early, later = box.service(CAST, 0, text=BUSY), box.service(CAST, HOUR, text=BUSY)
    view = view_of([later])
    stale = next(iter(view.episodes))
    view.dirty.clear()
    from model.site import fold

    fold(view, early)
    [row] = rows(view)
    assert row.seen.first == AT
    assert ("episode", stale) in view.gone
    assert ("episode", row.id) in view.dirty


@given(st.lists(st.tuples(st.integers(0, 10_000), st.booleans()), max_size=80, unique_by=lambda word: word[0]))
@settings(deadline=None)
def test_what_is_kept_is_bounded_and_the_newest_session_is_right(said):
    box = Sensor()
    said.sort()
    view = view_of([box.service(CAST, n * MINUTE, text=BUSY if busy else IDLE) for n, busy in said])
    assert len(view.episodes) <= KEPT_EPISODES
    if not said:
        return
    service = next(iter(next(iter(view.assets.values())).services.values()))
    assert len(service.playing) <= KEPT_WORDS
    going_on = running(service.playing)
    assert (going_on is not None) == said[-1][1]
    if going_on:
        idle = [n for n, busy in said if not busy]
        started = min(n for n, busy in said if busy and n > max(idle, default=-1))
        assert going_on.first.at == AT + started * MINUTE


def test_a_flood_of_sessions_is_bounded_and_counted():
    box = Sensor()
    facts = [box.service(CAST, n, mac=f"02:00:00:00:00:{n:02x}", ip="", text=BUSY) for n in range(40)]
    view = view_of(facts, max_episodes=10)
    assert len(view.episodes) == 10
    assert view.overflowed == 30


def test_episodes_follow_their_asset():
    box = Sensor()
    proxied = box.service(CAST, 0, mac=PHONE, ip=IPS[PHONE], owner_ip=IPS[TV], text=BUSY)
    bound = [box(AddressSeen, n, mac=TV, ip=IPS[TV]) for n in (1, 2)]
    view = view_of([proxied, *bound])
    [row] = rows(view)
    assert row.asset == view.by_mac[TV]
    alone = view_of([*bound, proxied])
    assert dump(view)["episode"] == dump(alone)["episode"]


def test_episodes_of_a_forgotten_asset_are_gone():
    box = Sensor()
    first = box.service(CAST, 0, text=BUSY)
    view = view_of([first, box.service(CAST, 1, mac=PHONE, text=IDLE)], max_assets=1)
    assert view.episodes == {}
    assert {kind for kind, _ in view.gone} == {"asset", "episode"}


def test_a_hostile_application_name_is_one_short_line():
    box = Sensor()
    view = view_of([box.service(CAST, 0, text={"st": "1", "rs": "You\u202eTube\n" + "x" * 500})])
    [row] = rows(view)
    assert len(row.what) == 80
    assert row.what.startswith("You Tube x")


def test_one_word_twice_is_one_word():
    box = Sensor()
    fact = box.service(CAST, 0, text=BUSY)
    view = view_of([fact, fact])
    assert len(next(iter(view.assets.values())).services[CAST + "|TV"].playing) == 1
    assert episodes.sessions([]) == []
