"""`vonggac inspect`: an inspection from a laptop, without a box: listen, take bundles in, look at portals, and a signed report."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from collector.cli.report_command import by_hand, previous_report, write
from collector.cli.say import Refusal, language, table
from collector.refusal import ConfigError
from model.text import Text, shown
from model.times import MINUTE, SECOND, VIETNAM

if TYPE_CHECKING:
    from collector.inspection.portals import Named
    from collector.inspection.watching import Leg, Plan, Seen, Sight
    from model.declared import Declared, Role, Zone
    from model.inspection.document import Manual, Report
    from model.inspection.laptop import Circumstances

_SITE = "kiem-tra"
_LEG = "lan"
# What names of legs mean where nobody declared them.
_ROLES: dict[str, Role] = {"can-bo": "staff", "staff": "staff", "nguoi-dan": "citizen", "citizen": "citizen", "man-hinh": "display", "display": "display"}
# Whoever reads a log instead of a terminal is told how far it is so often, seconds.
_EVERY = 60.0
# A portal that was declared is not to be called unseen by a laptop that nobody asked to look at it.
_OPTIONS = {"coverage": {"periods": 100_000}}

_Minutes = Annotated[float, typer.Option("--minutes", help="Nghe bao nhiêu phút; Ctrl-C dừng sớm mà vẫn có báo cáo.", min=0.1, max=24 * 60)]
_Legs = Annotated[
    list[str] | None,
    typer.Option("--leg", metavar="INTERFACE|LEG=INTERFACE", help="Giao diện để nghe: eth0, can-bo=eth0, nguoi-dan=wlan0; ghi nhiều lần được."),
]
_Bundles = Annotated[list[Path] | None, typer.Option("--bundle", help="Thư mục hoặc tệp trả lời mang tay của máy tính (docs/bundles.md).", readable=False)]
_Keys = Annotated[Path | None, typer.Option("--bundle-keys", help="Thư mục khóa mở gói .vgb, do endpoints bundle-keys làm ra.", readable=False)]
_Portals = Annotated[
    list[str] | None, typer.Option("--portals", metavar="FILE|URL", help="Cổng để xem một lượt: địa chỉ, danh sách CSV, hoặc tệp mỗi dòng một địa chỉ.")
]
_Declared = Annotated[Path | None, typer.Option("--declared", help="Thư mục khai báo của điểm; không có thì nhiều mục là “chưa khai báo”.", readable=False)]
_Site = Annotated[str, typer.Option("--site", help="Mã điểm ghi trong báo cáo; khi khai báo có nhiều điểm: chọn một.")]
_Out = Annotated[Path, typer.Option("--out", help="Thư mục ghi báo cáo HTML, JSON, CSV và chữ ký.")]
_By = Annotated[str, typer.Option("--by", help="Người kiểm tra, ghi vào báo cáo; bắt buộc khi có tệp trả lời không có chữ ký.")]
_Manual = Annotated[Path | None, typer.Option("--manual", help="Bảng CSV những gì kiểm tra bằng tay (docs/report.md).", readable=False)]
_Previous = Annotated[Path | None, typer.Option("--previous", help="Báo cáo JSON của lần kiểm tra trước ở điểm này, để so.", readable=False)]
_Key = Annotated[Path | None, typer.Option("--key", help="Khóa Ed25519 để ký; bỏ trống: khóa của người dùng này, tự làm lần đầu.", readable=False)]
_Dns = Annotated[str, typer.Option("--dns", help="Máy chủ DNS để xem cổng, ví dụ 192.168.1.1; để trống: như máy này.")]
_Allow = Annotated[list[str] | None, typer.Option("--allow", metavar="PREFIX", help="Dải địa chỉ nội bộ được phép vào khi xem cổng.")]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(
        epilog="Ví dụ: vonggac inspect --minutes 60 --leg eth0 --by 'Lê Văn C' --out bao-cao"
        " · vonggac inspect --bundle /media/usb --bundle-keys khoa-goi --portals https://xa-a.gov.vn"
    )(inspect)


def inspect(
    minutes: _Minutes = 60.0, leg: _Legs = None, bundle: _Bundles = None, bundle_keys: _Keys = None, portals: _Portals = None, declared: _Declared = None,
    site: _Site = "", out: _Out = Path(), by: _By = "", manual: _Manual = None, previous: _Previous = None, key: _Key = None, dns: _Dns = "",
    allow: _Allow = None,
) -> None:  # fmt: skip
    """Kiểm tra tại chỗ bằng máy xách tay, không cần hộp: nghe một chân mạng, nhập gói trả lời, xem cổng, ra báo cáo có chữ ký."""
    from collector.inspection import signature  # noqa: PLC0415 - cryptography, only here

    if not (leg or bundle or portals):
        raise Refusal(Text("ghi ít nhất một trong --leg, --bundle, --portals", "give at least one of --leg, --bundle, --portals"), status=2)
    home = _home()
    signer = signature.private_key(key) if key else signature.own_key(home)
    plan = _plan(_Given(minutes, leg or [], bundle or [], bundle_keys, portals or [], declared, site, by, dns, allow or []), home)
    lines, before = by_hand(manual, frozenset({plan.declared.site})), previous_report(previous, plan.declared.site)
    _may_listen(plan.legs)
    made, refused = asyncio.run(_made(plan, lines, before))
    _keep(out, made, partial(signature.signed, key=signer))
    print(Text(f"Vân tay khóa ký: {signature.fingerprint(signer.public_key())}", f"Fingerprint: {signature.fingerprint(signer.public_key())}").to(language()))
    if refused:
        raise typer.Exit(1)


class _Given(NamedTuple):
    """The options that say what to look at."""

    minutes: float
    legs: Sequence[str]
    bundles: Sequence[Path]
    bundle_keys: Path | None
    portals: Sequence[str]
    declared: Path | None
    site: str
    by: str
    dns: str
    allow: Sequence[str]


def _home() -> Path:
    """Where this user's keys are."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "vonggac"


def _plan(given: _Given, home: Path) -> Plan:
    from collector.bundles.keys import keys  # noqa: PLC0415 - cryptography, only here
    from collector.inspection import watching  # noqa: PLC0415 - the whole program, once the options are right
    from collector.keyfile import own_key  # noqa: PLC0415 - same
    from collector.registry import build_all  # noqa: PLC0415 - finds and imports every detector

    legs = [_leg(word, number) for number, word in enumerate(given.legs)]
    declared = _declared(given, [leg.name for leg in legs])
    named = _named(given, declared)
    return watching.Plan(
        declared=named.declared if named else declared,
        detectors=build_all(_OPTIONS),
        key=own_key(home / "inspect.key"),
        legs=legs,
        seconds=given.minutes * MINUTE / SECOND if legs else 0.0,
        bundles=given.bundles,
        keys=keys(given.bundle_keys) if given.bundle_keys else None,
        by=shown(given.by, 64),
        named=named,
        language=language(),
    )


def _leg(word: str, number: int) -> Leg:
    """`eth0` or `can-bo=eth0`. Without a name the first is called as on a box that names none."""
    from collector.inspection.watching import Leg  # noqa: PLC0415 - as above

    name, _, interface = word.rpartition("=")
    name = name or (_LEG if number == 0 else f"{_LEG}-{number + 1}")
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,31}", name) or not re.fullmatch(r"[^\s/]{1,15}", interface):
        given = shown(word)
        raise Refusal(
            Text(f"--leg “{given}”: cần tên giao diện như eth0, hoặc can-bo=eth0", f"--leg “{given}”: an interface such as eth0 is needed, or staff=eth0"),
            status=2,
        )
    return Leg(name, interface)


def _declared(given: _Given, legs: Sequence[str]) -> Declared:
    from collector.declared import load_sites  # noqa: PLC0415 - pydantic, only with declared data
    from model.declared import Declared  # noqa: PLC0415 - with the rest

    if given.declared is None:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}|", given.site):
            raise Refusal(Text("--site: mã gồm chữ không dấu, số, dấu chấm, gạch nối", "--site: a code of letters, digits, dots and hyphens"), status=2)
        return Declared(site=given.site or _SITE, legs=tuple(legs), zones=tuple(_zones(legs)))
    try:
        sites = load_sites(given.declared, legs)
    except ConfigError as error:
        hint = Text(" Ghi --leg TÊN=GIAO-DIỆN với TÊN là chân mạng trong khai báo.", " Give --leg NAME=INTERFACE with a leg of the declared data.")
        bare = hint if legs and not all("=" in word for word in given.legs) else Text("", "")
        raise Refusal(Text(error.text.vi + bare.vi, error.text.en + bare.en)) from None
    chosen = [each for each in sites.values() if given.site in ("", each.site) and (given.site or len(sites) == 1 or set(legs) & set(each.legs))]
    if len(chosen) != 1:
        known = ", ".join(sites)
        raise Refusal(Text(f"ghi --site, một trong: {known}", f"give --site, one of: {known}"), status=2)
    return chosen[0]


def _zones(legs: Sequence[str]) -> Iterator[Zone]:
    """Whom a leg serves, where nothing is declared and its name says so: without roles nobody can say that citizens and staff are mixed."""
    from model.declared import Zone  # noqa: PLC0415 - as above

    for leg in legs:
        role = next((role for word, role in _ROLES.items() if leg == word or leg.startswith(word + "-")), None)
        if role is not None:
            yield Zone(leg=leg, role=role)


def _named(given: _Given, declared: Declared) -> Named | None:
    if not given.portals:
        return None
    from collector.inspection import portals  # noqa: PLC0415 - a parser and word lists, only for portals
    from collector.portals import Looking  # noqa: PLC0415 - same

    return portals.named(given.portals, declared, Looking(vantage="inspect", allow=tuple(given.allow), language=language()), given.dns)


def _may_listen(legs: Sequence[Leg]) -> None:
    """Before anybody waits for an hour: the right to listen, and an interface that is there. Raises Refusal."""
    if not legs:
        return
    from collector.inspection import watching  # noqa: PLC0415 - as above
    from collector.livecapture import NotListeningError  # noqa: PLC0415 - libpcap, only to listen

    try:
        watching.check(legs)
    except NotListeningError as error:
        raise Refusal(error.text) from None


async def _made(plan: Plan, manual: Sequence[Manual], previous: Report | None) -> tuple[Report, bool]:
    """The report, and whether any file was refused."""
    from collector.clock import SystemClock  # noqa: PLC0415 - as above
    from collector.inspection.watching import inspected  # noqa: PLC0415 - same
    from collector.reloading import stopping  # noqa: PLC0415 - same
    from exporters import report as reports  # noqa: PLC0415 - templates, for reports alone

    stop, told = stopping(hangup=True), _Told(plan.seconds)
    async with inspected(plan, SystemClock(), stop, told) as seen:
        told.over()
        _imported(seen)
        how = await _circumstances(plan, seen)
        abouts = [detector.about for detector in plan.detectors]
        report = await reports.gather(
            seen.reader, plan.declared, abouts, since=seen.began, previous=previous, language=plan.language, manual=manual, seen=how, inspector=plan.by
        )
        return report, how.refused > 0


async def _circumstances(plan: Plan, seen: Seen) -> Circumstances:
    from model.inspection.laptop import Circumstances  # noqa: PLC0415 - as above
    from model.rows import Leg as Heard  # noqa: PLC0415 - same

    vantages = {row.name: row.vantage for row in await seen.reader.rows() if isinstance(row, Heard)}
    status = await seen.reader.status()
    named = [portal.id for portal in plan.named.portals] if plan.named else []
    return Circumstances(
        seconds=(status.now - seen.began) / SECOND,
        legs=[(leg.name, vantages.get(leg.name, "unknown")) for leg in plan.legs],
        pcs=len(await seen.reader.pcs()),
        looked=len(seen.looked),
        portals=len(named),
        refused=sum(outcome.refused is not None for outcome in seen.imported),
        ended_early=seen.ended_early,
        unfinished=frozenset(named) - frozenset(seen.looked),
    )


class _Told:
    """Tells on the error output how far it is, and of each finding as it comes: whoever stands in the room can look at once."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._live = sys.stderr.isatty()
        self._next = 0.0

    def __call__(self, sight: Sight) -> None:
        for change in sight.fresh:
            self._line(Text(f"! {change.finding.title.vi}: {shown(change.name)}", f"! {change.finding.title.en}: {shown(change.name)}"))
        if self._live or sight.seconds >= self._next:
            self._next = sight.seconds + _EVERY
            self._line(self._how_far(sight), passing=self._live)

    def over(self) -> None:
        """Takes the passing line away."""
        if self._live:
            print("\r\033[K", end="", file=sys.stderr, flush=True)

    def _how_far(self, sight: Sight) -> Text:
        left = max(0, round(self._seconds - sight.seconds))
        clock = f"{left // 60}:{left % 60:02}"
        doing = _DOING[sight.busy]
        trouble = f" · {shown('; '.join(sight.troubles), 120)}" if sight.troubles else ""
        return Text(
            f"còn {clock} · {sight.frames} khung tin · {sight.devices} thiết bị{doing.vi}{trouble} (Ctrl-C: dừng và lập báo cáo)",
            f"{clock} left · {sight.frames} frames · {sight.devices} devices{doing.en}{trouble} (Ctrl-C: end and report)",
        )

    def _line(self, text: Text, *, passing: bool = False) -> None:
        begin, end = ("\r\033[K" if self._live else ""), ("" if passing else "\n")
        print(begin + text.to(language()), end=end, file=sys.stderr, flush=True)


_DOING = {"": Text("", ""), "bundles": Text(" · đang nhập gói", " · taking bundles in"), "portals": Text(" · đang xem cổng", " · looking at portals")}


def _imported(seen: Seen) -> None:
    from collector.cli.bundle_commands import line_of  # noqa: PLC0415 - as above

    for outcome in seen.imported:
        print(line_of(outcome).to(language()))


def _keep(out: Path, made: Report, signed: Callable[[bytes], bytes]) -> None:
    """Writes the report in its three forms and the signature, and tells where. Raises Refusal."""
    from collector.inspection.signature import ENDING  # noqa: PLC0415 - as above
    from exporters import report as reports  # noqa: PLC0415 - same

    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refusal(Text(f"không tạo được {shown(str(out), 200)}: {error.strerror}", f"cannot make {shown(str(out), 200)}: {error.strerror}")) from None
    name = f"bao-cao-{made.site}-{made.made.astimezone(VIETNAM):%Y-%m-%d-%H%M%S}"
    data = reports.stored(made)
    files = {"html": reports.html(made, language()).encode(), "csv": reports.csv(made, language()), "json": data, f"json{ENDING}": signed(data)}
    _summary(made)
    for ending, content in files.items():
        write(out / f"{name}.{ending}", content)
        print(out / f"{name}.{ending}")


def _summary(made: Report) -> None:
    heads = (
        ("Số", "Nội dung", "Vi phạm", "Đạt", "Chưa rõ", "Không áp dụng") if language() == "vi" else ("No.", "Matter", "Violation", "Clear", "Unknown", "N/A")
    )
    rows = [
        (
            str(row.number),
            row.title.to(language()),
            *(
                (str(n) for n in (row.counts.violation, row.counts.clear, row.counts.unknown, row.counts.not_applicable))
                if row.counts and row.kind == "judged"
                else "––––"
            ),
        )
        for row in made.rows
    ]
    table("", heads, rows)
    print(
        Text("–: chưa gặp đối tượng nào, hoặc mục này không xét; không có nghĩa là đạt.", "–: no subject was met, or not judged; this is not clear.").to(
            language()
        )
    )
