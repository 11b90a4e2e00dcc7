"""What one check of a portal gave, for people (a tree per persona) and for programs (one JSON line)."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Final

import msgspec
from rich.console import Console
from rich.text import Text as Line
from rich.tree import Tree

from collector.cli.say import language
from collector.sensors.portals.personas import PERSONAS
from exporters import contract, render_words
from model.portals.hosts import defanged
from model.text import Text, shown
from model.verdict import Outcome
from model.webfacts import Hop, LookFailed, PageLooked
from model.wording.portal_common import HOW, REASON

if TYPE_CHECKING:
    from collector.watchonce import Checked, Look
    from model.verdict import Verdict

_LONG: Final = 110
_PARTS: Final = {
    "home": Text("trang chủ", "home page"),
    "declared": Text("trang đã khai báo", "declared page"),
    "sample": Text("trang lấy mẫu", "sampled page"),
    "missing": Text("đường dẫn không thể có", "a path that cannot exist"),
    "query": Text("địa chỉ kiểu trang dẫn dụ", "an address as doorway kits have"),
}
# What a host is to the portal's visitors: mark and word, never colour alone.
_LAWFUL: Final = {
    "own": ("✓", Text("của cổng", "the portal's own"), "green"),
    "destination": ("✓", Text("nơi đến được phép", "lawful destination"), "green"),
    "government": ("○", Text("cơ quan nhà nước chưa khai báo", "government, not declared"), "yellow"),
    "none": ("●", Text("ngoài danh sách cho phép", "not lawful"), "bold red"),
}
_OUTCOMES: Final = {
    Outcome.VIOLATION: ("●", "bold red"),
    Outcome.CLEAR: ("✓", "green"),
    Outcome.UNKNOWN: ("◌", "yellow"),
    Outcome.NOT_APPLICABLE: ("–", "dim"),
}


def draw(checked: Checked) -> None:
    """The tree, on the output."""
    root = Tree(Line(shown(defanged(checked.portal.url), _LONG), style="bold"))
    for verdict in sorted(checked.verdicts, key=lambda verdict: verdict.detector):
        _verdict(root, verdict)
    for persona in dict.fromkeys(look.persona for look in checked.looks):
        _persona(root, persona, [look for look in checked.looks if look.persona == persona], checked)
    width = None if sys.stdout.isatty() else 160
    Console(width=width, highlight=False, soft_wrap=not sys.stdout.isatty()).print(root)


def _verdict(root: Tree, verdict: Verdict) -> None:
    mark, style = _OUTCOMES[verdict.outcome]
    words = render_words.OUTCOMES[verdict.outcome].to(language())
    if verdict.outcome is Outcome.VIOLATION:
        words = f"{words}, {render_words.SEVERITIES[verdict.severity].to(language())}, {render_words.GRADES[verdict.grade].to(language())}"
    said = verdict.title if verdict.outcome is Outcome.VIOLATION else verdict.reason or verdict.summary
    branch = root.add(Line(f"{mark} {verdict.detector} {words}: {shown(said.to(language()), 200)}", style=style))
    if verdict.outcome is Outcome.VIOLATION:
        branch.add(Line(shown(verdict.summary.to(language()), 500)))
        for number, step in enumerate(verdict.remedy, 1):
            branch.add(Line(f"{number}. {shown(step.to(language()), 300)}"))


def _persona(root: Tree, persona: str, looks: list[Look], checked: Checked) -> None:
    known = PERSONAS.get(persona)
    branch = root.add(Line(known.label.to(language()) if known else persona, style="bold"))
    quiet = Counter(look.part for look in looks if look.part != "home" and _is_quiet(look))
    for look in looks:
        if look.part == "home" or not _is_quiet(look):
            _look(branch, look, checked)
    for part, count in quiet.items():
        said = Text(f"{count} lượt không bị chuyển đi đâu", f"{count} looks, sent nowhere")
        branch.add(Line(f"✓ {_PARTS[part].to(language())}: {said.to(language())}", style="dim"))


def _is_quiet(look: Look) -> bool:
    return isinstance(look, PageLooked) and len(look.hops) < 2 and not any(sign.kind != "topic" for sign in look.signs) and not look.unfolded


def _look(branch: Tree, look: Look, checked: Checked) -> None:
    words = _PARTS[look.part].to(language())
    if look.attempt:
        words += Text(" (nhìn lại)", " (second look)").to(language())
    if isinstance(look, PageLooked) and look.rendered:
        words += Text(" (bằng trình duyệt)", " (in a browser)").to(language())
    node = branch.add(Line(words))
    for hop in look.hops:
        node = node.add(_hop(hop, checked))
    if isinstance(look, LookFailed):
        why = REASON.get(look.reason, Text(look.reason, look.reason)).to(language())
        node.add(Line(f"◌ {Text('chưa rõ', 'unknown').to(language())}: {why} {shown(look.detail, 120)}", style="yellow"))
        return
    for hop in look.offered[:5]:
        node.add(Line(Text("mời bấm: ", "offered: ").to(language())).append_text(_hop(hop, checked)))
    for sign in look.signs[:8]:
        node.add(Line(f"! {sign.kind}: {shown(sign.value, 120)} ({shown(sign.where, 40)})", style="magenta"))
    for unread in look.unfolded[:3]:
        node.add(Line(f"◌ {REASON['unfolded'].to(language())}: {shown(unread, 100)}", style="yellow"))


def _hop(hop: Hop, checked: Checked) -> Line:
    kind = checked.policy.lawful(checked.portal, hop.host, checked.looks[0].at).kind
    mark, word, style = _LAWFUL[kind]
    how = HOW.get(hop.how)
    parts = [how.to(language()) + ":" if how else "", shown(defanged(hop.url), _LONG), str(hop.status) if hop.status else "", word.to(language())]
    if hop.delay:
        parts.append(Text(f"sau {hop.delay:g} giây", f"after {hop.delay:g} seconds").to(language()))
    if hop.folded:
        parts.append(f"[{shown(hop.folded, 60)}]")
    if hop.trouble:
        parts.append(shown(hop.trouble, 40))
    return Line(f"{mark} " + " ".join(part for part in parts if part), style=style)


def line_of(checked: Checked) -> bytes:
    """The contract's JSON of one check: verdicts with the redirect chain of every look."""
    worst = checked.worst
    outcome = Outcome.VIOLATION if worst else _outcome(checked)
    return msgspec.json.encode(
        {
            "portal": {"id": checked.portal.id, "url": checked.portal.url, "name": checked.portal.name},
            "outcome": outcome,
            "severity": worst.severity if worst else None,
            "verdicts": [_verdict_line(verdict) for verdict in sorted(checked.verdicts, key=lambda verdict: verdict.detector)],
            "looks": [_look_line(look, checked) for look in checked.looks],
        }
    )


def _outcome(checked: Checked) -> Outcome:
    outcomes = {verdict.outcome for verdict in checked.verdicts}
    return Outcome.UNKNOWN if Outcome.UNKNOWN in outcomes or not checked.seen else Outcome.CLEAR


def _verdict_line(verdict: Verdict) -> dict[str, object]:
    return {
        "detector": verdict.detector,
        "outcome": verdict.outcome,
        "severity": verdict.severity if verdict.outcome is Outcome.VIOLATION else None,
        "grade": verdict.grade,
        "title": verdict.title.to(language()),
        "summary": verdict.summary.to(language()),
        "reason": verdict.reason.to(language()) if verdict.reason else "",
        "remedy": contract.numbered(verdict.remedy, language()),
        "evidence": contract.evidence_lines(verdict.evidence),
    }


def _look_line(look: Look, checked: Checked) -> dict[str, object]:
    told: dict[str, object] = {name: getattr(look, name) for name in ("persona", "vantage", "part", "url", "attempt")}
    told["hops"] = [msgspec.to_builtins(hop) | {"lawful": checked.policy.lawful(checked.portal, hop.host, look.at).kind} for hop in look.hops]
    if isinstance(look, LookFailed):
        return told | {"outcome": "unknown", "reason": look.reason, "detail": look.detail}
    return told | {
        "outcome": "unknown" if look.unfolded else "seen",
        "rendered": look.rendered,
        "title": look.title,
        "offered": msgspec.to_builtins(look.offered),
        "signs": msgspec.to_builtins(look.signs),
        "unfolded": look.unfolded,
    }
