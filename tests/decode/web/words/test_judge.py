"""What holds of every judgement: the quick look, bounds, tables."""

from __future__ import annotations

import time
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.decode.web.words import lexicon_east, lexicon_en, lexicon_id, lexicon_vi
from collector.decode.web.words.judge import MAX_VALUE, excuse, judge_text, judge_title, may_hold
from collector.decode.web.words.normal import plain
from collector.decode.web.words.terms import terms
from collector.decode.web.words.texts import text_signs
from collector.decode.web.words.vocabulary import WORDS

TABLES = {"vi": lexicon_vi.GROUPS, "id": lexicon_id.GROUPS, "en": lexicon_en.GROUPS, "east": lexicon_east.GROUPS}
SOLD = [term.text for name in TABLES for term in terms(TABLES[name], "vi") if term.role == "offer" and "#" not in term.text]
NOTICE = "Ủy ban nhân dân xã thông báo lịch tiếp công dân tháng sáu tại trụ sở.\n"


@pytest.mark.parametrize("name", TABLES)
def test_each_term_stands_once_and_has_letters(name: str) -> None:
    found = Counter(plain(term.text) for term in terms(TABLES[name], "vi"))
    assert [text for text, count in found.items() if count > 1] == []
    assert all(any(letter.isalpha() for letter in text) for text in found)


@given(st.lists(st.sampled_from(SOLD), min_size=1, max_size=6), st.text(max_size=60), st.sampled_from([". ", "\n", " | "]))
@settings(max_examples=300)
def test_the_quick_look_never_denies_what_is_judged_to_sell(offers: list[str], noise: str, between: str) -> None:
    block = between.join([*offers, noise])
    if judge_text(block).sells or judge_title(block).sells:
        assert may_hold(NOTICE * 3 + block + NOTICE)


@given(st.text(max_size=400))
def test_any_text_is_judged_within_bounds(text: str) -> None:
    judged = judge_text(text)
    assert len(judged.value) <= MAX_VALUE
    assert judged.sells == bool(judged.kind)
    assert not (judged.sells and judged.topic)


def test_two_unlike_texts_hold_terms_of_one_trade_only_where_they_name_it() -> None:
    assert not judge_text("Đăng ký ngay, nhận ưu đãi hấp dẫn, hotline 1900 0000, tải app miễn phí, uy tín hàng đầu!").sells
    assert judge_text("Đăng ký ngay, nhận ưu đãi hấp dẫn, hotline 1900 0000, tải app game bài đổi thưởng miễn phí!").sells


def test_law_around_a_quotation_excuses_it() -> None:
    quoted = "“Nhà cái uy tín số 1, nạp rút siêu tốc, đăng ký nhận 100K” là lời mời thường gặp."
    article = "Công an tỉnh cảnh báo thủ đoạn lừa đảo chiếm đoạt tài sản, khởi tố 12 bị can, tạm giữ tang vật của vụ án đánh bạc."
    assert judge_text(quoted).sells
    assert not judge_text(quoted, excuse(article)).sells
    assert [sign.kind for sign in text_signs(f"{article}\n{quoted}\n{article}")] == ["topic"]


def test_one_line_that_sells_amid_many_is_found_with_its_place() -> None:
    (sign,) = text_signs(NOTICE * 60 + "Lux79 nhà cái uy tín, link vào không bị chặn, nạp rút siêu tốc\n" + NOTICE * 60)
    assert (sign.kind, sign.where, sign.gambling) == ("promotion", "line 61", True)
    assert "nhà cái uy tín" in sign.value


def test_a_text_without_any_of_it_has_no_sign() -> None:
    assert text_signs(NOTICE * 50) == ()


@pytest.mark.parametrize(
    "piece", ["nhà cái uy tín ", "88 ", "a1 ", "ho ki ", "𝐀𝐁 ", "x88bet.com/", "https://a.test/nha-cai ", "win", "n.h.", "カジノ", "\n", "slot gacor\n"]
)
def test_hostile_repetition_is_judged_in_bounded_time(piece: str) -> None:
    text = piece * (300_000 // len(piece))
    start = time.process_time()
    judge_text(text)
    text_signs(text)
    assert time.process_time() - start < 8


def test_a_clean_page_costs_next_to_nothing() -> None:
    page = NOTICE * (20_000 // len(NOTICE))
    assert not may_hold(page)
    start = time.process_time()
    for _ in range(100):
        may_hold(page)
    # Measured 0.2 ms for 20 kB; the bound leaves room for a busy machine.
    assert (time.process_time() - start) / 100 < 0.003


def test_the_words_of_the_tables_are_known() -> None:
    assert {"nhà", "cái", "gacor", "casino"} <= WORDS
