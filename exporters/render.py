"""The alert as an officer at night reads it: what, where, how sure, what to do now, under 700 characters (design: "The alert")."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from exporters import evidence_words
from exporters import render_words as words
from model.text import Text, shown
from model.times import local

if TYPE_CHECKING:
    from collections.abc import Iterable

    from model.ledger import Change
    from model.text import Language

# A Zalo bot takes 2,000 characters, a phone's lock screen far less: an officer has ten seconds.
MAX_ALERT = 699
MAX_STEPS = 3
# A step that is longer is cut; every rule's first three are shorter (tests/detectors/test_contract.py).
MAX_STEP = 100
FINDING_PATH = "/phat-hien/"

MAX_PAGE_URL = 120

_TITLE, _PLACE, _NAME, _SUMMARY, _WHY, _VALUE = 110, 70, 40, 220, 90, 60
# A device is named in the first line; a sensor by what it is for: its name is a word of the configuration.
_NAMED_ABOVE = ("asset", "sensor")
# Too long all the same: the sentence of what was seen gives way first, then the steps, then the title; never the code and link.
_FLOORS = ((1, 140), (2, 200), (0, 120))
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):(?=[/\\]{2})", re.IGNORECASE)
_DEAD_SCHEMES = {"http": "hxxp:", "https": "hxxps:", "ftp": "fxp:", "hxxp": "hxxp:", "hxxps": "hxxps:", "fxp": "fxp:"}
_HOST = re.compile(r"(?:[\w-]+\.)+(?:xn--[\w-]+|[^\W\d_]{2,})\b")
# Slack takes <!channel>, Discord @everyone, mail and some chats HTML; what Alertmanager or apprise makes of a text is not ours to know.
_CALM = str.maketrans({"<": "‹", ">": "›", "@": "＠"})
_WWW = re.compile(r"(www)\.", re.IGNORECASE)
# What a scheme ends with and what the last part of a name begins with: most texts have neither, and are spared the slow searches.
_SLASHES = re.compile(r":[/\\]{2}")
_DOTTED = re.compile(r"\.[^\W\d_]")
# Names that no messenger can turn into a link to a stranger: the local ones of RFC 6762, reverse look-ups, the State's, our own files.
_SAFE_HOSTS = (".local", ".arpa", ".gov.vn", "._tcp", "._udp", ".csv")


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """How an alert names the site (its code when empty) and the rules (title by id), and where the page is (`https://host`; a bare path when empty).

    `name` is that of the only site; `names` those of several, by code.
    """

    name: str = ""
    names: dict[str, str] = {}
    page_url: str = ""
    rules: dict[str, Text] = {}

    def site(self, code: str) -> str:
        """The name of a site."""
        return self.name or self.names.get(code, code)


def alert(change: Change, language: Language = "vi", place: Place | None = None, note: Text | None = None) -> str:
    """The text of one change for people; hostile names inert, at most 699 characters. `note`: why it comes now, where that is not plain."""
    where = place or Place()
    lines = [_title(change, language, where, note), *_body(change, language), _code(change, language, where)]
    room = MAX_ALERT - len("\n".join(lines)) - 1
    lines[2:2] = _evidence(change, language, room)
    return "\n".join(_fitted(lines))


def title(change: Change, language: Language = "vi", place: Place | None = None, note: Text | None = None) -> str:
    """The alert's first line alone: severity or ending, what, which device, where."""
    return _title(change, language, place or Place(), note)


def brief(change: Change, language: Language = "vi", place: Place | None = None, note: Text | None = None) -> str:
    """What may cross a channel of strangers: how bad, which rule, where to read it; no name, address or evidence."""
    where = place or Place()
    # A finding's own title may hold a device's name; its rule's never does.
    rule = where.rules.get(change.finding.detector)
    return " · ".join((*_heading(change, language, note), *([rule.to(language)] if rule else []), _code(change, language, where)))


def inert(value: str, length: int) -> str:
    """Hostile text as it may stand in an alert: one line, at most `length`, and no link a messenger would follow (`hxxp`, `evil[.]example`)."""
    dead = unlinked(shown(value, length))
    if _DOTTED.search(dead):
        dead = _HOST.sub(_blunt_host, dead)
    return dead if len(dead) <= length else dead[: length - 1] + "…"


def unlinked(value: str) -> str:
    """`value` with its URL schemes made dead: `hxxp://`, `fxp://`, `other[:]//`."""
    if _SLASHES.search(value):
        value = _SCHEME.sub(_blunt_scheme, value)
    return _WWW.sub(r"\1[.]", value) if "www." in value.lower() else value


def calm(value: str) -> str:
    """`value` for a channel that may take it for markup or for a call to everybody: no angle brackets, no `@`."""
    return value.translate(_CALM)


def _blunt_scheme(found: re.Match[str]) -> str:
    return _DEAD_SCHEMES.get(found[1].lower(), f"{found[1]}[:]")


def _blunt_host(found: re.Match[str]) -> str:
    name = found[0]
    return name if name.lower().endswith(_SAFE_HOSTS) else name.replace(".", "[.]")


def _title(change: Change, language: Language, place: Place, note: Text | None) -> str:
    finding = change.finding
    what, where = finding.title.to(language), unlinked(shown(place.site(finding.site), _PLACE))
    if finding.subject.kind == "portal":
        # A portal is where it is: its host ends the title.
        what, _, host = what.partition(" · ")
        where = inert(host, _PLACE) or unlinked(shown(finding.subject.id, _PLACE))
    return " · ".join((*_heading(change, language, note), inert(what, _TITLE), *_which(change, what), where))


def _which(change: Change, said: str) -> tuple[str, ...]:
    """The device, since a phone's lock screen shows the first line alone; nothing where the title quotes it, or where it may be a citizen's own."""
    known = change.finding.subject.kind == "asset" and change.name
    return (f"“{inert(evidence_words.coded(change.name), _NAME)}”",) if known and "“" not in said else ()


def _heading(change: Change, language: Language, note: Text | None) -> tuple[str, ...]:
    return (*_degree(change, language), *([note.to(language).upper()] if note is not None else []))


def _degree(change: Change, language: Language) -> tuple[str, ...]:
    severity = words.SEVERITIES[change.finding.severity].to(language).upper()
    step = words.STEPS[change.step].to(language).upper()
    match change.step:
        case "opened":
            return (severity,)
        case "resolved":
            return (words.ENDINGS[change.cause.kind].to(language).upper(),)
        case "lapsed" | "accepted" | "acknowledged":
            return (step,)
        case _:
            return (severity, step)


def _body(change: Change, language: Language) -> list[str]:
    match change.step:
        case "resolved":
            return [_ending(change, language)]
        case "lapsed":
            return [f"{_when(change, language)} · {words.NOT_SEEN_ANY_MORE.to(language)}{_stale(change, language)}"]
        case "accepted" | "acknowledged":
            return [f"{_when(change, language)}{_act(change, language)}"]
        case _:
            return [_standing(change, language), *_steps(change, language)]


def _standing(change: Change, language: Language) -> str:
    finding = change.finding
    times = f" · {words.TIMES.to(language)} {finding.times}" if change.step == "reopened" else ""
    grade = words.GRADES[finding.grade].to(language)
    return f"{_when(change, language)}{times} · {grade}: {_summary(change, language)}"


def _ending(change: Change, language: Language) -> str:
    since = f"{words.OPEN_SINCE.to(language)} {local(change.finding.opened)}"
    if change.cause.kind == "observed":
        return f"{_when(change, language)} · {words.SEEN.to(language)}: {_summary(change, language)} ({since})"
    return f"{_when(change, language)}{_act(change, language)} ({since}). {words.NOT_REPAIRED.to(language)}"


def _act(change: Change, language: Language) -> str:
    """Who did it, until when and why: ` · bởi Lan đến 31/12/2025 00:00:00: lý do`."""
    cause, finding = change.cause, change.finding
    who = f" {words.BY.to(language)} {inert(cause.by, _NAME)}" if cause.by else ""
    reason = _reason(change, language)
    until = f" {words.UNTIL.to(language)} {local(finding.accepted_until)}" if change.step == "accepted" else ""
    why = f": {reason}" if reason else ""
    said = (words.CAUSES[cause.kind].to(language) if not who else "") + who + until + why
    return f" · {said.strip()}"


def _reason(change: Change, language: Language) -> str:
    """What people gave as reason; of an edit of the declared data, which gives none, what the rule says since."""
    if change.step == "resolved" and change.cause.kind == "policy" and not change.cause.why:
        return _summary(change, language).rstrip(".")
    return inert(evidence_words.coded(change.cause.why), _WHY)


def _stale(change: Change, language: Language) -> str:
    stale = change.finding.stale
    return f" {inert(_bare(change, stale.to(language)), _SUMMARY)}" if stale else ""


def _when(change: Change, language: Language) -> str:
    return f"{local(change.at)} ({words.LOCAL_TIME.to(language)})"


def _summary(change: Change, language: Language) -> str:
    """The verdict's sentence, without a device's name at its head, which the first line has; a network's or portal's name before it when nothing holds it."""
    finding = change.finding
    whole = finding.summary.to(language)
    if finding.subject.kind in _NAMED_ABOVE:
        return inert(_bare(change, whole), _SUMMARY)
    said, name = inert(whole, _SUMMARY), inert(change.name, _NAME)
    title = inert(finding.title.to(language), _TITLE)
    # Of two segments both names count; a sentence has them where it needs them.
    told = all(part in said or part in title for part in name.split(" ↔ "))
    return said if told else f"“{name}”: {said}"


def _bare(change: Change, said: str) -> str:
    head = f"“{change.name}”: "
    return said.removeprefix(head)[:1].upper() + said[len(head) + 1 :] if said.startswith(head) else said


def _steps(change: Change, language: Language) -> Iterable[str]:
    steps = change.finding.remedy[:MAX_STEPS]
    return [_numbered(steps, language)] if steps else []


# A rule tells mostly the same of all its findings, and this is made for each document.
@lru_cache(maxsize=256)
def _numbered(steps: tuple[Text, ...], language: Language) -> str:
    told = (unlinked(shown(step.to(language), MAX_STEP)) for step in steps)
    return " ".join(f"{number}. {step}" for number, step in enumerate(told, 1))


def _evidence(change: Change, language: Language, room: int) -> list[str]:
    """As much raw evidence in one line as fits into `room` characters; none for what no sighting ended."""
    if change.step in ("lapsed", "accepted", "acknowledged") or (change.step == "resolved" and change.cause.kind != "observed"):
        return []
    line = ""
    for piece in (f"{evidence_words.kind(e, language)} “{inert(evidence_words.value(e, language), _VALUE)}”" for e in change.finding.evidence if e.value):
        longer = f"{line}; {piece}" if line else f"{words.EVIDENCE.to(language)}: {piece}"
        if len(longer) > room:
            break
        line = longer
    return [line] if line else []


def _code(change: Change, language: Language, place: Place) -> str:
    finding = change.finding
    page = place.page_url.rstrip("/") if len(place.page_url) <= MAX_PAGE_URL else ""
    return f"{words.CODE.to(language)} {finding.detector}/{finding.id[:4]} · {page}{FINDING_PATH}{finding.id}"


def _fitted(lines: list[str]) -> list[str]:
    fitted = list(lines)
    for index, floor in _FLOORS:
        over = len("\n".join(fitted)) - MAX_ALERT
        if over > 0 and index < len(fitted) - 1:
            keep = max(floor, len(fitted[index]) - over - 1)
            fitted[index] = shown(fitted[index], keep)
    return fitted
