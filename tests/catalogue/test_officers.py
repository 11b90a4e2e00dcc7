"""What officers are told is what the catalogue asks."""

from __future__ import annotations

from pathlib import Path

from collector.catalogue import load
from collector.catalogue.officers import page

DOC = Path(__file__).parents[2] / "docs" / "vi-may-doc-gi.md"


def test_the_page_is_the_one_of_this_catalogue():
    assert DOC.read_text("utf-8") == page(load()), "run deploy/build-officers-page.py"


def test_every_question_is_on_it_with_what_it_does_not_read():
    text = page(load())
    for query in load().queries:
        assert f"### {query.title.vi}\n" in text
        assert query.unread.vi in text


def test_what_is_read_by_schedule_says_how_often():
    assert "**Bao lâu một lần:** 5 phút khi máy đang bật." in page(load())
