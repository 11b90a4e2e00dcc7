"""Every disguise of a word is read back to one spelling."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.decode.web.words.normal import MAX_TEXT, copies, folded, plain, single, squeezed, unleet


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("𝐊𝐔𝟖𝟖", "ku88"),
        ("𝓀𝓊𝒷𝑒𝓉", "kubet"),
        ("ⓚⓤⓑⓔⓣ", "kubet"),
        ("🅺🆄🅱🅴🆃", "kubet"),
        ("🄺🅄", "ku"),
        ("ＫＵ８８", "ku88"),
        ("ᴋᴜʙᴇᴛ", "kubet"),
        ("🇰🇺", "ku"),
        ("k\u200bu\u200db\u00ade\ufe0ft", "kubet"),
        ("k\u0332u\u0332b\u0332e\u0332t\u0332", "kubet"),
        ("кubеt", "kubet"),
        ("ΚUBΕT".swapcase(), "kubet"),
        ("hoà", "hòa"),
        ("thuỷ", "thủy"),
        ("quý", "quý"),
        ("hoàng", "hoàng"),
        (unicodedata.normalize("NFD", "Nhà cái"), "nhà cái"),
        ("8️⃣8️⃣", "88"),
    ],
)
def test_one_spelling(written: str, read: str) -> None:
    assert plain(written) == read


def test_russian_and_greek_stay_themselves() -> None:
    assert plain("Москва") == "москва"
    assert plain("Αθήνα") == unicodedata.normalize("NFC", "αθήνα")


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("n h à c á i", ("nhàcái",)),
        ("k.u.b.e.t", ("kubet",)),
        ("c-a-s-i-n-o online", ("casino", "online")),
        ("nh@ c@i", ("nha", "cai")),
        ("a b c", ("a", "b", "c")),
        ("1 2 3 4 5", ("1", "2", "3", "4", "5")),
        ("tới TP.HCM", ("tới", "tp", "hcm")),
        ("ten@mail.test", ("ten", "mail", "test")),
    ],
)
def test_words_written_apart(written: str, words: tuple[str, ...]) -> None:
    assert copies(written).words == words


def test_a_disguised_name_is_told_and_parted_from_its_neighbours() -> None:
    found = copies("Makasih𝙋𝙐𝙇𝘼𝙪𝟳𝟳atas hadiah")
    assert found.decorated == {"pulau77"}
    assert found.words == ("makasih", "pulau77", "atas", "hadiah")
    assert copies("P͟U͟L͟A͟U͟").decorated == {"pulau"}


def test_folds_squeezes_and_reads_back() -> None:
    assert folded("đăng ký nhận thưởng") == "dang ky nhan thuong"
    assert squeezed("nhà cái uy-tín!") == "nhacaiuytin"
    assert single("slottt") == "slot"
    assert unleet("t4i") == "tai"
    assert unleet("88") == "88"


@given(st.text(max_size=300))
def test_any_text_has_copies(text: str) -> None:
    found = copies(text)
    assert all(word == word.lower() or not word.isascii() for word in found.words)
    assert plain(plain(text)) is not None


@pytest.mark.parametrize("text", ["a@" * 30_000 + ".", "\0@" * 30_000, "@" * 60_000, "$a" * 30_000 + ".", "а " + "a" * 60_000])
def test_runs_are_read_once(text: str) -> None:
    start = time.process_time()
    copies(text)
    # Some 0.05 s; with each run read again from each of its letters, minutes.
    assert time.process_time() - start < 1


@pytest.mark.parametrize("piece", ["𝐀", "a.", "@a", "à́", "🇰", "к1", "a\u0332", "ᆞJ", "-", "\u200b"])
def test_hostile_repetition_costs_little(piece: str) -> None:
    start = time.process_time()
    copies(piece * 200_000)
    assert time.process_time() - start < 3
    assert MAX_TEXT <= 100_000
