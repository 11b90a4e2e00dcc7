"""The report as CSV for a spreadsheet: UTF-8 with a byte order mark, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv as lines
import io
from typing import TYPE_CHECKING, Final

from exporters import evidence_words
from exporters import render_words as words
from exporters.console.inert import inert
from exporters.console.speech import Speech
from exporters.report.page import local, written_day
from exporters.report.words import COURSES, say
from model.inspection.counted import noun
from model.inspection.matters import MEASURED
from model.text import Text
from model.verdict import Evidence, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from model.inspection.document import Counts, Entry, Manual, Part, Piece, Report, Row, Short
    from model.text import Language

BOM: Final = "\ufeff"
# Excel and LibreOffice take a cell that begins so for a formula; tab and carriage return are skipped before it.
_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

_HEADS: Final = (
    Text("Phần", "Part"), Text("Mục", "Row"), Text("Số trong loạt báo cáo", "Number in the series"), Text("Nội dung", "What"),
    Text("Đối tượng", "Subject"), Text("Nơi", "Place"), Text("Địa chỉ", "Address"), Text("Vi phạm", "Violation"), Text("Đạt", "Clear"),
    Text("Chưa rõ", "Unknown"), Text("Không áp dụng", "Not applicable"), Text("Trạng thái", "State"), Text("Mức độ", "Severity"),
    Text("Mức chắc chắn", "How sure"), Text("So với kỳ trước", "Since the previous"), Text("Từ lúc (giờ VN)", "Since (VN time)"),
    Text("Cập nhật (giờ VN)", "Updated (VN time)"), Text("Diễn giải", "In words"), Text("Căn cứ", "Evidence"), Text("Cách xử lý", "Remedy"),
    Text("Quy tắc", "Detector"), Text("Mã", "Id"), Text("Điểm", "Site"), Text("Người kiểm tra", "Inspector"),
)  # fmt: skip
_WIDTH: Final = len(_HEADS)
# Columns by their place, for lines that leave most of them empty.
_SINCE, _SAID, _SITE = 15, 17, _WIDTH - 2


def csv(report: Report, language: Language) -> bytes:
    """The rows with their counts, why there is no answer, the findings of each row, the measured row, the annex, what was seen by hand: one table."""
    out = io.StringIO()
    writer = lines.writer(out)
    writer.writerow([head.to(language) for head in _HEADS])
    for cells in _cells(report, language):
        filled = [*cells, *[""] * (_WIDTH - len(cells))]
        # So that the tables of several sites may be put one under the other.
        filled[_SITE] = filled[_SITE] or inert(report.site)
        writer.writerow([harmless(cell) for cell in filled])
    return (BOM + out.getvalue()).encode()


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: behind an apostrophe where it would."""
    return "'" + cell if cell.lstrip(" \u00a0").startswith(_DANGEROUS) else cell


def _cells(report: Report, language: Language) -> Iterator[list[str]]:
    entries = {entry.number: entry for entry in report.findings}
    for row in report.rows:
        yield _row(row, language)
        if row.sites:
            yield [say("part_sites", language), str(row.number), "", row.title.to(language), "", "", "", *_figures(row.sites)]
        yield from _apart(row, language)
        yield from (
            [say("part_unseen", language), str(row.number), "", inert(each.reason.to(language)), *[""] * 5, str(each.count) if each.applies else "",
             "" if each.applies else str(each.count)]
            for each in row.unseen
        )  # fmt: skip
        yield from (_entry(row.number, entries[number], language) for number in row.findings if number in entries)
    yield from (_short(each, language) for each in report.unlisted)
    yield from (_of_site(part, number, report, language) for part in report.sites for number in range(1, MEASURED))
    yield from _measured(report, language)
    yield from _annex(report, language)
    yield from (_by_hand(each, language) for each in report.manual)


def _figures(counts: Counts) -> list[str]:
    return [str(n) for n in (counts.violation, counts.clear, counts.unknown, counts.not_applicable)]


def _row(row: Row, language: Language) -> list[str]:
    figures = _figures(row.counts) if row.counts and row.kind == "judged" else [""] * 4
    said = "" if row.kind == "judged" else say(f"kind_{row.kind}", language)
    return [say("part_row", language), str(row.number), "", row.title.to(language), "", "", "", *figures, said]


def _apart(row: Row, language: Language) -> Iterator[list[str]]:
    """The same figures for each kind of subject."""
    for kind, counts in row.by_kind.items():
        many = noun(inert(kind), 2).to(language)
        yield [say("part_kind", language), str(row.number), "", row.title.to(language), many, "", "", *_figures(counts)]


def _entry(row: int, entry: Entry, language: Language) -> list[str]:
    remedy = " ".join(f"{number}. {step.to(language)}" for number, step in enumerate(entry.remedy, 1))
    return [
        say("part_finding", language), str(row), str(entry.number), inert(entry.title.to(language)), inert(entry.subject), inert(entry.place),
        inert(entry.address), "", "", "", "", _term(words.STATES, entry.state, language), words.SEVERITIES[entry.severity].to(language),
        words.GRADES[entry.grade].to(language), COURSES[entry.course].to(language), local(entry.opened), local(entry.updated),
        inert(entry.summary.to(language)), "; ".join(_piece(piece, language) for piece in entry.evidence), inert(remedy), entry.detector, entry.id,
        inert(entry.site),
    ]  # fmt: skip


def _short(each: Short, language: Language) -> list[str]:
    """A finding that is told in full by its site's own report."""
    graded = (_term(words.STATES, each.state, language), words.SEVERITIES[each.severity].to(language), words.GRADES[each.grade].to(language))
    cells = [say("part_finding", language), "", str(each.number), *[""] * 8, *graded]
    return _placed(cells, {_SITE - 2: each.detector, _SITE - 1: each.id, _SITE: inert(each.site)})


def _of_site(part: Part, number: int, report: Report, language: Language) -> list[str]:
    """A site in one row of a report over several; one that nobody reports of is unknown."""
    counts = part.counts[number - 1] if part.made else None
    outcome = (part.outcomes[number - 1] if part.made else None) or Outcome.UNKNOWN
    named = [say("part_site", language), str(number), "", report.rows[number - 1].title.to(language), inert(part.name), "", ""]
    why = inert(part.why.to(language)) if part.why else ""
    return _placed([*named, *(_figures(counts) if counts else [""] * 4), words.OUTCOMES[outcome].to(language)], {_SAID: why, _SITE: inert(part.site)})


def _by_hand(each: Manual, language: Language) -> list[str]:
    cells = [say("part_manual", language), each.matter, "", inert(each.what), inert(each.subject), "", "", "", "", "", ""]
    said = {_SAID: inert(each.note), _SITE: inert(each.site), _SITE + 1: inert(each.inspector), _SINCE: written_day(each.day)}
    return _placed([*cells, words.OUTCOMES[each.result].to(language)], said)


def _placed(cells: list[str], more: dict[int, str]) -> list[str]:
    return [*cells, *(more.get(place, "") for place in range(len(cells), _WIDTH))]


def _piece(piece: Piece, language: Language) -> str:
    # A report of a newer version may hold a kind that this one does not know; it is told by its own name.
    raw = Evidence(piece.kind, piece.value, 0)  # type: ignore[arg-type]  # see above
    return f"{evidence_words.kind(raw, language)}: {inert(evidence_words.value(raw, language))} ({local(piece.at)})"


def _measured(report: Report, language: Language) -> Iterator[list[str]]:
    part, speech = say("part_measured", language), Speech(language)
    for each in report.response.watched:
        said = say("heard_of", language).format(n=speech.number(each.hours, 1), of=speech.number(each.of, 1), week=speech.number(each.week_hours, 1))
        yield _placed([part, "15", "", said, inert(each.leg)], {_SITE: inert(each.site)})
    for sink in report.response.waiting:
        said = say("waiting_of", language).format(n=speech.number(sink.waiting), oldest=speech.number(sink.oldest), dead=speech.number(sink.dead))
        yield [part, "15", "", said, inert(sink.sink)]


def _annex(report: Report, language: Language) -> Iterator[list[str]]:
    part = say("part_annex", language)
    for pc in report.annex.machines:
        facts = (pc.product, pc.model, pc.processor, f"RAM {pc.memory >> 20} MiB" if pc.memory else "", pc.support_ends)
        yield _placed([part, "", "", inert(" · ".join(fact for fact in facts if fact)), inert(pc.name)], {_SITE: inert(pc.site)})
    for each in report.annex.programs:
        said = say("programs_of", language).format(n=each.unknown, of=each.installed)
        yield _placed([part, "", "", inert(": ".join((said, ", ".join(each.programs)))), inert(each.name)], {_SITE: inert(each.site)})


def _term(table: object, key: str, language: Language) -> str:
    known: Text | None = table.get(key) if isinstance(table, dict) else None
    return known.to(language) if known else key
