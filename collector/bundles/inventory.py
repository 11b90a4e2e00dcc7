"""An inventory of the GLPI agent, FusionInventory or OCS (XML), as far as the rules ask: machine, network cards, antivirus, remote-control programs.

Product keys, remote ids, users and logon names stand in these files too: they are not read. Format: GLPI inventory, `REQUEST/CONTENT` with a table of
elements each (glpi-project/inventory_format; OCS is its ancestor).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from collector.bundles.errors import BundleError
from model.population import random_mac
from model.posture.told import Antivirus, AnyTold, AvProduct, Interfaces, Machine, RemoteTools, ToolFound
from model.remote.products import BY_ID
from model.text import Text, shown

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_FILE: Final = 16 << 20
_MANY: Final = 4_096
_EPOCH: Final = date(1970, 1, 1)
_NO_INVENTORY = Text("không phải tệp kiểm kê XML của GLPI, FusionInventory hoặc OCS", "no XML inventory of GLPI, FusionInventory or OCS")
_KERNEL = re.compile(r"10\.0\.(\d{5})(?:\.(\d{1,6}))?")
_MAC = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}")
# Cards that virtual machines and tunnels give every PC alike.
_MADE: Final = ("00:50:56", "00:15:5d", "0a:00:27", "02:42", "00:ff:")


class Inventory(NamedTuple):
    """One PC's answers, by the day its clock told (None where the file has none). `host`: its name, only to find its enrolment; `machine`: its hardware id."""

    host: str
    machine: str
    day: int | None
    told: tuple[AnyTold, ...]


def read(data: bytes) -> Inventory:
    """Raises BundleError."""
    if len(data) > MAX_FILE:
        raise BundleError(_NO_INVENTORY)
    try:
        root = ElementTree.fromstring(data, forbid_dtd=True)
    # LookupError: the file names an encoding that nobody knows.
    except (ElementTree.ParseError, DefusedXmlException, ValueError, LookupError, RecursionError):
        raise BundleError(_NO_INVENTORY) from None
    content = root.find("CONTENT")
    hardware = content.find("HARDWARE") if content is not None else None
    if root.tag != "REQUEST" or content is None or hardware is None:
        raise BundleError(_NO_INVENTORY)
    host, machine = _text(hardware, "NAME"), _text(hardware, "UUID") or _text(content.find("BIOS"), "SSN") or _text(root, "DEVICEID")
    told: list[AnyTold] = [_machine(content, hardware), Interfaces(macs=tuple(dict.fromkeys(_macs(content))))]
    products = tuple(_antivirus(content))
    # A tool that lists no antivirus may not have looked: none told is unknown, never "none".
    told += [Antivirus(products=products)] if products else []
    programs = [_text(each, "NAME") for each in _each(content, "SOFTWARES")]
    told += [RemoteTools(tools=tuple(_tools(programs)))] if programs else []
    return Inventory(host, machine, _day(_text(content.find("ACCESSLOG"), "LOGDATE") or _text(hardware, "LASTLOGGED")), tuple(told))


def _machine(content: Element, hardware: Element) -> Machine:
    system, bios = content.find("OPERATINGSYSTEM"), content.find("BIOS")
    name = _text(system, "FULL_NAME") or _text(hardware, "OSNAME")
    kernel = _KERNEL.search(_text(system, "KERNEL_VERSION") or _text(hardware, "OSVERSION"))
    cpus = list(_each(content, "CPUS"))
    windows = "windows" in name.lower()
    return Machine(
        platform="windows" if windows else "linux" if "linux" in (_text(system, "KERNEL_NAME") or name).lower() else "other",
        product=shown(name, 80),
        build=int(kernel[1]) if kernel else 0,
        revision=int(kernel[2] or 0) if kernel else 0,
        arch=shown(_text(system, "ARCH"), 16),
        server=windows and "server" in name.lower(),
        installed=_day(_text(system, "INSTALL_DATE")),
        cpu=shown(_text(cpus[0], "NAME"), 80) if cpus else "",
        cores=sum(_number(_text(each, "CORE")) for each in cpus),
        memory=_number(_text(hardware, "MEMORY")) << 20,
        vendor=shown(_text(bios, "SMANUFACTURER"), 64),
        model=shown(_text(bios, "SMODEL"), 64),
    )


def _macs(content: Element) -> Iterator[str]:
    for each in _each(content, "NETWORKS"):
        mac = _text(each, "MACADDR").lower()
        if _MAC.fullmatch(mac) and _text(each, "VIRTUALDEV") != "1" and not random_mac(mac) and not mac.startswith(_MADE):
            yield mac


def _antivirus(content: Element) -> Iterator[AvProduct]:
    for each in _each(content, "ANTIVIRUS"):
        enabled, current = _text(each, "ENABLED"), _text(each, "UPTODATE")
        yield AvProduct(
            name=shown(_text(each, "NAME"), 64),
            state="on" if enabled == "1" else "off" if enabled == "0" else "unknown",
            fresh={"1": True, "0": False}.get(current),
            ends=_day(_text(each, "EXPIRATION")),
        )


def _tools(programs: list[str]) -> Iterator[ToolFound]:
    """Programs by the names of known products: a list of software says that it is installed, not that it runs."""
    names = [program.lower() for program in programs]
    for product in BY_ID.values():
        known = product.name.lower().split(" (")[0].split(",")[0]
        if len(known) > 3 and any(name == known or name.startswith(known + " ") for name in names):
            yield ToolFound(product=product.id, stage="installed")


def _each(content: Element, tag: str) -> Iterator[Element]:
    return (each for number, each in enumerate(content.iter(tag)) if number < _MANY)


def _text(element: Element | None, tag: str) -> str:
    return (element.findtext(tag) or "").strip() if element is not None else ""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _day(text: str) -> int | None:
    """`2026-11-22 ...` or `22/11/2026` as a number of days; None for anything else."""
    found = re.match(r"(\d{4})-(\d\d)-(\d\d)", text) or re.match(r"(\d\d)/(\d\d)/(\d{4})", text)
    if found is None:
        return None
    parts = [int(part) for part in found.groups()]
    try:
        return (date(*(parts if parts[0] > 31 else reversed(parts))) - _EPOCH).days
    except ValueError:
        return None
