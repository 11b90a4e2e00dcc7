"""The quick looks for ways on find just what one expression of all their forms finds, which says what they are but costs thirty times as much."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.decode.web.javascript.leads import adds_pieces, hides_names, leads_on

LEADS = re.compile(
    r"\blocation(?:\s*\.\s*(?:href|host|hostname))?\s*=(?!=)|[\"']location[\"']|\blocation\s*\.\s*(?:replace|assign)\b|(?<![\w$.])open\s*\("
    r"|\.open\s*\((?!\s*(?:[\"'](?:GET|POST|PUT|HEAD|DELETE|OPTIONS|get|post)|[\w$.]{1,12}\.(?:type|method|httpMethod)))"
    r"|\{[^{}]{0,60}\blocation\b[^{}]{0,60}\}\s*=|[=(,\[:?]\s*(?:\w{1,20}\.)?location\s*(?:[,);\]}|]|\Z)|\.\s*submit\s*\(|\.write(?:ln)?\s*\("
    r"|set(?:Timeout|Interval)\s*\(\s*[\"']|\bimport\b|importScripts|serviceWorker|requestPermission|\.click\s*\(\s*\)|getScript|javascript:|navigate\("
)
HIDES = re.compile(
    r"(?:\\x[0-9a-fA-F]{2}|\\u\{?00[2-7][0-9a-fA-F]\}?|\\[0-7]{3}){3}|\bwith\s*\(\s*(?:document|window|location)"
    r"|(?:window|self|top|this|parent|document|globalThis|location|frames)\s*\[\s*(?:[\"'](?:loc|ope|eva|wri|ato|une|cre|Fun|nav|hre|rep|ass|exe|set|\\)"
    r"|[\"'][^\"']{0,16}[\"']\s*[+.]|[\w$]+\s*[(+])"
)
ADDS = re.compile(r"[\"']\s*\+\s*[\"']")
TOKENS = (
    "location", "lo", "open", "submit", "write", "ln", "click", "import", "importScripts", "setTimeout", "setInterval", "with", "window", "document", "this",
    "globalThis", "GET", "type", "href", "replace", "assign", "abcdefghijklmnopqrstuv", "x", "_", "$", "1", ".", ",", ";", ":", "?", "|", "=", "+", "(", ")",
    "[", "]", "{", "}", '"', "'", "\\", "\\x41", "\\u0041", "\\101", " ", "\n", " " * 40,
)  # fmt: skip


@pytest.mark.parametrize(("look", "whole"), [(leads_on, LEADS), (hides_names, HIDES), (adds_pieces, ADDS)], ids=["leads", "hides", "adds"])
@given(pieces=st.lists(st.sampled_from(TOKENS), max_size=14))
@settings(max_examples=500)
def test_the_quick_look_and_the_whole_expression_agree(look, whole, pieces):
    source = "".join(pieces)
    assert look(source) is (whole.search(source) is not None)


@pytest.mark.parametrize(
    "source",
    [
        "location = 'x'", "var { location } = window; f(", "go(window.location)", "f( window.location )", "a[ location", "form . submit (", "open ('x')",
        "w.open(u)", "setTimeout ( 'go()', 5)", "a.click( )", 'top["location"]', "import('x')", "document.writeln (x)",
    ],
)  # fmt: skip
def test_a_way_on_in_use(source):
    assert leads_on(source)


@pytest.mark.parametrize("source", ["location.href == x", "x.allocation = 1", "r.open('GET', u)", "reopen(x)", "important", "a.click(f)", "submit(x)"])
def test_a_word_that_is_only_read(source):
    assert not leads_on(source)
