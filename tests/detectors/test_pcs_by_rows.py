"""From osquery's tables to the verdict: the real questions of the catalogue, the real decoder and the shipped table of updates, over a good and a bad PC."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from collector.declared_builds import builds
from collector.registry import detector_class
from model.declared import Declared, Enrolled
from model.site import SiteView, fold
from model.times import SECOND
from model.verdict import Outcome, Severity, Subject, Verdict
from tests.catalogue.pcs import NOW, bad_pc, office_pc, questions
from tests.detectors.pcs import reads_well

RULES = ("peripheral", "antivirus", "saved_password", "weak_logon", "licence", "patch_age")


@pytest.fixture(scope="module")
def view_of():
    def made(pc, source="osquery"):
        known = Declared(
            site="xa", enrolled=(Enrolled(id="pc-01", name="Máy 1"),), usb=(), kms_servers=(), holidays=(), builds=builds(Path("nowhere")), legs=("lan",)
        )
        view = SiteView(known, key=b"k" * 32, now=NOW * SECOND)
        for number, topic in enumerate(sorted(questions("windows"))):
            fold(view, msgspec.structs.replace(pc.fact(topic), sensor="endpoints", sequence=number, source=source))
        return view

    scripted = office_pc()
    scripted.facts(written=NOW - 3600, accounts__enabled=2, accounts__generic=0, accounts__blank=0, accounts__unset=0)
    scripted.facts(windows__status=1, windows__channel="OEM:DM", office__status=1, office__channel="Retail")
    return {"good": made(office_pc()), "scripted": made(scripted), "bad": made(bad_pc()), "carried": made(bad_pc(), "portable")}


def judged(view: SiteView, module: str) -> Verdict:
    verdict = detector_class(module)().judge(view, Subject("asset", view.posture.pc["pc-01"].asset))
    assert verdict is not None
    reads_well(verdict)
    return verdict


@pytest.mark.parametrize("module", [module for module in RULES if module != "patch_age"])
def test_a_good_pc_is_clear(view_of, module):
    assert judged(view_of["scripted"], module).outcome is Outcome.CLEAR


@pytest.mark.parametrize("module", ["licence", "weak_logon"])
def test_what_only_the_script_can_tell_is_unknown_without_it(view_of, module):
    verdict = judged(view_of["good"], module)
    assert (verdict.outcome, "vg-facts" in verdict.summary.vi) == (Outcome.UNKNOWN, True)


def test_a_well_kept_pc_may_be_out_of_support_by_the_shipped_table(view_of):
    verdict = judged(view_of["good"], "patch_age")
    assert (verdict.severity, dict(verdict.state)) == (Severity.HIGH, {"support": "11 24H2 (W)"})
    assert "Windows 11 24H2 Home, Pro hết hỗ trợ từ ngày 13/10/2026" in verdict.summary.vi


@pytest.mark.parametrize(
    ("module", "severity", "wrong"),
    [
        ("peripheral", Severity.MEDIUM, {"control"}),
        ("antivirus", Severity.MEDIUM, {"antivirus", "licence"}),
        ("saved_password", Severity.MEDIUM, {"government", "others", "policy", "accounts"}),
        ("weak_logon", Severity.HIGH, {"blank", "stored", "automatic", "lockout", "generic"}),
        ("licence", Severity.HIGH, {"traces", "server", "office"}),
        ("patch_age", Severity.HIGH, {"support", "office", "updating"}),
    ],
)
def test_a_bad_pc_is_found_by_each_rule(view_of, module, severity, wrong):
    verdict = judged(view_of["bad"], module)
    assert (verdict.outcome, verdict.severity) == (Outcome.VIOLATION, severity)
    assert wrong <= dict(verdict.state).keys()


@pytest.mark.parametrize("module", RULES)
def test_the_same_rows_carried_by_hand_say_the_same_but_for_how_they_came(view_of, module):
    live, carried = judged(view_of["bad"], module), judged(view_of["carried"], module)
    assert "Máy trả lời lúc" in live.summary.vi
    assert carried.summary.vi == live.summary.vi.replace("Máy trả lời lúc", "Đọc bằng USB kiểm tra lúc")
    same = ("outcome", "severity", "grade", "urgency", "title", "remedy", "state")
    assert [getattr(carried, name) for name in same] == [getattr(live, name) for name in same]
