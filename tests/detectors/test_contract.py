"""What every detector must keep, found by scanning the package: a new one is covered from the moment its file exists."""

from __future__ import annotations

import contextlib
import dataclasses
import re
import socket
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.registry import RegistryError, build_all, detector_class, detector_modules
from model.declared import Enrolled
from model.detector import Detector, Need
from model.posture.builds import Builds, Release, SupportEnd
from model.site import SiteView, fold
from model.text import Text
from model.times import DAY, HOUR, day_of
from model.verdict import EvidenceKind, Outcome, Severity, Subject, SubjectKind, Urgency, Verdict
from tests.model.making import AT, KINDS, STATIONS, declared, dump, histories, registered, screen, view_of

ROOT = Path(__file__).parents[2]
MODULES = detector_modules()
LOW, MEDIUM, HIGH, CRITICAL = Severity

# design: how bad a finding of each rule may be, and whom it may wake. Posture never pages.
SEVERITIES: dict[str, set[Severity]] = {
    "VG-NET-01": {LOW, MEDIUM, HIGH},
    "VG-NET-02": {LOW, MEDIUM, HIGH},
    "VG-NET-03": {HIGH, CRITICAL},
    "VG-NET-04": {HIGH},
    "VG-NET-05": {MEDIUM, HIGH},
    "VG-NET-06": {LOW, MEDIUM, HIGH},
    "VG-NET-07": {LOW, MEDIUM, HIGH},
    "VG-NET-08": {HIGH, CRITICAL},
    "VG-NET-09": {MEDIUM, HIGH},
    "VG-NET-10": {MEDIUM},
    "VG-END-01": {LOW, MEDIUM},
    "VG-END-02": {LOW, MEDIUM, HIGH},
    "VG-END-03": {LOW, MEDIUM},
    "VG-END-04": {LOW, MEDIUM, HIGH},
    "VG-END-05": {LOW, MEDIUM, HIGH},
    "VG-END-06": {LOW, MEDIUM, HIGH},
    "VG-COV-01": {MEDIUM, HIGH},
}
WAKES = {"VG-NET-03", "VG-NET-04", "VG-NET-07", "VG-NET-08", "VG-WEB-01", "VG-WEB-02", "VG-WEB-03", "VG-COV-01"}

ZONES = {"lan": "staff", "wifi": "citizen"}
SENSORS = ("capture:lan", "capture:wifi")
TABLE = Builds(
    as_of=day_of(AT) - 90,
    releases=(Release(26100, 4000, day_of(AT) - 200), Release(26100, 4100, day_of(AT) - 90)),
    ends=(SupportEnd(build=26100, label="11 24H2", ends=day_of(AT) + 1),),
)
WORLDS = {
    "nothing declared": declared(),
    "everything declared": declared(
        zones=ZONES,
        sensors=SENSORS,
        screens=(screen(),),
        register=(registered(STATIONS[1]),),
        dhcp_servers=(),
        routers=(),
        enrolled=(Enrolled(id="pc-01", people=2),),
        usb=(),
        kms_servers=(),
        holidays=(),
        builds=TABLE,
    ),
    "screens apart": declared(zones={"lan": "display", "wifi": "display"}, sensors=SENSORS),
}


def made(module: str) -> Detector:
    return detector_class(module)()


def every_verdict(detector: Detector, view: SiteView) -> dict[Subject, Verdict]:
    """On its own subjects and on everything else of their kinds that was heard."""
    heard = {"asset": view.assets, "segment": view.segments, "sensor": view.sensors}
    met = {Subject(kind, key) for kind in detector.about.kinds for key in heard.get(kind, ())}
    judged = {subject: detector.judge(view, subject) for subject in sorted({*detector.subjects(view), *met})}
    return {subject: verdict for subject, verdict in judged.items() if verdict is not None}


@pytest.fixture(params=MODULES)
def detector(request) -> Detector:
    return made(request.param)


# Metadata


def test_there_are_detectors():
    assert {"open_display", "coverage"} <= set(MODULES)


def test_ids_are_unique():
    ids = [detector.about.id for detector in build_all()]
    assert ids == sorted(set(ids))


@pytest.mark.parametrize("module", MODULES)
def test_about_is_whole(module):
    about = made(module).about
    assert re.fullmatch(r"VG-(NET|WEB|END|COV)-\d\d", about.id)
    assert about.findings
    assert set(about.findings) <= set(range(1, 16))
    assert set(about.kinds) <= set(get_args(SubjectKind))
    assert about.kinds
    assert set(about.needs) <= set(get_args(Need))
    assert about.version >= 1
    assert about.closing.clears >= 1
    assert about.closing.lapse >= DAY
    assert all(re.fullmatch(r"[TM]\d{4}(\.\d{3})?", code) for code in about.attack)


@pytest.mark.parametrize("module", MODULES)
def test_it_is_a_frozen_dataclass_whose_every_option_has_a_default(module):
    kind = detector_class(module)
    assert dataclasses.is_dataclass(kind)
    assert kind.__dataclass_params__.frozen
    assert hasattr(kind, "__slots__")
    missing = [f.name for f in dataclasses.fields(kind) if f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING]
    assert missing == []
    assert kind() == kind()


def test_a_module_with_two_detectors_is_refused(tmp_path, monkeypatch):
    import detectors

    (tmp_path / "twice.py").write_text("from detectors.coverage import Coverage\nclass A(Coverage): pass\nclass B(Coverage): pass\n")
    monkeypatch.setattr(detectors, "__path__", [*detectors.__path__, str(tmp_path)])
    with pytest.raises(RegistryError, match=r"detectors/twice\.py holds 2"):
        detector_class("twice")
    sys.modules.pop("detectors.twice", None)


@pytest.mark.parametrize("module", MODULES)
def test_it_has_a_test_of_its_own(module):
    assert (ROOT / "tests/detectors" / f"test_{module}.py").is_file()


@pytest.mark.parametrize("module", MODULES)
def test_its_row_in_the_document_says_the_same(module):
    about = made(module).about
    rows = [line for line in (ROOT / "docs/detectors.md").read_text().splitlines() if line.startswith(f"| {about.id} ")]
    assert len(rows) == 1
    cells = [cell.strip() for cell in rows[0].strip("|").split("|")]
    assert cells[1] == f"`{module}`"
    assert cells[2] == about.title.vi
    assert cells[3] == ", ".join(map(str, about.findings))
    assert set(re.findall(r"\w+", cells[4])) == set(about.needs)


@pytest.mark.parametrize("module", MODULES)
def test_config_toml_shows_each_option(module):
    lines = (ROOT / "config.toml").read_text().splitlines()
    shown = tomllib.loads("\n".join(line.removeprefix("# ") for line in lines if not line.startswith("##")))
    assert set(shown["detectors"].get(module, {})) == {field.name for field in dataclasses.fields(detector_class(module))}


# Judging

EMPTY = {
    "nothing heard": lambda known: SiteView(known, now=AT),
    "nothing heard for a minute after a start": lambda known: view_of([], known, now=60),
}


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("empty", EMPTY)
def test_an_empty_view_is_neither_a_violation_nor_clear(detector, world, empty):
    view = EMPTY[empty](WORLDS[world])
    nobody = {Subject(kind, "nobody") for kind in detector.about.kinds}
    verdicts = [detector.judge(view, subject) for subject in {*detector.subjects(view), *nobody}]
    assert {verdict.outcome for verdict in verdicts if verdict} <= {Outcome.UNKNOWN, Outcome.NOT_APPLICABLE}


def assert_in_both_languages(text: Text) -> None:
    assert text.vi.strip()
    assert text.en.strip()
    assert text.vi != text.en, "said in one language only"
    assert "\n" not in text.vi + text.en
    assert len(text.vi) < 400


def check(detector: Detector, view: SiteView, subject: Subject, verdict: Verdict) -> None:
    about = detector.about
    assert (verdict.detector, verdict.subject) == (about.id, subject)
    for text in (verdict.title, verdict.summary, *verdict.remedy, *([verdict.reason] if verdict.reason else ())):
        assert_in_both_languages(text)
    if verdict.outcome is Outcome.VIOLATION:
        assert verdict.severity in SEVERITIES.get(about.id, set(Severity))
        assert verdict.urgency is not Urgency.PAGE or about.id in WAKES
        assert 1 <= len(verdict.remedy) <= 3, "an officer reads three steps at most"
        assert verdict.state, "nothing to tell a change by"
    elif verdict.outcome is not Outcome.CLEAR:
        assert verdict.reason is not None, "an unknown without its reason"
    assert {piece.kind for piece in verdict.evidence} <= set(get_args(EvidenceKind))
    assert all("\n" not in piece.value and len(piece.value) <= 400 for piece in verdict.evidence)
    assert verdict.unseen >= 0
    assert msgspec.json.decode(msgspec.json.encode(verdict), type=Verdict) == verdict
    assert verdict.recheck_at is None or verdict.recheck_at > view.now - DAY


def test_the_metadata_speaks_both_languages(detector):
    assert_in_both_languages(detector.about.title)
    assert_in_both_languages(detector.about.closing.rule)


@pytest.mark.parametrize("world", WORLDS)
@given(facts=histories(most=20), hours=st.integers(0, 40))
@settings(max_examples=150, deadline=None)
def test_every_verdict_is_well_formed_and_repeatable(world, facts, hours):
    """Of all rules at once: to make the facts takes longer than to judge them."""
    view = view_of(facts, WORLDS[world], now=hours * HOUR)
    rows, dirty = dump(view), set(view.dirty)
    for detector in map(made, MODULES):
        verdicts = every_verdict(detector, view)
        for subject, verdict in verdicts.items():
            assert subject.kind in detector.about.kinds
            check(detector, view, subject, verdict)
        assert every_verdict(detector, view) == verdicts
    assert (dump(view), set(view.dirty)) == (rows, dirty), "judging changed the view"


@pytest.mark.parametrize("world", WORLDS)
@given(facts=histories(most=20))
@settings(max_examples=150, deadline=None)
def test_what_a_fact_touches_is_among_the_subjects_of_a_review(world, facts):
    """After a restart or a policy edit only `subjects` are judged: what is missing there would keep its old verdict."""
    view = view_of([], WORLDS[world])
    touched = {subject for fact in facts for subject in fold(view, fact)}
    for detector in map(made, MODULES):
        listed = set(detector.subjects(view))
        for subject in touched:
            verdict = detector.judge(view, subject) if subject.kind in detector.about.kinds else None
            assert verdict is None or subject in listed or verdict.outcome is Outcome.NOT_APPLICABLE, detector.about.id


@pytest.mark.parametrize("kinds", KINDS)
@given(data=st.data(), random=st.randoms(use_true_random=False), hours=st.integers(0, 40))
@settings(max_examples=80, deadline=None)
def test_any_order_of_arrival_gives_the_same_verdicts(kinds, data, random, hours):
    facts = data.draw(histories(kinds=KINDS[kinds]))
    shuffled = facts[:]
    random.shuffle(shuffled)
    straight, mixed = (view_of(told, WORLDS["everything declared"], now=hours * HOUR) for told in (facts, shuffled))
    for detector in map(made, MODULES):
        assert every_verdict(detector, mixed) == every_verdict(detector, straight), detector.about.id


# Purity

_FORBIDDEN = ("open", "import", "exec", "compile", "os.", "socket.", "subprocess.", "shutil.", "sqlite3.", "ctypes.", "urllib.", "tempfile.", "time.sleep")
_caught: list[str] | None = None


def _listen(event: str, args: tuple[Any, ...]) -> None:
    if _caught is not None and event.startswith(_FORBIDDEN):
        _caught.append(f"{event} {args[:1]}")


sys.addaudithook(_listen)


@contextlib.contextmanager
def watched() -> Iterator[list[str]]:
    """What the interpreter did outside itself meanwhile (audit events); a hook cannot be taken away, so it only listens here."""
    global _caught  # noqa: PLW0603 - the hook lives as long as the process
    caught: list[str] = []
    _caught = caught
    try:
        yield caught
    finally:
        _caught = None


def test_the_guard_sees_what_it_must_see(tmp_path):
    with watched() as caught:
        (tmp_path / "x").write_text("x")
        with socket.socket():
            pass
        with pytest.raises(ImportError):
            __import__("nowhere_to_be_found")
    assert {event.partition(" ")[0] for event in caught} >= {"open", "socket.__new__", "import"}


@pytest.mark.parametrize("module", MODULES)
@given(facts=histories(most=20))
@settings(max_examples=30, deadline=None)
def test_judging_touches_nothing_outside(module, facts):
    detector = made(module)
    view = view_of(facts, WORLDS["everything declared"], now=HOUR)
    every_verdict(detector, view)
    with watched() as caught:
        every_verdict(detector, view)
    assert caught == []
