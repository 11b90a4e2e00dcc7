"""Hostile words inside our sentences, and hours as officers read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.text import SHOWN_LENGTH, Text, shown
from model.times import DAY, HOUR, SECOND, local, rfc3339, since_when
from tests.model.making import AT


def test_a_text_speaks_both_languages():
    assert Text("Màn hình", "Screen").to("vi") == "Màn hình"
    assert Text("Màn hình", "Screen").to("en") == "Screen"


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("TV sảnh", "TV sảnh"),
        ("a\nb\r\tc", "a b c"),
        ("a\x1b[31mb\x00", "a [31mb"),
        ("x\u202egnp.exe", "x gnp.exe"),
        ("a\u2066b\u2069c", "a b c"),
        ("a\u200bb", "a b"),
        ("  ", ""),
        ("x" * 200, "x" * 79 + "…"),
        ("\ud800", ""),
    ],
)
def test_hostile_words_become_one_short_printable_line(said, seen):
    assert shown(said) == seen


@given(st.text(), st.integers(1, 100))
def test_whatever_is_said_is_printable_short_and_stays_so(said, length):
    seen = shown(said, length)
    assert len(seen) <= length
    assert seen.isprintable()
    assert shown(seen, length) == seen


def test_cut_at_the_usual_length():
    assert len(shown("y" * 1000)) == SHOWN_LENGTH


def test_hours_of_viet_nam():
    assert local(AT) == "15/07/2025 08:00:00"
    assert rfc3339(AT + 1_999) == "2025-07-15T01:00:00.000001Z"
    assert rfc3339(AT - 1) == "2025-07-15T00:59:59.999999Z"


def test_an_hour_in_a_sentence_has_its_day_for_the_sentence_is_read_later_too():
    assert since_when(AT + 74 * 60 * SECOND, AT + 3 * HOUR) == Text("09:14 ngày 15/07", "09:14 on 15/07")
    assert since_when(AT, AT + DAY).vi == "08:00 ngày 15/07"
    # Midnight is Viet Nam's, not UTC's, and so is the year's.
    assert since_when(AT + 15 * HOUR, AT + 17 * HOUR).vi == "23:00 ngày 15/07"
    assert since_when(AT, AT + 200 * DAY).vi == "08:00 ngày 15/07/2025"
    assert since_when(AT + 169 * DAY + 15 * HOUR, AT + 169 * DAY + 17 * HOUR).en == "23:00 on 31/12/2025"
