"""What a figure counts: networks are not PCs, and what nobody met is said, at a site and over several."""

from __future__ import annotations

import msgspec

from collector.registry import build_all
from exporters.report import csv, gather, read, stored
from model.detector import About, Closing, Need
from model.inspection import counted
from model.inspection.counting import rows
from model.inspection.document import Counts, Report, Row
from model.inspection.group import merged, outcome_of
from model.text import Text
from model.verdict import Outcome, Subject, SubjectKind, Verdict
from tests.console.commune import Journal
from tests.report.site import DECLARED


def about(name: str, need: Need, *kinds: SubjectKind, row: int = 13) -> About:
    return About(id=name, findings=(row,), title=Text(name, name), kinds=kinds, needs=(need,), closing=Closing(rule=Text("hết", "over")))


SERVER = about("VG-NET-04", "mirror", "asset")
LINE = about("VG-NET-09", "mirror", "segment")
HOST = about("VG-END-10", "endpoint", "asset")
RULES = (SERVER, LINE, HOST)


def says(rule: About, subject: str, outcome: Outcome, kind: SubjectKind = "asset") -> Verdict:
    return Verdict(detector=rule.id, subject=Subject(kind, subject), outcome=outcome, title=rule.title, summary=rule.title)


def firewall(*verdicts: Verdict) -> Row:
    return rows(verdicts, RULES, {}, {})[12]


async def site(code: str, *verdicts: Verdict) -> Report:
    return await gather(Journal(judged=list(verdicts)), msgspec.structs.replace(DECLARED, site=code), RULES)


LAWFUL = says(SERVER, "router", Outcome.CLEAR)


def test_a_lawful_server_is_no_pc_with_a_firewall() -> None:
    row = firewall(LAWFUL)
    assert row.by_kind == {"device": Counts(clear=1)}
    assert row.unmet == ("pc", "segment")
    assert [each.reason.vi for each in row.unseen] == ["Chưa có máy tính nào báo về để xét.", "Chưa nghe thấy mạng nào để xét."]


def test_each_kind_is_counted_apart_and_a_pc_heard_on_the_wire_too_is_one_pc() -> None:
    row = firewall(LAWFUL, says(SERVER, "pc", Outcome.CLEAR), says(HOST, "pc", Outcome.VIOLATION), says(LINE, "lan", Outcome.UNKNOWN, "segment"))
    assert row.by_kind == {"pc": Counts(violation=1), "device": Counts(clear=1), "segment": Counts(unknown=1)}
    assert row.counts == Counts(violation=1, clear=1, unknown=1)
    assert row.unmet == ()


def test_a_figure_has_its_noun() -> None:
    row = firewall(LAWFUL, says(LINE, "lan", Outcome.CLEAR, "segment"), says(LINE, "wan", Outcome.CLEAR, "segment"))
    assert [(count, noun.vi, noun.en) for count, noun in counted.units(row.by_kind, "clear")] == [(1, "thiết bị", "device"), (2, "mạng", "networks")]
    assert counted.units(row.by_kind, "violation") == []


def test_every_kind_that_a_rule_judges_has_a_word_of_its_own() -> None:
    rules = [detector.about for detector in build_all()]
    met = {number: counted.unmet(number, (), (rule for rule in rules if number in rule.findings)) for number in range(1, 15)}
    assert met[13] == ("pc", "segment")
    assert met[14] == ("pc", "sensor", "portal")
    assert all(met.values())
    told = {kind for kinds in met.values() for kind in kinds} | {kind for rule in rules for kind in rule.kinds if kind != "asset"}
    assert [kind for kind in told if counted.noun(kind, 2).vi == kind] == []


async def test_over_several_sites_the_network_alone_clears_no_site() -> None:
    network, whole = await site("xa-a", LAWFUL), await site("xa-b", LAWFUL, says(HOST, "pc", Outcome.CLEAR), says(LINE, "lan", Outcome.CLEAR, "segment"))
    assert (outcome_of(network, network.rows[12]), outcome_of(whole, whole.rows[12])) == (Outcome.UNKNOWN, Outcome.CLEAR)
    row = merged([network, whole], code="nhom").rows[12]
    assert row.by_kind == {"pc": Counts(clear=1), "device": Counts(clear=2), "segment": Counts(clear=1)}
    assert (row.sites, row.unmet) == (Counts(clear=1, unknown=1), ())
    assert "Chưa có máy tính nào báo về để xét. (1 điểm)" in [each.reason.vi for each in row.unseen]


async def test_the_table_has_a_line_for_each_kind_and_an_older_report_has_none() -> None:
    report = await site("xa-a", LAWFUL, says(HOST, "pc", Outcome.UNKNOWN))
    lines = [line.split(",") for line in csv(report, "vi").decode("utf-8-sig").splitlines() if line.startswith("mục theo loại đối tượng")]
    assert [(line[1], line[4], line[7:11]) for line in lines] == [("13", "máy tính", ["0", "0", "1", "0"]), ("13", "thiết bị", ["0", "1", "0", "0"])]
    older = msgspec.json.decode(stored(report))
    for row in older["rows"]:
        del row["by_kind"], row["unmet"]
    again = read(msgspec.json.encode(older), "xa-a")
    assert merged([again], code="nhom").rows[12].by_kind == {}
    assert "mục theo loại" not in csv(again, "vi").decode()
