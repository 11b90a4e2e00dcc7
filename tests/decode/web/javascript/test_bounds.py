"""Hostile scripts: something is always told, in bounded work."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.decode.web.javascript.effects import MAX_EFFECTS, MAX_UNKNOWN
from collector.decode.web.javascript.fold import fold
from collector.decode.web.javascript.library import split_library
from collector.decode.web.ways import Folded
from tests.decode.web.javascript import cases_hidden, cases_plain, cases_ways
from tests.decode.web.javascript.obfuscators import LAYERS

SOURCES = [row[0].replace("%U", cases_ways.U) for table in (cases_ways.NAVIGATE, cases_ways.WRITE, cases_hidden.HIDDEN, cases_plain.BENIGN) for row in table]
SIGNS = ["(", ")", "{", "}", "[", "]", ";", ",", "+", "'", '"', "`", "=>", "=", "function", "for(;;)", "eval(", "location=", "\\", "/", "\ud800", "\0", "0x"]


def assert_bounded(folded: Folded) -> None:
    assert len(folded.effects) <= MAX_EFFECTS
    assert len(folded.unknown) <= MAX_UNKNOWN
    for effect in folded.effects:
        effect.value.encode()  # a whole text: no half of a character
        assert effect.delay >= 0
        assert 0 <= effect.layers <= 6


@given(st.text(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read(text: str) -> None:
    assert_bounded(fold(text))
    assert_bounded(fold("location=" + text))
    for source in (text, "/*! jQuery v3.6.0 */" + text):
        assert split_library(source).own in source


@given(source=st.sampled_from(SOURCES), seed=st.integers(0, 2**32))
@settings(max_examples=250, deadline=None)
def test_damaged_scripts_are_read(source: str, seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(dice.randint(1, 5)):
        at = dice.randrange(len(source) + 1)
        source = source[:at] + dice.choice(SIGNS) + source[at + dice.randrange(6) :]
    assert_bounded(fold(source))


DEEP = 20_000
HOSTILE = {
    "endless": ("location=1;while(true){}", "bound: steps"),
    "endless for": ("location=1;for(;;)x++", "bound: steps"),
    "growing text": ("var s='ab';while(1)s+=s;eval(s)", "bound: text"),
    "repeated text": ("eval('a'.repeat(1e9))", "bound: text"),
    "growing list": ("var a=[];for(;;)a=a.concat(a,[1]);eval(a)", "bound: list"),
    "far place": ("var a=[];a[9999999]=1;eval(a)", "bound: list"),
    "large list": ("eval(Array(4e9).join('x'))", "bound: list"),
    "joined": ("eval(new Array(99999).join('0123456789abcdef'))", "bound: text"),
    "padded": ("eval('a'.padStart(1e9,'ab'))", "bound: text"),
    "replaced": ("var s='a';for(;;)s=s.replace(/a/g,'aaaa');eval(s)", "bound: text"),
    "within itself": ("function f(){return f()+f()}location=f()", ""),
    "mutual": ("function f(){g();g()}function g(){f();f()}f();location='/a'", ""),
    "doubtful": ("function f(n){if(x)f(n+1);if(y)f(n+2);if(z)f(n+3)}f(0);location='/a'", ""),
    "conditions": ("if(a)x=1;else x=2;" * 2000 + "location=x", ""),
    "nested conditions": ("if(a){" * 300 + "location='/a'" + "}" * 300, ""),
    "branches": ("var u='';" + "".join(f"if(c{n})u+='{n}';" for n in range(60)) + "location=u", ""),
    "brackets": ("location=" + "(" * DEEP + "1" + ")" * DEEP, ""),
    "lists": ("location=" + "[" * DEEP + "]" * DEEP, ""),
    "sum": ("location=" + "+".join(["'a'"] * DEEP), ""),
    "right sum": ("location=" + "'a'+(" * 3000 + "1" + ")" * 3000, ""),
    "members": ("location" + ".a" * DEEP, ""),
    "calls": ("location" + "()" * DEEP, ""),
    "not": ("location=" + "!" * DEEP + "1", ""),
    "choices": ("location=" + "a?1:" * 5000 + "2", ""),
    "functions": ("eval," + "function(){" * 2000 + "}" * 2000, ""),
    "templates": ("location=" + "`${" * 2000 + "}`" * 2000, ""),
    "else if": ("if(a)b();" + "else if(c)d();" * 3000 + "location='/a'", ""),
    "many effects": ("for(var i=0;i<1000;i++)location='https://a'+i+'.test/'", "too many effects"),
    "many timers": ("function f(){setTimeout(f,1);setTimeout(f,2);setTimeout(f,3)}f();location='/a'", ""),
    "slow expression": ("location='" + "a" * 30000 + "'.replace(/(a+)+b/,'')", "navigate: replace by an expression"),
    "slow alternatives": ("location='" + "a" * 30000 + "'.match(/^(a|a)*b/)[0]", ""),
    "slow search": ("location='" + "a" * 200000 + "'.replace(/a*a*a*b/,'')", "navigate: replace by an expression"),
    "object of itself": ("var a=[];a[0]=a;location='/'+a", ""),
    "text of itself": ("var o={toString:function(){return ''+o}};location=''+o", ""),
    "getter of itself": ("var o={get a(){return this.a}};location=o.a", ""),
    "eval of itself": ("var c='eval(c);eval(c)';eval(c)", "bound: rounds of unpacking"),
    "promises": ("function f(){return Promise.resolve().then(f)}f();location='/a'", ""),
    "sorting": ("var a=[];for(var i=0;i<5000;i++)a.push(i);a.sort(function(x,y){return y-x});location=a[0]", ""),
    "two megabytes": ("var a='" + "x" * 2_000_000 + "';location='/a'", ""),
    "no code": ("location='/a';" + "0a \x04a !a " * 30_000, "bound: broken code"),
    "words of a bundle": ("eval(atob(function(){location.href}));" * 20000, ""),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_scripts_end(name: str) -> None:
    source, reason = HOSTILE[name]
    began = time.process_time()
    folded = fold(source)
    took = time.process_time() - began
    assert_bounded(folded)
    assert any(said.startswith(reason) for said in folded.unknown) or not reason, folded.unknown
    # A bound of work, not of speed: these take tenths of a second, what has no bound takes minutes.
    assert took < 20


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.__name__)
def test_a_long_payload_ends(layer: object) -> None:
    assert callable(layer)
    assert_bounded(fold(layer("location='https://go.evil-target.test/" + "a" * 60_000 + "'")))
