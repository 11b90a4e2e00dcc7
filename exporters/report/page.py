"""The report as HTML: a document that stands alone and prints on A4 without a script, or its body for the page."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from exporters import evidence_words
from exporters import render_words as words
from exporters.console.inert import inert
from exporters.console.speech import Speech
from exporters.report.words import COURSES, say
from model.inspection.counted import none_of, units
from model.inspection.matters import BLANK_LINES, BY_HAND, MEASURED, OUTSIDE
from model.posture.laws import in_force
from model.posture.roster import RECEIVER
from model.text import Text
from model.times import SECOND, VIETNAM
from model.verdict import Evidence

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from model.inspection.document import Course, Manual, Piece, Report, Row, Unseen
    from model.text import Language

TEMPLATES: Final = Path(__file__).parent / "templates"
# The page has the same sheet under its own address, since it allows no style inside a document.
STYLE: Final = Path(__file__).parent.parent / "console" / "static" / "report.css"
# Evidence on paper: enough to check it by, the whole is in the JSON.
SHOWN: Final = 160
_PIECES: Final = 6
# A table of legs longer than some pages is not read; the JSON has them all.
_LEGS: Final = 200
# So many runs of numbers stand in one cell.
_RUNS: Final = 60
_SHORT: Final = 2.0
_ORDER: Final[tuple[Course, ...]] = ("new", "back", "worse", "still", "closed", "lapsed")


def html(report: Report, language: Language) -> str:
    """A document of its own: style inside, no script, nothing from elsewhere."""
    style = Markup(STYLE.read_text(encoding="utf-8"))  # noqa: S704 - our own file
    return _environment(language).get_template("document.html").render(report=report, language=language, style=style, **_parts(report))


def body(report: Report, language: Language) -> Markup:
    """What stands inside the page's own frame."""
    return Markup(_environment(language).get_template("body.html").render(report=report, language=language, **_parts(report)))  # noqa: S704 - escaped there


def _environment(language: Language) -> Environment:
    speech = Speech(language)
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=partial(_printed, language),
    )
    made.globals.update(say=partial(_said, language), receiver=RECEIVER)
    made.filters.update(
        number=speech.number,
        size=speech.size,
        local=local,
        day=_day,
        written_day=written_day,
        cut=inert,
        listening=partial(_listening, language),
        counted=partial(counted, language),
        evidence_kind=partial(_piece, language, evidence_words.kind),
        evidence_value=partial(_piece, language, evidence_words.value),
    )
    return made


def _printed(language: Language, value: object) -> object:
    """Whatever is printed is inert, whether or not the template thought of it."""
    if isinstance(value, Markup):
        return value
    if isinstance(value, Text):
        return inert(value.to(language))
    return inert(value) if isinstance(value, str) else value


def _said(language: Language, phrase: str, **values: object) -> str:
    return say(phrase, language).format(**values)


def _listening(language: Language, hours: float, of: float) -> str:
    """Hours of the longest they could be; minutes where that is less than two hours."""
    if of < _SHORT:
        return _said(language, "minutes", n=_said(language, "of", n=round(hours * 60), of=round(of * 60)))
    number = Speech(language).number
    return _said(language, "of", n=number(hours, 1), of=number(of, 1))


def counted(language: Language, row: Row, outcome: str) -> list[str]:
    """What the figure counts: `máy tính`, or `2 máy tính` and `1 mạng` for several kinds; none where nothing is counted, or an older report does not say."""
    found = units(row.by_kind, outcome)
    number = Speech(language).number
    # A figure does not stand at the end of a line without its noun.
    return [found[0][1].to(language)] if len(found) == 1 else [f"{number(count)}\u00a0{noun.to(language)}" for count, noun in found]


def _piece(language: Language, spoken: Callable[[Evidence, Language], str], piece: Piece) -> str:
    # A report of a newer version may hold a kind that this one does not know; it is told by its own name.
    return inert(spoken(Evidence(piece.kind, piece.value, 0), language), SHOWN)  # type: ignore[arg-type]  # see above


def _parts(report: Report) -> Mapping[str, Any]:
    law = in_force(int(report.made.timestamp()) * SECOND)
    return {
        "states": words.STATES,
        "severities": words.SEVERITIES,
        "grades": words.GRADES,
        "causes": words.CAUSES,
        "courses": COURSES,
        "vantages": evidence_words.VANTAGES,
        "law": law.name if law else None,
        "by_hand": BY_HAND,
        "blank": range(BLANK_LINES),
        "outside": OUTSIDE,
        "blind": _blind(report),
        "changes": _changes(report),
        "spans": spans,
        "none_of": none_of,
        "pieces": _PIECES,
        "names": {part.site: part.name or part.site for part in report.sites},
        "judged": range(1, MEASURED),
        "legs": report.response.watched[:_LEGS],
        "results": words.OUTCOMES,
        "by_matter": _by_matter(report),
        "loose": [each for each in report.manual if each.matter not in {hand.code for hand in BY_HAND}],
    }


def _by_matter(report: Report) -> Mapping[str, list[Manual]]:
    """What was checked by hand, by the matter it is about."""
    found: dict[str, list[Manual]] = defaultdict(list)
    for each in report.manual:
        found[each.matter].append(each)
    return dict(found)


def _changes(report: Report) -> list[tuple[Text, tuple[int, ...]]]:
    """The courses in the order in which somebody who has an hour reads them."""
    compared = report.comparison
    if compared is None:
        return []
    found = (compared.new, compared.back, compared.worse, compared.still, compared.closed, compared.lapsed)
    return [(COURSES[course], numbers) for course, numbers in zip(_ORDER, found, strict=True)]


def _blind(report: Report) -> list[tuple[tuple[int, ...], Unseen, int]]:
    """Why there is no answer, each reason once: the rows that want for it, and for how many verdicts in all."""
    rows: dict[tuple[Text, bool], list[int]] = defaultdict(list)
    sums: Counter[tuple[Text, bool]] = Counter()
    first: dict[tuple[Text, bool], Unseen] = {}
    for number, each in ((row.number, each) for row in report.rows for each in row.unseen):
        key = (each.reason, each.applies)
        rows[key].append(number)
        sums[key] += each.count
        first.setdefault(key, each)
    return [(tuple(rows[key]), each, sums[key]) for key, each in sorted(first.items(), key=lambda item: (not item[1].applies, rows[item[0]]))]


def spans(numbers: tuple[int, ...]) -> str:
    """`1–4, 7`: numbers in their order, runs joined; a dash for none."""
    runs = [[number for _, number in group] for _, group in groupby(enumerate(sorted(numbers)), key=lambda pair: pair[1] - pair[0])]
    written = ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs[:_RUNS]) or "–"
    return written if len(runs) <= _RUNS else f"{written}, …"


def local(at: datetime) -> str:
    """An instant as people in Viet Nam read it."""
    return _there(at).strftime("%d/%m/%Y %H:%M:%S")


def _day(at: datetime) -> str:
    return _there(at).strftime("%d/%m/%Y")


def _there(at: datetime) -> datetime:
    try:
        return at.astimezone(VIETNAM)
    except OverflowError:  # the end of the year 9999, in a file from elsewhere
        return at


def written_day(day: str) -> str:
    """A day of `2026-11-22` as people write it."""
    return "/".join(reversed(day.split("-")))
