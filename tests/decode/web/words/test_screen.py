"""The quick look at whole pages: clean where words only look like terms, never clean where a part would be judged as selling."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.decode.web.words import vocabulary
from collector.decode.web.words.judge import judge_text, judge_title, may_hold

CLEAN = [
    "Tibet, alphabet, better, between, diabetes, quebec",
    "thanh@tinh.gov.vn, minh@xa.tinh.gov.vn",
    "Plan a trip, buy a e-bike, see a map; point A a distance away",
    "i.e. and e.g. at 5 p.m. in the U.S. today",
    "encode, decode, barcode, hackathon",
    "Gruppe B, Klasse 3 a und z.B. mehr",
    "so\u00adft hy\u00adphens and zero\u200bwidth",
]
HELD = [
    "bet now",
    "n h à c á i uy tín",
    "nh@ c@i",
    "c.a.s.i.n.o online",
    "n\u200bhà cái uy tín nổ hũ",
    "alobet bonus",
    "tài x1u",
    "slott gacor",
    "𝐤𝐮𝟖𝟖",
    "8xbet",
    "ku88",
]
OFFERS = sorted(form for form, same in vocabulary.SPACED.items() if same[0].role == "offer" and "#" not in form)
DISGUISES = {
    "plain": lambda text: text,
    "upper": str.upper,
    "apart": " ".join,
    "dots": ".".join,
    "doubled": lambda text: text + text[-1],
    "signs": lambda text: text.replace("a", "@"),
    "leet": lambda text: text.replace("o", "0").replace("i", "1"),
    "soft": "\u00ad".join,
    "bold": lambda text: "".join(chr(0x1D41A + ord(letter) - 97) if "a" <= letter <= "z" else letter for letter in text),
}


@pytest.mark.parametrize("text", CLEAN)
def test_what_only_looks_like_a_term_is_clean(text: str) -> None:
    assert not may_hold(text)


@pytest.mark.parametrize("text", HELD)
def test_what_could_sell_is_held(text: str) -> None:
    assert may_hold(f"Ủy ban nhân dân xã {text}, thông báo")


@given(
    st.lists(st.tuples(st.sampled_from(OFFERS), st.sampled_from(sorted(DISGUISES))), min_size=1, max_size=4),
    st.sampled_from([" ", ". ", "\n", " | ", "-", "_", ", x"]),
    st.sampled_from(["", "Tibet ", "a@b.test ", "ubnd-", "(", "88"]),
)
@settings(max_examples=400)
def test_no_disguise_that_is_judged_to_sell_passes(offers: list[tuple[str, str]], between: str, before: str) -> None:
    block = before + between.join(DISGUISES[how](offer) for offer, how in offers)
    if judge_text(block).sells or judge_title(block).sells:
        assert may_hold(f"Tin trong ngày\n{block}\nLịch tiếp công dân")
