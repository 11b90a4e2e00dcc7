import re
import string
from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import get_args

import pytest

import exporters.console
from exporters.console.phrases import PHRASES
from exporters.console.speech import Speech
from exporters.console.users import ROLES
from exporters.console.words import TERMS
from model.inspection.matters import FIFTEEN
from model.times import DAY, HOUR, MINUTE, SECOND
from model.trail import Deed

HERE = Path(exporters.console.__file__).parent
VI, EN = Speech("vi"), Speech("en")


def places(sentence: str) -> set[str | None]:
    return {field for _, field, _, _ in string.Formatter().parse(sentence) if field}


@pytest.mark.parametrize("key", PHRASES)
def test_each_phrase_stands_in_both_languages_with_the_same_places(key: str) -> None:
    phrase = PHRASES[key]
    assert phrase.vi.strip()
    assert phrase.en.strip()
    assert places(phrase.vi) == places(phrase.en)


def test_no_phrase_is_asked_for_in_vain_and_none_is_left_over() -> None:
    sources = "".join(path.read_text() for path in [*HERE.glob("*.py"), *HERE.glob("templates/*.html")] if path.name != "phrases.py")
    asked = set(re.findall(r"""say\(\s*["'](\w+)["']""", sources))
    assert asked <= PHRASES.keys()
    assert [key for key in PHRASES if not re.search(rf"""["']{key}["']""", sources)] == []


def test_no_phrase_takes_the_place_of_another() -> None:
    """The pages' words are in several files, put together: a key in two of them would change what another page says."""
    own = re.findall(r'^    "(\w+)": ', (HERE / "phrases.py").read_text(), re.MULTILINE)
    others = [key for path in HERE.glob("*_words.py") for key in getattr(import_module(f"exporters.console.{path.stem}"), "PHRASES", {})]
    assert len(others) > 50
    assert [key for key, times in Counter([*own, *others]).items() if times > 1] == []


def test_every_deed_and_role_has_its_word() -> None:
    assert set(TERMS["deed"]) == set(get_args(Deed))
    assert set(TERMS["user_role"]) == set(ROLES)


def test_terms_are_in_both_languages() -> None:
    for table in TERMS.values():
        for text in table.values():
            assert text.vi
            assert text.en
    assert len(FIFTEEN) == 15


def test_an_unknown_term_is_shown_as_it_is() -> None:
    assert VI.term("quantum", "evidence") == "quantum"


def test_figures_follow_the_language() -> None:
    assert (VI.number(1_234_567), EN.number(1_234_567)) == ("1.234.567", "1,234,567")
    assert (VI.number(1234.5, 1), EN.number(1234.5, 1)) == ("1.234,5", "1,234.5")
    assert (VI.size(4_404_019), VI.size(512)) == ("4,2 MB", "512 B")


def test_spans_are_told_in_two_units_at_most() -> None:
    assert VI.span(0) == "0 giây"
    assert VI.span(-5) == "0 giây"
    assert VI.span(3 * HOUR + 12 * MINUTE + 5 * SECOND) == "3 giờ 12 phút"
    assert VI.span(DAY + 5 * SECOND) == "1 ngày"
    assert EN.span(61 * SECOND) == "1 min 1 s"


def test_an_age_is_told_in_one_unit() -> None:
    assert VI.about(30 * SECOND) == "dưới 1 phút"
    assert VI.about(3 * HOUR + 59 * MINUTE) == "3 giờ"
    assert VI.about(-1) == "dưới 1 phút"


def test_instants_are_vietnamese_time() -> None:
    assert VI.instant(1_752_545_643 * SECOND) == "15/07/2025 09:14:03"
    assert VI.instant(0) == "–"


# Words that once stood beside the one that people know (architecture §7), with that one.
SECOND_WORDS = {"trạm": "hộp", "cổng soi": "cổng sao chép (mirror)", "hết hiệu lực": "mất dấu"}


def test_people_hear_one_word_for_one_thing() -> None:
    # The lexicon is of words that stand on portals, not of ours.
    paths = [path for package in ("model", "detectors", "collector", "exporters") for path in (HERE.parents[1] / package).rglob("*.py")]
    texts = [(path.name, path.read_text().lower()) for path in paths if "lexicon" not in path.name]
    assert [(name, word) for name, text in texts for word in SECOND_WORDS if word in text] == []
