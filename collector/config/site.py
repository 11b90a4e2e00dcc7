"""The tables of site.toml, the one declared file that is not a list."""

from __future__ import annotations

import ipaddress
from typing import Annotated

from pydantic import AfterValidator, Field

from collector.config.table import Int, Table, Unfit, matching, some
from model.declared import Role
from model.text import Text

_A_SITE = Text("mã gồm chữ thường không dấu, số, dấu chấm, gạch nối, dài 1 đến 64", "a code of 1 to 64 lower-case letters, digits, dots and hyphens")
_A_COMMUNE = Text("mã xã 5 chữ số trong dấu nháy", "the commune's five-digit code in quotes")
_A_PROVINCE = Text("mã tỉnh 2 chữ số trong dấu nháy", "the province's two-digit code in quotes")
_A_PREFIX = Text('dải địa chỉ như "192.168.1.0/24"', 'an address range such as "192.168.1.0/24"')


def _prefix(value: str) -> str:
    try:
        return str(ipaddress.ip_network(value))
    except ValueError:
        raise Unfit(_A_PREFIX) from None


def _two(tags: tuple[int, ...]) -> tuple[int, ...]:
    if len(tags) > 2:
        raise Unfit(Text("danh sách không quá hai thẻ VLAN (ngoài, trong)", "a list of at most two VLAN tags (outer, inner)"))
    return tags


class ZoneTable(Table):
    """One segment as declared; see model.declared.Zone."""

    leg: str
    role: Role
    # IEEE 802.1Q: 0 means priority only, 4095 is reserved.
    vlan: Annotated[tuple[Annotated[Int, Field(ge=1, le=4094)], ...], AfterValidator(_two)] = ()
    name: str = ""
    uplink: str = ""
    prefixes: tuple[Annotated[str, AfterValidator(_prefix)], ...] = ()


class SiteTable(Table):
    """All of site.toml; `legs` left out means every leg of the box."""

    site: Annotated[str, matching(r"[a-z0-9][a-z0-9.-]{0,63}", _A_SITE)]
    name: str = ""
    commune: Annotated[str, matching(r"|\d{5}", _A_COMMUNE)] = ""
    province: Annotated[str, matching(r"|\d{2}", _A_PROVINCE)] = ""
    legs: Annotated[tuple[str, ...], AfterValidator(some)] | None = None
    zones: tuple[ZoneTable, ...] = ()
    edited_by: str = ""
