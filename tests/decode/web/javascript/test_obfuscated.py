"""Whatever a kit wraps around a target, the same target is found."""

from __future__ import annotations

import string
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.decode.web.javascript.fold import fold
from tests.decode.web.javascript import obfuscators
from tests.decode.web.javascript.obfuscators import LAYERS, by_base64, by_faces, by_reversal, by_signs, quoted

labels = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=10)
targets = st.builds(
    lambda name, sub, path: f"https://{sub}.{name}.test/{path}", labels, labels, st.text(string.ascii_letters + string.digits + "-_/?=&", max_size=24)
)
FORMS = (
    ("navigate", "location={}", "{}"),
    ("navigate", "top.location.href={}", "{}"),
    ("navigate", "window.location.replace({})", "{}"),
    ("popup", "window.open({})", "{}"),
    ("script", "var e=document.createElement('script');e.src={};document.head.appendChild(e)", "{}"),
    ("frame", "var e=document.createElement('iframe');e.src={};document.body.appendChild(e)", "{}"),
    ("write", "document.write('<iframe src='+{}+' width=0></iframe>')", "<iframe src={} width=0></iframe>"),
)


@given(target=targets, form=st.sampled_from(FORMS), layers=st.lists(st.sampled_from(LAYERS), min_size=1, max_size=3))
@settings(max_examples=60, deadline=None)
def test_the_target_comes_out_of_every_wrapping(target: str, form: tuple[str, str, str], layers: list[Callable[[str], str]]) -> None:
    what, code, told = form
    script = code.format(quoted(target))
    for layer in layers:
        script = layer(script)
        if len(script) > 20_000:
            break
    found = [effect.value for effect in fold(script).effects if effect.what == what]
    assert told.format(target) in found


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.__name__)
def test_each_wrapping_is_one_round_more(layer: Callable[[str], str]) -> None:
    script = layer(layer("location='https://go.evil-target.test/'"))
    (effect,) = fold(script).effects
    assert effect.value == "https://go.evil-target.test/"
    assert effect.layers == 2 or layer is obfuscators.by_timer  # a timer's text can be read as it stands: no round


def test_five_rounds_are_read_and_a_seventh_is_told_as_unknown() -> None:
    script = "location='https://go.evil-target.test/'"
    for _ in range(5):
        script = by_reversal(script)
    assert [effect.value for effect in fold(script).effects] == ["https://go.evil-target.test/"]
    for _ in range(2):
        script = by_base64(script)
    folded = fold(script)
    assert folded.effects == ()
    assert folded.unknown == ("bound: rounds of unpacking",)
    assert folded.obfuscated


def test_a_text_of_signs_alone_is_read() -> None:
    folded = fold("location=" + by_signs("https://go.evil.test/x"))
    assert [effect.value for effect in folded.effects] == ["https://go.evil.test/x"]
    assert folded.obfuscated


def test_a_script_of_faces_is_read() -> None:
    folded = fold(by_faces("location='https://go.evil.test/x'"))
    assert [effect.value for effect in folded.effects] == ["https://go.evil.test/x"]
    assert folded.obfuscated


def test_a_packed_script_that_leads_nowhere_is_not_called_obfuscated() -> None:
    folded = fold(obfuscators.by_packer("var menu=function(a){a.className='open'};window.menu=menu;document.title='menu'"))
    assert folded.effects == ()
    assert not folded.obfuscated


def test_an_address_hidden_from_harvesters_is_not_called_obfuscated() -> None:
    folded = fold(by_base64("document.write('<a href=\"mailto:vanthu@xa.test\">vanthu</a>')"))
    assert [effect.what for effect in folded.effects] == ["write"]
    assert folded.hosts == ()


def test_hex_names_over_a_list_of_texts_are_an_obfuscators() -> None:
    names = ";".join(f"var _0x{number:04x}=_0x1a2b[{number % 5}]" for number in range(4096, 4120))
    assert fold(f"var _0x1a2b=['a','b','c','d','e'];{names};window.location;eval(_0x1000)").obfuscated
