"""Many changes in one message, as an officer at night reads them: how many of what, where, the worst first, and where the list is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exporters import render_words as words
from exporters.evidence_words import coded
from exporters.render import MAX_ALERT, MAX_PAGE_URL, Place, inert, unlinked
from model.text import Text, shown
from model.times import local

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exporters.fold import Count, Fold
    from model.text import Language

LIST_PATH = "/phat-hien"

_NAME, _SITE, _RULE = 40, 70, 90
# A stranger's channel may cut at 160 characters and the link stands last: no more groups than this are spelled out there.
_BRIEF_GROUPS = 2
_STORM = Text("DỒN DẬP", "FLOOD")
_CHANGES = Text("thay đổi gộp vào một tin", "changes in one message")
_OTHERS = Text("và %d đối tượng khác", "and %d more")
_GROUPS = Text("và %d nhóm khác", "and %d more groups")
_LIST = Text("Xem từng phát hiện và cách xử lý", "Each finding, and what to do")
_ENDED = ("resolved", "lapsed", "accepted", "acknowledged")


def alert(fold: Fold, language: Language, place: Place) -> str:
    """The text of a fold; hostile names inert, at most 699 characters."""
    head = [title(fold, language, place), f"{local(fold.at)} ({words.LOCAL_TIME.to(language)})"]
    last = f"{_LIST.to(language)}: {link(fold, place)}"
    if fold.digest:
        lines = [f"{words.SEVERITIES[count.severity].to(language)} · {_group(count, language, place)}" for count in fold.counts]
        room = MAX_ALERT - len("\n".join([*head, last, _GROUPS.to(language)])) - 4
        return "\n".join([*head, *_fitting(lines, language, room), last])
    (count,) = fold.counts
    return "\n".join(line for line in (*head, _names(count, language), *_meaning(count, language), last) if line)


def title(fold: Fold, language: Language, place: Place) -> str:
    """The first line: how bad, how many, of what."""
    if fold.digest:
        lead = f"{words.SEVERITIES[fold.severity].to(language).upper()} · {_STORM.to(language)}" if fold.begins else _STORM.to(language)
        return f"{lead} · {len(fold.members)} {_CHANGES.to(language)}"
    (count,) = fold.counts
    return _headed(count, _group(count, language, place), language)


def brief(fold: Fold, language: Language, place: Place) -> str:
    """What may cross a channel of strangers: how bad, how many, of which rules; no name, of a device or of a site."""
    if not fold.digest:
        (count,) = fold.counts
        return f"{_headed(count, _kind(count, language, place), language)} · {link(fold, place)}"
    groups = [_kind(count, language, place) for count in fold.counts[:_BRIEF_GROUPS]]
    rest = len(fold.counts) - len(groups)
    more = [_GROUPS.to(language) % rest] if rest else []
    return " · ".join([title(fold, language, place), *groups, *more, link(fold, place)])


def link(fold: Fold, place: Place) -> str:
    """Where the list is: an address, or a bare path where none is known."""
    page = place.page_url.rstrip("/") if len(place.page_url) <= MAX_PAGE_URL else ""
    rules = {count.detector for count in fold.counts}
    query = [f"quy-tac={rules.pop()}"] if len(rules) == 1 else []
    if not fold.begins:
        query.append("trang-thai=all")
    return f"{page}{LIST_PATH}{'?' if query else ''}{'&'.join(query)}"


def _headed(count: Count, said: str, language: Language) -> str:
    """With how bad it is, unless it is over."""
    return said if count.step in _ENDED else f"{words.SEVERITIES[count.severity].to(language).upper()} · {said}"


def _group(count: Count, language: Language, place: Place) -> str:
    """`12 × phát hiện mới · Màn hình đang mở · Xã A`."""
    return f"{_kind(count, language, place)} · {unlinked(shown(place.site(count.site), _SITE))}"


def _kind(count: Count, language: Language, place: Place) -> str:
    """`12 × phát hiện mới · Màn hình đang mở`."""
    step = words.ENDINGS[count.cause] if count.step == "resolved" else words.STEPS[count.step]
    rule = place.rules.get(count.detector)
    return f"{count.count} × {step.to(language)} · {shown(rule.to(language), _RULE) if rule else count.detector}"


def _names(count: Count, language: Language) -> str:
    names = ", ".join(f"“{inert(coded(name), _NAME)}”" for name in count.names)
    others = count.count - len(count.names)
    return f"{names} {_OTHERS.to(language) % others}" if names and others > 0 else names


def _meaning(count: Count, language: Language) -> list[str]:
    """What an end does not mean."""
    if count.step == "lapsed":
        return [words.NOT_SEEN_ANY_MORE.to(language)]
    return [words.NOT_REPAIRED.to(language)] if count.step == "resolved" and count.cause != "observed" else []


def _fitting(lines: Sequence[str], language: Language, room: int) -> list[str]:
    """As many lines as fit, the worst first, and how many were left out."""
    kept: list[str] = []
    for line in lines:
        if len(line) + 1 > room:
            break
        room -= len(line) + 1
        kept.append(line)
    return [*kept, _GROUPS.to(language) % (len(lines) - len(kept))] if len(kept) < len(lines) else kept
