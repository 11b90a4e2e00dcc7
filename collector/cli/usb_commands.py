"""`vonggac endpoints usb test | propose`: what the list of USB devices says of one, and a draft of what it lacks."""

from __future__ import annotations

import asyncio
import re
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from collector.cli.options import DEFAULT_CONFIG, ConfigOption
from collector.cli.say import Refusal, configured, language
from model.text import Text, shown

if TYPE_CHECKING:
    from collector.config import Config
    from model.declared import Declared
    from model.posture.peripherals import Matter, Ruling
    from model.posture.plugged import PluggedRow
    from model.posture.rows import PcRow
    from model.posture.told import Peripheral

_CODE = re.compile(r"(?:vid_)?([0-9a-f]{4})[:/&_-]+(?:pid_)?([0-9a-f]{4})")
_TRIPLE = re.compile(r"[0-9a-f]{2}:[0-9a-f]{2}:[0-9a-f]{2}")

_Device = Annotated[str, typer.Argument(metavar="DEVICE", help="Mã hãng và mã thiết bị, ví dụ 0951:1666.")]
_Serial = Annotated[str, typer.Option("--serial", help="Số seri ghi trên thiết bị; chỉ dùng để tính dấu, không lưu lại.")]
_Interfaces = Annotated[str, typer.Option("--interfaces", help="Các giao diện của thiết bị, như 08:06:50; để trống thì coi như ổ nhớ USB.")]
_AtPc = Annotated[str, typer.Option("--pc", help="Cắm vào máy nào (mã trong enrolled.csv); để trống là chính hộp này.")]
_SiteOption = Annotated[str, typer.Option("--site", help="Mã điểm, khi hộp có nhiều điểm.")]


class Draft(StrEnum):
    """What a draft is for."""

    CSV = "csv"
    USBGUARD = "usbguard"


def register(endpoints: typer.Typer) -> None:
    """Adds the commands."""
    usb = typer.Typer(help="Danh mục USB: thử một thiết bị, đề xuất bản nháp.", no_args_is_help=True)
    usb.callback(epilog="Ví dụ: vonggac endpoints usb test 0951:1666")(_group)
    usb.command("test", epilog="Ví dụ: vonggac endpoints usb test 0951:1666 --serial 60A44C413FAE --pc xa-a-may-001")(try_device)
    usb.command("propose", epilog="Ví dụ: vonggac endpoints usb propose --out usb-nhap.csv")(propose)
    endpoints.add_typer(usb, name="usb")


def _group() -> None:
    """Danh mục USB: thử một thiết bị, đề xuất bản nháp."""


def try_device(
    device: _Device, serial: _Serial = "", interfaces: _Interfaces = "", pc: _AtPc = "", site: _SiteOption = "", config: ConfigOption = DEFAULT_CONFIG
) -> None:
    """Nói dòng nào của usb.csv quyết định với thiết bị này và vì sao. Kết thúc với mã 0 nếu được phép, 1 nếu sẽ bị báo."""
    from collector.clock import SystemClock  # noqa: PLC0415 - a command's imports are its own
    from model.posture import peripherals  # noqa: PLC0415 - same

    settings = configured(config)
    declared = _site(settings, site, pc)
    thing = _thing(settings, device, serial, interfaces)
    found = peripherals.rulings(declared, frozenset({pc.lower()}), thing, SystemClock().now())
    matter = peripherals.matter(thing)
    allowed, why = _conclusion(declared, matter, found)
    mark = Text(f", dấu seri {thing.serial}", f", mark of its serial {thing.serial}") if thing.serial else Text("", "")
    head = Text("ĐƯỢC PHÉP", "ALLOWED") if allowed else Text("SẼ BỊ BÁO", "WOULD BE TOLD")
    print(f"{thing.usb}{mark.to(language())}: {head.to(language())}")
    print(f"  {why.to(language())}")
    for number, each in enumerate(found, start=1):
        print(f"  {number}. {_line(each, thing, declared).to(language())}")
    raise typer.Exit(0 if allowed else 1)


def propose(
    out: Annotated[Path | None, typer.Option("--out", help="Tệp để ghi; để trống thì in ra màn hình.")] = None,
    format: Annotated[Draft, typer.Option("--format", help="csv: thiết bị đã thấy mà danh mục chưa có; usbguard: danh mục thành luật USBGuard.")] = Draft.CSV,  # noqa: A002 - the option's name is in the contract
    pc: _AtPc = "", site: _SiteOption = "", config: ConfigOption = DEFAULT_CONFIG,
) -> None:  # fmt: skip
    """Bản nháp để người có trách nhiệm xem, điền và ký: không gì tự vào danh mục."""
    from collector.cli import proposal, usb_proposal  # noqa: PLC0415 - same
    from collector.clock import SystemClock  # noqa: PLC0415 - as above

    settings, now = configured(config), SystemClock().now()
    if format is Draft.USBGUARD:
        rules = "".join(line + "\n" for line in usb_proposal.policy(_site(settings, site, pc), pc, now))
        sys.stdout.write(rules) if out is None else proposal.write(out, rules, "utf-8")
        return
    lines = list(usb_proposal.rows(usb_proposal.observed(_sites(settings), *asyncio.run(_seen(settings)), now), language()))
    draft = proposal.text(lines, usb_proposal.COLUMNS)
    if out is None:
        sys.stdout.write(draft)
        return
    proposal.write(out, draft)
    name, count = shown(str(out), 200), len(lines)
    print(
        Text(
            f"Đã ghi {count} thiết bị vào {name}: điền owner, until, xóa dòng không được phép, rồi ghép vào usb.csv.",
            f"Wrote {count} devices to {name}: fill in owner and until, delete what is not allowed, then add the rest to usb.csv.",
        ).to(language())
    )


def _thing(settings: Config, device: str, serial: str, interfaces: str) -> Peripheral:
    """The device that was asked about. Raises Refusal, ConfigError."""
    from collector.marks import mark_of  # noqa: PLC0415 - as above
    from model.posture.told import Peripheral  # noqa: PLC0415 - same
    from model.posture.usb import kind_of  # noqa: PLC0415 - same

    code = _CODE.fullmatch(device.strip().lower())
    if code is None:
        raise Refusal(Text(f'"{shown(device, 40)}" không phải mã như 0951:1666', f'"{shown(device, 40)}" is no code such as 0951:1666'), 2)
    usb = ":".join(code.groups())
    triples = [word for word in re.split(r"[\s;,|]+", interfaces.lower()) if word]
    for word in triples:
        if not _TRIPLE.fullmatch(word):
            raise Refusal(Text(f'"{shown(word, 40)}" không phải giao diện như 08:06:50', f'"{shown(word, 40)}" is no interface such as 08:06:50'), 2)
    mark = mark_of(settings)(f"{usb}:{serial.strip().upper()}") if serial.strip() else ""
    return Peripheral(usb=usb, kind=kind_of(triples) if triples else "storage", interfaces=tuple(sorted(set(triples))), serial=mark)


def _conclusion(declared: Declared, matter: Matter, found: list[Ruling]) -> tuple[bool, Text]:
    if matter == "lawful":
        return True, Text("khóa ký số, đầu đọc thẻ: hợp lệ, không cần ghi vào danh mục", "a signature token or card reader: lawful without being listed")
    if found and found[0].fit == "listed":
        return True, Text("dòng 1 dưới đây cho phép", "line 1 below allows it")
    if matter == "ordinary":
        return True, Text("loại này không bị xét (chuột, tai nghe...)", "such a thing is not judged (mice, headsets...)")
    if matter == "way_out":
        return False, Text("thiết bị này mở đường ra Internet khác", "it opens another way out to the Internet")
    if matter == "keyboard":
        return False, Text(
            "bàn phím mới cắm vào sẽ bị báo; bàn phím có sẵn từ lần đọc đầu thì không", "a keyboard that comes new is told; one that was there is not"
        )
    if declared.usb is None:
        return True, Text("chưa khai báo usb.csv nên chưa xét từng thiết bị", "no usb.csv is declared, so single devices are not judged")
    if found:
        return False, Text("không dòng nào cho phép; dòng gần nhất đứng đầu", "no line allows it; the nearest comes first")
    return False, Text("không dòng nào của usb.csv nêu mã này", "no line of usb.csv names this code")


def _line(each: Ruling, thing: Peripheral, declared: Declared) -> Text:
    """A line that names the code, and how it fits."""
    from model.times import local  # noqa: PLC0415 - as above

    rule = each.rule
    if rule is None:
        return Text("", "")
    place = (declared.usb or ()).index(rule) + 1
    day = local(rule.until - 1)[:10]
    more = ", ".join(sorted(set(thing.interfaces)))
    why = {
        "listed": Text(f"khớp, đến hết {day}", f"fits, until the end of {day}"),
        "expired": Text(f"đã hết hạn ngày {day}", f"ended on {day}"),
        "other_serial": Text("chỉ cho chiếc có dấu seri khác", "is for one with another serial number"),
        "more_interfaces": Text(f"thiết bị có giao diện ({more}) ngoài {' '.join(rule.interfaces)}", f"it offers ({more}), beyond {' '.join(rule.interfaces)}"),
        "other_pc": Text(f"chỉ cho máy {rule.pc}", f"is for {rule.pc} only"),
    }[each.fit]
    who = f"“{shown(rule.name, 60)}” ({rule.usb}; {shown(rule.owner, 60)})"
    return Text(f"thiết bị thứ {place} trong usb.csv {who}: {why.vi}", f"device {place} of usb.csv {who}: {why.en}")


def _sites(settings: Config) -> dict[str, Declared]:
    from collector import sites  # noqa: PLC0415 - as above

    return sites.sites_of(settings, broken=[])


def _site(settings: Config, site: str, pc: str) -> Declared:
    """The site that was named, else the PC's, else the box's own. Raises Refusal."""
    known = _sites(settings)
    if site and site not in known:
        raise Refusal(Text(f"không có điểm {shown(site, 64)}: {', '.join(known)}", f"there is no site {shown(site, 64)}: {', '.join(known)}"), 2)
    if site:
        return known[site]
    return next((each for each in known.values() if pc and each.pc(frozenset({pc.lower()}))), next(iter(known.values())))


async def _seen(settings: Config) -> tuple[list[PcRow], list[PluggedRow]]:
    from collector.access import reading  # noqa: PLC0415 - as above
    from model.posture.plugged import PluggedRow  # noqa: PLC0415 - same

    async with reading(settings) as reader:
        return list(await reader.pcs()), [row for row in await reader.rows() if isinstance(row, PluggedRow)]
