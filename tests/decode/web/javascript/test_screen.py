"""Which scripts are read at all: all that could act, and few others."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.decode.web.javascript import screen
from collector.decode.web.javascript.fold import fold
from tests.decode.web.javascript import cases_hidden, cases_ways
from tests.decode.web.javascript.obfuscators import LAYERS, by_faces, by_signs

LIBRARIES = [
    Path("/usr/share/javascript") / name
    for name in ("jquery/jquery.min.js", "bootstrap4/js/bootstrap.bundle.min.js", "moment/moment.min.js", "rickshaw/rickshaw.min.js")
]
ACTING = [row[0].replace("%U", cases_ways.U) for table in (cases_ways.NAVIGATE, cases_hidden.HIDDEN, cases_hidden.PACKED) for row in table if row[1]]
IDLE = (
    "",
    "var a = 1 + 2; console.log(a)",
    "$('.menu').toggleClass('open'); $('#a').css('color', 'red')",
    "document.getElementById('a').innerHTML = '<b>' + n + '</b>'",
    "$('#list').append('<li>' + item.name + '</li>')",
    "var important = retrieval; // http://www.other.test/licence",
    "new Swiper('.a', {loop: true}); new WOW().init()",
    "gtag('event', 'click', {'a': 1})",
    "window.dataLayer = window.dataLayer || []; function gtag(){dataLayer.push(arguments)}",
    "var settings = {url: 'https://api.other.test/v1', key: 'x'};",
)


@pytest.mark.parametrize("source", ACTING, ids=lambda source: source[:60])
def test_what_acts_is_read(source: str) -> None:
    assert screen.need_of(source) == "read"


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.__name__)
def test_every_wrapping_is_read(layer: object) -> None:
    assert callable(layer)
    assert screen.may_act(layer("location='https://go.evil-target.test/'"))
    assert screen.may_act(by_signs("a") * 50)
    assert screen.may_act(by_faces("a"))


@pytest.mark.parametrize("source", IDLE)
def test_what_can_do_nothing_is_not_read(source: str) -> None:
    assert screen.need_of(source) == "nothing"


def test_a_services_loader_is_told_without_reading() -> None:
    source = "var s=document.createElement('script');s.src='https://www.youtube.com/iframe_api';document.body.appendChild(s)"
    assert screen.need_of(source) == "openly"
    assert [(effect.what, effect.value) for effect in fold(source).effects] == [("script", "https://www.youtube.com/iframe_api")]


def test_a_foreign_loader_beside_a_services_is_read() -> None:
    source = "var a='https://www.youtube.com/x',s=document.createElement('script');s.src='//cdn.evil-target.test/a.js';document.body.appendChild(s)"
    assert [(effect.what, effect.value) for effect in fold(source).effects] == [("script", "//cdn.evil-target.test/a.js")]


def test_of_a_bundle_the_ends_and_the_telling_places_are_read() -> None:
    filler = "var a1=function(e,t){return e+t};" * 5000
    bundle = f"location='https://a.evil.test/';{filler}location.href='https://b.evil.test/';{filler};location='https://c.evil.test/'"
    assert len(bundle) > screen.MAX_WHOLE
    assert {effect.value for effect in fold(bundle).effects} == {"https://a.evil.test/", "https://b.evil.test/", "https://c.evil.test/"}


@pytest.mark.parametrize("path", LIBRARIES, ids=lambda path: path.name)
def test_real_libraries_lead_nowhere(path: Path) -> None:
    folded = fold(path.read_text())
    assert not folded.obfuscated
    assert [effect for effect in folded.effects if "//" in effect.value] == []
    assert folded.unknown == ()
