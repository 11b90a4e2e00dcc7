"""What the sensor says of lists: kept, bounded, given back after a restart, judged by nobody."""

from itertools import permutations

from model.portals.feeds import FORGOTTEN, MAX_FEEDS, age_of, is_kept
from model.restored import restore, row_of
from model.site import SiteView, fold
from model.text import Text
from model.times import HOUR, SECOND
from model.webfacts import FeedHeard
from tests.model.making import AT, declared

REFUSED = Text("Danh sách bị từ chối: không có tệp này.", "The list is refused: there is no such file.")


def heard(name="co-bac", after=0, sequence=1, **fields):
    return FeedHeard(at=AT + after, sensor="portals", sequence=sequence, name=name, **{"entries": 2_500, "age": 60, **fields})


def folded(*facts):
    view = SiteView(declared(), now=AT)
    assert [fold(view, fact) for fact in facts] == [()] * len(facts)
    return view


def test_the_last_word_on_a_list_stands_in_whatever_order_it_comes():
    facts = [heard(), heard(after=HOUR, sequence=2, entries=0, age=-1, refused=1, refusal=REFUSED), heard(after=2 * HOUR, sequence=3, entries=2_600, refused=1)]
    rows = [folded(*order).feeds["co-bac"] for order in permutations(facts)]
    assert all(row == rows[0] for row in rows)
    assert (rows[0].entries, rows[0].refused, rows[0].refusal) == (2_600, 1, None)


def test_a_refusal_is_kept_in_both_languages_on_one_line():
    row = folded(heard(refusal=Text("hỏng\nhai dòng", "broken\ntwo lines"))).feeds["co-bac"]
    assert row.refusal == Text("hỏng hai dòng", "broken two lines")


def test_rows_are_written_and_come_back():
    view = folded(heard(), heard("lua-dao"))
    assert {("feed", "co-bac"), ("feed", "lua-dao")} <= view.dirty
    again = SiteView(declared(), now=AT)
    restore(again, [row_of(view, "feed", "co-bac"), row_of(view, "feed", "lua-dao")])
    assert again.feeds == view.feeds


def test_more_lists_than_anybody_keeps_push_out_the_one_not_heard_of_for_longest():
    view = folded(*(heard(f"l-{n}", after=n) for n in range(MAX_FEEDS + 3)))
    assert sorted(view.feeds) == sorted(f"l-{n}" for n in range(3, MAX_FEEDS + 3))
    assert {("feed", "l-0"), ("feed", "l-1"), ("feed", "l-2")} == view.gone


def test_a_copy_grows_older_while_nobody_speaks_of_it_and_none_has_no_age():
    [used, none] = folded(heard("co"), heard("khong", age=-1)).feeds.values()
    assert age_of(used, AT + 90 * SECOND) == 150
    assert age_of(used, AT - HOUR) == 60, "a clock that was set back makes nothing younger"
    assert age_of(none, AT + HOUR) == -1


def test_a_list_nobody_speaks_of_for_a_day_is_no_longer_one_of_ours():
    row = folded(heard()).feeds["co-bac"]
    assert is_kept(row, AT + FORGOTTEN)
    assert not is_kept(row, AT + FORGOTTEN + 1)
