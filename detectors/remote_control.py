"""Finding 11 on the PC itself: software by which somebody elsewhere sees and uses it, from lying there to a session going on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from msgspec.structs import replace

from model import approvals
from model.detector import About, Closing
from model.posture.judging import Case, Pc, Read, Wrong, conclude, read
from model.posture.rule import PcRule
from model.posture.told import RemoteDesktop, RemoteTools, ToolFound
from model.remote.products import BY_ID
from model.site import SiteView
from model.text import Text
from model.times import DAY, local, since_when
from model.verdict import Evidence, Grade, Severity, Verdict
from model.wire.remote import Sign, signs
from model.wording import pc_common
from model.wording import remote_control as words

_RDP = "rdp"
# What a look-up of a name or a call into the network proves of a program on the PC: too little to doubt the PC's own word.
_PROVES = frozenset({"connecting", "session"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteControl(PcRule):
    """VG-END-08. `wire_days`: for how many days what the network heard of the PC (VG-NET-07) counts beside what the PC says."""

    wire_days: int = 5

    about: ClassVar[About] = About(
        id="VG-END-08",
        findings=(11,),
        title=words.TITLE,
        kinds=("asset",),
        needs=("endpoint",),
        closing=Closing(rule=pc_common.CLOSING),
        attack=("T1219", "M1042"),
    )

    def judge_pc(self, view: SiteView, pc: Pc) -> Verdict:
        """Each product by how far it goes and whether somebody approved it; then Windows' own ways in."""
        tools, desktop = read(view, pc, RemoteTools), read(view, pc, RemoteDesktop)
        heard = self._heard(view, pc)
        wrongs = [*_tools(view, pc, tools, heard), *_desktop(view, pc, desktop)]
        doubts = [*_untold(desktop), *_unexplained(view, tools, heard)]
        verdict = conclude(self, view, pc, Case(wrongs, [tools, desktop], words.GOOD, doubts))
        ends = [tool.until for tool in view.declared.tools or () if tool.until > view.now]
        return replace(verdict, recheck_at=min((at for at in (*ends, verdict.recheck_at) if at is not None), default=None))

    def _heard(self, view: SiteView, pc: Pc) -> list[Sign]:
        """What the network heard of programs that run on this PC, the worst of each product."""
        row = view.wire.remote.get(pc.asset.id)
        live = [sign for sign in signs(row) if sign.stage in _PROVES and view.age(sign.trace.seen.last) < self.wire_days * DAY] if row else []
        # Windows has a viewer of its own: to reach another computer by it takes no program.
        own = [sign for sign in live if sign.product != _RDP or sign.end == "controlled"]
        return [sign for place, sign in enumerate(own) if sign.product not in {before.product for before in own[:place]}]


def _tools(view: SiteView, pc: Pc, tools: Read[RemoteTools], heard: Sequence[Sign]) -> Iterator[Wrong]:
    for tool in tools.told.tools if tools.told is not None else ():
        session = tool.stage == "session"
        if _lawful(view, pc, tool.product, tools.at if session else view.now, session=session):
            continue
        said = _late(view, pc, tool, words.tool(_name(tool.product), tool.stage, portable=tool.portable))
        sign = next((each for each in heard if each.product == tool.product), None)
        if sign is not None:
            said = words.also_heard(said, since_when(sign.trace.seen.last, view.now))
        yield Wrong(
            tool.product,
            said,
            tools,
            tool.stage,
            Severity.HIGH if session else Severity.MEDIUM,
            remedy=(*words.REMEDY_SESSION, *words.REMEDY) if session else words.REMEDY,
            title=words.SESSION_TITLE if session and tools.standing == "fresh" else None,
            seen=(Evidence("product", _told(tool), tools.at), *((_on_wire(sign),) if sign is not None else ())),
        )


def _lawful(view: SiteView, pc: Pc, product: str, at: int, *, session: bool) -> bool:
    """Somebody approved it; servers are kept by Remote Desktop."""
    return (product == _RDP and pc.enrolled.use == "server") or approvals.allowed(view.declared, pc.asset, product, at, session=session)


def _late(view: SiteView, pc: Pc, tool: ToolFound, said: Text) -> Text:
    """With why an approval does not help."""
    approval = approvals.longest(view.declared, pc.asset, tool.product)
    if approval is None:
        return said
    return words.not_now(said, local(approval.until - 1).partition(" ")[0], over=approval.until <= view.now)


def _desktop(view: SiteView, pc: Pc, desktop: Read[RemoteDesktop]) -> Iterator[Wrong]:
    told = desktop.told
    if told is None:
        return
    # Nothing makes it lawful without authentication.
    lawful = _lawful(view, pc, _RDP, view.now, session=False)
    if told.on and told.nla is False:
        yield Wrong("remote_desktop", words.RDP_OPEN, desktop, "without_nla", remedy=words.REMEDY_RDP)
    elif told.on and not lawful:
        yield Wrong("remote_desktop", words.RDP_ON, desktop, "on", remedy=words.REMEDY_RDP)
    if told.assistance:
        # Windows allows it out of the box, and nothing comes in unless the user invites it.
        yield Wrong("assistance", words.ASSISTANCE, desktop, "on", Severity.LOW, Grade.BY_DESIGN, words.REMEDY_ASSISTANCE)


def _untold(desktop: Read[RemoteDesktop]) -> Iterator[Text]:
    told = desktop.told
    if told is not None and told.on is None:
        yield words.RDP_UNTOLD
    if told is not None and told.on and told.nla is None:
        yield words.RDP_NLA_UNTOLD


def _unexplained(view: SiteView, tools: Read[RemoteTools], heard: Sequence[Sign]) -> Iterator[Text]:
    """What the network heard after the PC's word, or within a day before it, and the PC does not tell of."""
    if tools.told is None:
        return
    known = {tool.product for tool in tools.told.tools} | {_RDP}
    strange = [sign for sign in heard if sign.product not in known and tools.at - sign.trace.seen.last < DAY]
    if strange:
        last = max(sign.trace.seen.last for sign in strange)
        yield words.only_heard(sorted({_name(sign.product) for sign in strange}), since_when(last, view.now))


def _name(product: str) -> str:
    # A catalogue newer than the program may know products that this table does not.
    return BY_ID[product].name if product in BY_ID else product


def _told(tool: ToolFound) -> str:
    return " ".join(part for part in (tool.product, tool.stage, tool.version, "portable" if tool.portable else "") if part)


def _on_wire(sign: Sign) -> Evidence:
    return Evidence("product", f"wire: {sign.product} {sign.stage} {sign.end}".strip(), sign.trace.seen.last)
