"""What scripts would do, by the tables of cases beside this file."""

from __future__ import annotations

import pytest

from collector.decode.web.javascript.fold import fold
from collector.decode.web.ways import Folded
from tests.decode.web.javascript import cases_hidden, cases_kits, cases_plain, cases_ways
from tests.decode.web.javascript.cases_ways import U


def lines(text: str) -> list[str]:
    return sorted(line for line in text.replace("%U", U).split("\n") if line)


def told(folded: Folded) -> list[str]:
    return sorted(f"{'' if effect.immediate else '~'}{effect.what} {effect.value}" for effect in folded.effects)


def case(row: tuple, *, name: int = 0) -> object:
    return pytest.param(*row, id=row[name].replace("%U", "U")[:70])


OPEN = [*cases_ways.NAVIGATE, *cases_ways.WRITE, *cases_ways.JQUERY, *cases_ways.LISTEN]


@pytest.mark.parametrize(("source", "expected"), [case(row) for row in OPEN])
def test_every_way_on_is_found(source: str, expected: str) -> None:
    folded = fold(source.replace("%U", U))
    assert told(folded) == lines(expected)
    assert folded.unknown == ()
    assert not folded.obfuscated


@pytest.mark.parametrize(("source", "expected", "condition"), [case(row) for row in cases_ways.CONDITIONS])
def test_a_condition_on_the_visitor_hides_nothing(source: str, expected: str, condition: str) -> None:
    folded = fold(source.replace("%U", U))
    assert told(folded) == lines(expected)
    assert all(condition in effect.folded for effect in folded.effects)


@pytest.mark.parametrize(("source", "expected", "delay"), [case(row) for row in cases_ways.TIMERS])
def test_timers_say_how_long_they_wait(source: str, expected: str, delay: float) -> None:
    folded = fold(source.replace("%U", U))
    assert told(folded) == lines(expected)
    assert [effect.delay for effect in folded.effects] == [delay]


@pytest.mark.parametrize(("source", "step"), [case(row) for row in [*cases_hidden.HIDDEN, *cases_hidden.PACKED]])
def test_what_is_hidden_is_found_and_the_steps_are_told(source: str, step: str) -> None:
    folded = fold(source.replace("%U", U))
    found = [effect for effect in folded.effects if effect.what == "navigate" and effect.value.lower() == U]
    assert found, folded
    assert any(step in effect.folded.split(", ") for effect in found)
    assert folded.unknown == ()


@pytest.mark.parametrize(("source", "step"), [case(row) for row in cases_hidden.HIDDEN if "target.test" not in row[0].lower() and "%U" not in row[0]])
def test_a_script_that_hides_its_host_is_obfuscated(source: str, step: str) -> None:
    del step
    folded = fold(source)
    assert folded.obfuscated
    assert folded.hosts == ("go.evil-target.test",)


@pytest.mark.parametrize(("source", "expected"), [case(row) for row in cases_kits.KITS])
def test_kits_are_seen_through(source: str, expected: str) -> None:
    folded = fold(source)
    assert set(lines(expected)) <= set(told(folded))
    assert folded.unknown == ()


@pytest.mark.parametrize(("source", "hosts"), [case(row) for row in cases_kits.DROPPERS])
def test_a_hidden_loader_of_the_system_is_obfuscated(source: str, hosts: tuple[str, ...]) -> None:
    folded = fold(source)
    assert folded.obfuscated
    assert folded.hosts == hosts


def test_an_old_request_by_a_plug_in_is_ordinary() -> None:
    source = "var x = window.XMLHttpRequest ? new XMLHttpRequest() : new ActiveXObject('Microsoft.XMLHTTP'); x.open('GET', '/data.xml', true); x.send(null)"
    assert fold(source)._replace(steps=0) == fold("")


@pytest.mark.parametrize(("source", "expected"), [case(row) for row in cases_plain.BENIGN])
def test_ordinary_scripts_do_what_they_say(source: str, expected: str) -> None:
    folded = fold(source)
    assert told(folded) == lines(expected)
    assert folded.unknown == ()
    assert not folded.obfuscated


@pytest.mark.parametrize(("source", "reason"), [case(row) for row in cases_plain.UNKNOWN])
def test_what_cannot_be_folded_is_unknown(source: str, reason: str) -> None:
    assert any(said.startswith(reason) for said in fold(source).unknown)
