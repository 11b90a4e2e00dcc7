"""Whose letters a page is written in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.decode.web.words.writing import other_script, writing_system

VI = "Ủy ban nhân dân xã thông báo lịch tiếp công dân và hướng dẫn nộp hồ sơ trực tuyến. " * 3


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("thai", "สล็อตเว็บตรง แตกง่าย ฝากถอนไม่มีขั้นต่ำ สมัครรับเครดิตฟรี " * 2),
        ("kana", "ブランド財布の通販サイトです。送料無料でお届けします。" * 3),
        ("hangul", "카지노사이트 추천 먹튀검증 안전놀이터 가입머니 " * 3),
        ("han", "澳门新葡京官方网站注册送彩金百家乐真人荷官在线下载" * 3),
    ],
)
def test_a_foreign_script_stands_out(name: str, text: str) -> None:
    found = other_script(text)
    assert found is not None
    assert found.name == name
    assert found.share > 0.9
    assert found.sample


def test_a_portals_page_has_none() -> None:
    assert other_script(VI) is None
    assert writing_system(VI) == {"latin": 1.0}


def test_a_switch_of_languages_is_too_little() -> None:
    assert other_script(VI + "日本語 한국어 中文 ภาษาไทย") is None


def test_a_third_in_han_is_enough_and_a_fifth_is_not() -> None:
    assert other_script(VI[:120] + "澳" * 60) is not None
    assert other_script(VI[:240] + "澳" * 30) is None


def test_few_letters_prove_nothing() -> None:
    assert other_script("カジノ") is None


@given(st.text(max_size=2000))
def test_any_text_is_answered(text: str) -> None:
    shares = writing_system(text)
    assert not shares or abs(sum(shares.values()) - 1) < 1e-6
