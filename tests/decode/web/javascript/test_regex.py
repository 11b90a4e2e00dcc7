"""Regular expressions taken over from scripts mean the same, and none can take for ever."""

from __future__ import annotations

import re

import pytest

from collector.decode.web.javascript.regex import compiled

SAME = [
    (r"a+b", "", "xaab", "aab"),
    (r"\d{2,3}", "", "a1234", "123"),
    (r"[^a-z]", "", "abcD", "D"),
    (r"[\w-]+\.[a-z]{2,}", "", "https://a-b.test/", "a-b.test"),
    (r"(?:http|ftp)s?:", "", "see https:", "https:"),
    (r"\x41\u0042", "", "xABx", "AB"),
    (r"^b$", "m", "a\nb\nc", "b"),
    (r"abc", "i", "xABCx", "ABC"),
    (r"a.c", "", "a\nc abc", "abc"),
    (r"a.c", "s", "a\nc", "a\nc"),
    (r"[[]", "", "a[b", "["),
    (r"[\]\\]", "", "a]b", "]"),
    (r"[^]", "", "\n", "\n"),
    (r"\/\*", "", "a/*b", "/*"),
    (r"(a)(b)\2", "", "abb", "abb"),
    (r"x(?=y)", "", "xz xy", "x"),
    (r"[&&||~~-]", "", "a&b", "&"),
    (r"\w+ *\(\) *{\w+ *['|\"].+['|\"];? *}", "", "function(){return'newState';}", "function(){return'newState';}"),
]
ENDLESS = [r"(a+)+b", r"(a*)*", r"(a|a)*b", r"(a|b|ab)*c", r"(\w+\s?)+$", r"((a))*+", r"(a?){30}b", "a?" * 30 + "a" * 30, r"(.*)(.*)(.*)(.*)x"]
FOREIGN = [r"(?<name>a)", r"(?<=a)b", r"\p{L}", r"(a", r"a)", r"*a", r"a{2000}", r"[z-a]", "\\"]


@pytest.mark.parametrize(("source", "flags", "text", "found"), SAME)
def test_the_same_is_found(source: str, flags: str, text: str, found: str) -> None:
    pattern = compiled(source, flags)
    assert pattern is not None
    assert (match := pattern.compiled.search(text)) is not None
    assert match[0] == found


@pytest.mark.parametrize("source", [*ENDLESS, *FOREIGN])
def test_what_could_take_for_ever_or_means_something_else_is_refused(source: str) -> None:
    assert compiled(source, "") is None


def test_what_competes_is_used_on_short_texts_only() -> None:
    ends, follows, twice = compiled("[^a-z]", "g"), compiled(r"\s+$", ""), compiled(r"a.*b.*c", "")
    assert ends is not None
    assert follows is not None
    assert twice is not None
    assert ends.longest > follows.longest > twice.longest
    assert follows.cost("x" * 1000) > ends.cost("x" * 1000)


def test_nothing_is_cached_in_the_expression_itself() -> None:
    first, second = compiled("a(b)", ""), compiled("a(b)", "")
    assert first is not None
    assert second is not None
    assert isinstance(first.compiled, re.Pattern)
    assert first.compiled.groups == second.compiled.groups == 1
