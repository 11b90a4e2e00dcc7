"""Stored pages through the page detectors: each as one look at a portal of its own, with no network and nothing learnt."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple

import msgspec

from collector.decode.web import read
from collector.decode.web.url import host_of
from collector.decode.web.ways import Reading, Way
from collector.decode.web.words.judge import is_brand_host
from model.declared import Declared
from model.detector import Detector
from model.portals.declared import Portal
from model.site import SiteView, fold
from model.text import Text, shown
from model.times import DAY
from model.verdict import Outcome, Severity, Verdict
from model.webfacts import Hop, PageLooked

# One line is read into memory whole; longer ones are told and left out.
MAX_LINE = 64 * 1024 * 1024
# A page that has no address of its own gets one that cannot exist: every host written in it is another's.
NOWHERE = "https://trang.invalid/"
_FINDING = 4
# How a page names itself, and how often more its host must stand in it.
_HEAD = 256 * 1024
_SELF = re.compile(
    r"""<link\b[^>]{0,500}\brel\s*=\s*["']?canonical\b[^>]{0,2000}>|<meta\b[^>]{0,500}\bproperty\s*=\s*["']?og:url\b[^>]{0,2000}>""", re.IGNORECASE
)
_ADDRESS = re.compile(r"""\b(?:href|content)\s*=\s*["']?([^"'\s>]{1,2000})""", re.IGNORECASE)
_OFTEN = 3
_MOST_EVIDENCE = 20


class Page(msgspec.Struct):
    """One line of a corpus: an id and one of markup, text or script; other keys are of no concern."""

    id: str | int
    url: str | None = None
    html: str | None = None
    text: str | None = None
    js: str | None = None


class Answer(msgspec.Struct, kw_only=True):
    """What was judged of one page. `severity` of the gravest violation, none otherwise; `detectors` those that found one."""

    id: str | int
    outcome: Outcome
    severity: Severity | None = None
    detectors: tuple[str, ...] = ()
    evidence: tuple[dict[str, str], ...] = ()


class Broken(NamedTuple):
    """A line that is no page: its number from 1, and what is wrong in a sentence for people."""

    line: int
    text: Text


def page_detectors(every: Sequence[Detector]) -> list[Detector]:
    """Those that judge what a portal shows (finding 4) and can do so of one page: what compares several visitors says unknown even of an empty one."""
    blank = _look(NOWHERE, Reading(), DAY)
    shown = [detector for detector in every if _FINDING in detector.about.findings]
    return [detector for detector in shown if any(verdict.outcome is Outcome.CLEAR for verdict in _verdicts(blank, [detector]))]


def judged(lines: BinaryIO, name: str, detectors: Sequence[Detector], now: int) -> Iterator[Answer | Broken]:
    """Each line of a corpus, in order, read as it is asked for. `name` is the file's for people, `now` in ns: lawful destinations have dates."""
    for number, line in _numbered(lines):
        if line is None:
            yield _too_long(name, number)
        elif line.strip():
            try:
                page = msgspec.json.decode(line, type=Page)
            except (ValueError, RecursionError) as error:
                yield _no_page(name, number, error)
                continue
            yield judge(page, detectors, now) if _content(page) is not None else _nothing_in(name, number)


def _numbered(lines: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Lines with their numbers; None for one that is too long to be held."""
    number = 0
    while line := lines.readline(MAX_LINE):
        number += 1
        if line.endswith(b"\n") or len(line) < MAX_LINE:
            yield number, line
            continue
        while line and not line.endswith(b"\n"):
            line = lines.readline(MAX_LINE)
        yield number, None


def judge(page: Page, detectors: Sequence[Detector], now: int) -> Answer:
    """One page. Violation if any detector says so; else unknown if any could not tell; clear; not applicable for a page with nothing in it."""
    if not (_content(page) or "").strip():
        return Answer(id=page.id, outcome=Outcome.NOT_APPLICABLE)
    url = page.url if page.url and host_of(page.url) else own_address(page.html or "")
    return _answer(page.id, _verdicts(_look(url or NOWHERE, _read(page, url), now), detectors))


def own_address(markup: str) -> str:
    """The address a page without one says it has: what its canonical link and og:url agree on; empty for none.

    Believed only where the page uses that host throughout, and never of a bookmaker's: a forged canonical alone must not make a foreign host its own.
    """
    head = markup[:_HEAD]
    named = [found[1] for tag in _SELF.findall(head) if (found := _ADDRESS.search(tag))]
    hosts = {host_of(name) for name in named} - {""}
    if len(hosts) != 1 or is_brand_host(host := hosts.pop()):
        return ""
    return f"https://{host}/" if markup.count(f"//{host}/") >= len(named) + _OFTEN else ""


def _content(page: Page) -> str | None:
    return next((content for content in (page.html, page.text, page.js) if content is not None), None)


def _read(page: Page, url: str) -> Reading:
    if page.html is not None:
        return read.read_page(page.html, url)
    if page.text is not None:
        return read.read_text(page.text)
    return read.read_script(page.js or "", url)


def _look(url: str, reading: Reading, now: int) -> PageLooked:
    """The reading as the look of one visitor, who would have gone on by the first way that leads to another host."""
    host = host_of(url)
    asked = Hop(how="asked", url=url, host=host, status=200)
    away = [way for way in reading.ways if way.automatic and host_of(way.url) not in ("", host)]
    taken = max(away, key=_telling, default=None)
    offered = [way for way in reading.ways if way is not taken]
    return PageLooked(
        at=now,
        sensor="judge-pages",
        portal="page",
        round="once",
        persona="stored",
        part="declared",
        url=url,
        hops=(asked, _hop(taken)) if taken else (asked,),
        offered=tuple(map(_hop, offered)),
        title=reading.title,
        language=reading.language,
        generator=reading.generator,
        text=reading.text,
        words=reading.words,
        links=reading.links,
        scripts=reading.scripts,
        frames=reading.frames,
        forms=reading.forms,
        signs=reading.signs,
        unfolded=reading.unfolded,
        pages=reading.pages,
    )


def _telling(way: Way) -> tuple[bool, int]:
    """Of several ways on, none of which was followed, the one that tells most: to a bookmaker's host, then the one best hidden."""
    return is_brand_host(host_of(way.url)), len(way.folded)


def _hop(way: Way) -> Hop:
    return Hop(how=way.how, url=way.url, host=host_of(way.url), delay=way.delay, folded=way.folded)


def _verdicts(look: PageLooked, detectors: Sequence[Detector]) -> list[Verdict]:
    portal = Portal(id=look.portal, url=look.url, since=look.at)
    view = SiteView(Declared(site="judge-pages", portals=(portal,)), now=look.at)
    fold(view, look)
    return [verdict for detector in detectors for subject in detector.subjects(view) if (verdict := detector.judge(view, subject)) is not None]


def _answer(page: str | int, verdicts: Sequence[Verdict]) -> Answer:
    for outcome in (Outcome.VIOLATION, Outcome.UNKNOWN, Outcome.CLEAR):
        found = [verdict for verdict in verdicts if verdict.outcome is outcome]
        if found:
            return Answer(
                id=page,
                outcome=outcome,
                severity=max((verdict.severity for verdict in found), key=lambda severity: severity.rank) if outcome is Outcome.VIOLATION else None,
                detectors=tuple(sorted({verdict.detector for verdict in found})) if outcome is Outcome.VIOLATION else (),
                evidence=tuple({"kind": item.kind, "value": item.value} for verdict in found for item in verdict.evidence)[:_MOST_EVIDENCE],
            )
    return Answer(id=page, outcome=Outcome.NOT_APPLICABLE)


_EXPECTED_VI = 'cần một đối tượng JSON có "id" và một trong "html", "text", "js"'
_EXPECTED_EN = 'a JSON object with "id" and one of "html", "text", "js" is expected'


def _no_page(name: str, number: int, error: Exception) -> Broken:
    why = shown(str(error), 120)
    return Broken(number, Text(f"{name}, dòng {number}: {_EXPECTED_VI} ({why}).", f"{name}, line {number}: {_EXPECTED_EN} ({why})."))


def _nothing_in(name: str, number: int) -> Broken:
    return Broken(number, Text(f"{name}, dòng {number}: {_EXPECTED_VI}.", f"{name}, line {number}: {_EXPECTED_EN}."))


def _too_long(name: str, number: int) -> Broken:
    most = MAX_LINE >> 20
    return Broken(number, Text(f"{name}, dòng {number}: dài quá {most} MiB nên bị bỏ qua.", f"{name}, line {number}: longer than {most} MiB, left out."))
