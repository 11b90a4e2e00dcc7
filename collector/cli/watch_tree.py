"""What one check of a portal gave, as a tree for people: what is wrong first, then who was led where, those who were led astray before all others."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from rich.console import Console
from rich.text import Text as Line
from rich.tree import Tree

from collector.cli.say import json_lines, language
from collector.sensors.portals.personas import PERSONAS
from exporters import render_words
from model.portals.hosts import defanged
from model.portals.suspicion import Suspicion, suspicions
from model.text import Text, shown
from model.verdict import Outcome, Severity
from model.webfacts import Hop, LookFailed, PageLooked
from model.wording.portal_common import HOW, REASON
from model.wording.portal_terms import LAWFUL, PART, SIGN

if TYPE_CHECKING:
    from collector.watchonce import Checked, Look
    from model.verdict import Verdict

# Into a file or a pipe nothing says how wide; addresses are not to be broken there.
_WIDE: Final = 200
_URL: Final = 120
# Words quoted from a page that sells gambling: enough to see what it is.
_QUOTED: Final = 2

Mark = Literal["dirty", "low", "unknown", "clean"]
# Shape and colour; never colour alone.
_MARKS: Final[dict[Mark, tuple[str, str]]] = {"dirty": ("●", "bold red"), "low": ("○", "yellow"), "unknown": ("◌", "yellow"), "clean": ("✓", "green")}
_ORDER: Final[tuple[Mark, ...]] = ("dirty", "low", "unknown", "clean")
_LAWFUL: Final[dict[str, Mark]] = {"own": "clean", "destination": "clean", "government": "low", "none": "dirty"}
_OUTCOMES: Final[dict[Outcome, Mark | None]] = {Outcome.VIOLATION: "dirty", Outcome.UNKNOWN: "unknown", Outcome.CLEAR: "clean", Outcome.NOT_APPLICABLE: None}
_TROUBLE: Final = {
    "tls:name": Text("chứng thư của tên miền khác", "a certificate for another name"),
    "tls:expired": Text("chứng thư hết hạn", "an expired certificate"),
    "tls:not_yet": Text("chứng thư chưa có hiệu lực", "a certificate that is not valid yet"),
    "tls:revoked": Text("chứng thư đã bị thu hồi", "a revoked certificate"),
    "tls:untrusted": Text("chứng thư không được tin cậy", "a certificate nobody vouches for"),
    "post": Text("biểu mẫu gửi dữ liệu, không đi tiếp", "a form that sends data, not followed"),
    "bomb": Text("trang nén phình quá lớn khi mở", "a packed page that swells when opened"),
    "headers": Text("phần đầu trả lời quá dài", "a response head that is too long"),
    "packing": Text("trang nén theo cách không ai yêu cầu", "a page packed in a way nobody asked for"),
}
# What the page's reader says where it stopped before the end.
_CUT: Final = ("page:", "longer than")


class Seen(NamedTuple):
    """A look with what it raises against the portal."""

    look: Look
    raised: tuple[Suspicion, ...]
    mark: Mark

    @property
    def alike(self) -> tuple[object, ...]:
        """What looks have in common that are told together."""
        look = self.look
        ways = tuple((hop.how, hop.url, hop.status, hop.trouble) for hop in look.hops[1:])
        first = (look.hops[0].status, look.hops[0].trouble) if look.hops else ()
        kinds = tuple(sorted({raised.kind for raised in self.raised}))
        return (self.mark, first, ways, kinds, getattr(look, "reason", ""), getattr(look, "rendered", False), getattr(look, "unfolded", ()))


def draw(checked: Checked, hints: Sequence[Text] = ()) -> None:
    """The tree, on the output; `hints` at its end say what was not looked at."""
    console = Console(width=None if sys.stdout.isatty() or "COLUMNS" in os.environ else _WIDE, highlight=False)
    with console.capture() as captured:
        console.print(_tree(checked, hints))
    json_lines([captured.get().rstrip("\n").encode()])


def _tree(checked: Checked, hints: Sequence[Text]) -> Tree:
    root = Tree(Line(" · ".join(filter(None, (shown(checked.portal.name), shown(defanged(checked.portal.url), _URL)))), style="bold"))
    for verdict in sorted(checked.verdicts, key=_gravity):
        _verdict(root, verdict)
    quoted: set[str] = set()
    for personas, seen in _by_way(checked):
        _way(root, personas, seen, checked, quoted)
    for hint in hints:
        root.add(Line(f"ⓘ {hint.to(language())}", style="dim"))
    return root


def _gravity(verdict: Verdict) -> tuple[int, int, str]:
    order = (Outcome.VIOLATION, Outcome.UNKNOWN, Outcome.CLEAR, Outcome.NOT_APPLICABLE)
    return order.index(verdict.outcome), -verdict.severity.rank, verdict.detector


def _verdict(root: Tree, verdict: Verdict) -> None:
    say, violated = language(), verdict.outcome is Outcome.VIOLATION
    mark, style = _MARKS[found] if (found := _OUTCOMES[verdict.outcome]) else ("–", "dim")
    words = render_words.OUTCOMES[verdict.outcome].to(say)
    if violated:
        words = f"{words}, {render_words.SEVERITIES[verdict.severity].to(say)}, {render_words.GRADES[verdict.grade].to(say)}"
    said = verdict.title if violated else verdict.reason or verdict.summary
    branch = root.add(Line(f"{mark} {words} ({verdict.detector}): {shown(said.to(say), 300)}", style=style))
    if violated:
        branch.add(Line(shown(verdict.summary.to(say), 1_000)))
        for number, step in enumerate(verdict.remedy, 1):
            branch.add(Line(f"{number}. {shown(step.to(say), 500)}"))


def _by_way(checked: Checked) -> list[tuple[list[str], list[Seen]]]:
    """Everybody's looks, those first who saw the worst; personas who fared alike are told together."""
    found: dict[str, list[Seen]] = {}
    for look in checked.looks:
        found.setdefault(look.persona, []).append(_seen(look, checked))
    alike: dict[frozenset[object], tuple[list[str], list[Seen]]] = {}
    for persona, seen in found.items():
        personas, looks = alike.setdefault(frozenset(each.alike for each in seen if not _is_quiet(each)), ([], []))
        personas.append(persona)
        looks.extend(seen)
    return sorted(alike.values(), key=lambda each: min(_ORDER.index(seen.mark) for seen in each[1]))


def _seen(look: Look, checked: Checked) -> Seen:
    raised = suspicions(checked.portal, checked.policy, look)
    if any(each.serious for each in raised):
        return Seen(look, raised, "dirty")
    if isinstance(look, LookFailed) or look.unfolded:
        return Seen(look, raised, "unknown")
    return Seen(look, raised, "low" if any(each.severity is Severity.LOW for each in raised) else "clean")


def _way(root: Tree, personas: Sequence[str], seen: list[Seen], checked: Checked, quoted: set[str]) -> None:
    groups: dict[tuple[object, ...], list[Seen]] = {}
    for each in seen:
        groups.setdefault(each.alike, []).append(each)
    ordered = sorted(groups.values(), key=lambda group: _ORDER.index(group[0].mark))
    names = " · ".join(_name(persona) for persona in personas)
    mark = ordered[0][0].mark
    quiet = [each for group in ordered if _is_quiet(group[0]) for each in group]
    if len(quiet) == len(seen):
        root.add(_line(mark, f"{names}: {_quiet(quiet)}"))
        return
    branch = root.add(_line(mark, names))
    for group in ordered:
        if not _is_quiet(group[0]):
            _group(branch, group, checked, quoted)
    if quiet:
        branch.add(_line("clean", _quiet(quiet)))


def _name(persona: str) -> str:
    known = PERSONAS.get(persona)
    return known.label.to(language()) if known else shown(persona)


def _is_quiet(seen: Seen) -> bool:
    return seen.mark == "clean" and len(seen.look.hops) == 1 and not seen.look.hops[0].trouble


def _quiet(seen: Sequence[Seen]) -> str:
    stayed = Text("không bị chuyển đi đâu", "sent nowhere").to(language())
    return f"{stayed} ({_places(seen)})"


def _places(seen: Sequence[Seen]) -> str:
    """Where was looked, and how often."""
    counts = Counter((each.look.part, getattr(each.look, "rendered", False)) for each in seen)
    return ", ".join(_place(part, rendered=rendered) + (f" ×{count}" if count > 1 else "") for (part, rendered), count in counts.items())


def _place(part: str, *, rendered: bool) -> str:
    words = PART[part].to(language()) if part in PART else shown(part)
    return words + (Text(" (bằng trình duyệt)", " (in a browser)").to(language()) if rendered else "")


def _group(branch: Tree, group: list[Seen], checked: Checked, quoted: set[str]) -> None:
    """Looks that went alike: where, the way of the first of them, what it raises, and a word or two of what stood at its end."""
    look, raised, _ = group[0]
    node = branch.add(Line(_places(group)))
    for hop in look.hops:
        node = node.add(_hop(hop, checked))
    if isinstance(look, LookFailed):
        word = look.hops[-1].trouble if look.hops and look.hops[-1].trouble in _TROUBLE else look.reason
        node.add(_line("unknown", f"{Text('chưa rõ', 'unknown').to(language())}: {_trouble(word).to(language())}"))
    told = {each.host for each in raised if each.serious}
    for mark, words in dict.fromkeys(_raised(each) for each in raised if each.serious or not each.host or each.host not in told):
        node.add(_line(mark, words))
    if isinstance(look, PageLooked):
        for line in (*_quotes(look, quoted), *_offers(look, checked), *_unread(look)):
            node.add(line)


def _line(mark: Mark, words: str) -> Line:
    return Line(f"{_MARKS[mark][0]} {words}", style=_MARKS[mark][1])


def _raised(raised: Suspicion) -> tuple[Mark, str]:
    kind = SIGN[raised.kind].to(language()) if raised.kind in SIGN else raised.kind
    what = raised.host or " ".join(raised.hosts[:3]) or raised.value
    return "dirty" if raised.serious else "low", f"{kind}: {shown(what, 160)}" if what else kind


def _quotes(look: PageLooked, quoted: set[str]) -> Iterator[Line]:
    """What a page that sells says of itself, once in a tree."""
    selling = [sign for sign in look.signs if sign.gambling and sign.value]
    chosen = list(dict.fromkeys(shown(sign.value, 160) for sign in sorted(selling, key=lambda sign: -sign.hits)))[:_QUOTED]
    for words in chosen:
        if words not in quoted:
            yield Line(f"“{words}”", style="magenta")
    if chosen and quoted.issuperset(chosen):
        yield Line(Text("(nội dung như đã nêu ở trên)", "(words as above)").to(language()), style="dim")
    quoted.update(chosen)


def _offers(look: PageLooked, checked: Checked) -> Iterator[Line]:
    """Where a click would lead, as far as it is nobody's lawful place."""
    strange = [hop for hop in look.offered if hop.host and checked.policy.lawful(checked.portal, hop.host, look.at).kind == "none"]
    for hop in strange[:3]:
        yield Line(Text("nếu bấm: ", "after a click: ").to(language())).append_text(_hop(hop, checked))


def _unread(look: PageLooked) -> Iterator[Line]:
    """What might send a visitor on and could not be read."""
    if any(unread.startswith(_CUT) for unread in look.unfolded):
        yield _line("unknown", Text("trang dài hơn phần đọc được", "the page is longer than is read").to(language()))
    for unread in [unread for unread in look.unfolded if not unread.startswith(_CUT)][:2]:
        yield _line("unknown", f"{REASON['unfolded'].to(language())}: {shown(unread, 120)}")


def _hop(hop: Hop, checked: Checked) -> Line:
    say = language()
    kind = checked.policy.lawful(checked.portal, hop.host, checked.looks[0].at).kind if hop.host else "none"
    how = f"{HOW[hop.how].to(say)} → " if hop.how in HOW else ""
    said = [str(hop.status) if hop.status else "", LAWFUL[kind].to(say) if hop.host else ""]
    if hop.delay:
        said.append(Text(f"sau {hop.delay:g} giây", f"after {hop.delay:g} seconds").to(say))
    if hop.folded:
        said.append(Text(f"đích bị giấu: {shown(hop.folded, 60)}", f"target hidden: {shown(hop.folded, 60)}").to(say))
    if hop.trouble:
        said.append(_trouble(hop.trouble).to(say))
    mark: Mark = "unknown" if hop.trouble and _LAWFUL[kind] == "clean" else _LAWFUL[kind]
    return _line(mark, f"{how}{shown(defanged(hop.url, _URL), _URL)}" + f" ({', '.join(filter(None, said))})" * any(said))


def _trouble(word: str) -> Text:
    short = word.partition(":")[0]
    return _TROUBLE.get(word) or REASON.get(short) or Text(shown(word, 40), shown(word, 40))
