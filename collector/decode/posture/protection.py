"""What guards the PC: antivirus, firewall, updates."""

from __future__ import annotations

import re
from typing import Final, Literal

from collector.decode.posture.cells import VERSION, Desk, Row, counted
from model.posture.told import Antivirus, AvProduct, AvServices, Firewall, FirewallHoles, KasperskyLicence, UpdateControl, Updates

_State = Literal["on", "off", "snoozed", "expired", "unknown"]
_STATES: Final[dict[str, _State]] = {"on": "on", "off": "off", "snoozed": "snoozed", "expired": "expired"}
_Center = Literal["good", "poor", "snoozed", "not_monitored", "error", ""]
_CENTER: Final[dict[str, _Center]] = {"good": "good", "poor": "poor", "snoozed": "snoozed", "not monitored": "not_monitored", "error": "error"}
_MAX_PRODUCTS: Final = 16
_PRODUCT: Final = re.compile(r"[a-z0-9_]{1,32}")
# 50 years: a licence for ever is written so.
_MOST_DAYS: Final = 18_300


def antivirus(rows: list[Row], _desk: Desk) -> Antivirus | None:
    """A row for each product, or one without a name; Security Center's own word in every row."""
    if not any(row.raw("name") or row.raw("center") for row in rows):
        return None
    products = tuple(_product(row) for row in rows[:_MAX_PRODUCTS] if row.raw("name"))
    center: _Center = next((known for row in rows if (known := _CENTER.get(row.raw("center").lower()))), "")
    return Antivirus(products=products, center=center)


def _product(row: Row) -> AvProduct:
    # A product whose name may not travel is still one: its state counts.
    return AvProduct(name=row.text("name") or "?", state=_STATES.get(row.raw("state").lower(), "unknown"), fresh=row.flag("fresh"))


def av_services(rows: list[Row], _desk: Desk) -> AvServices | None:
    """Products by the ids of the catalogue's list."""
    found, looked = counted(rows, "product")
    if not looked:
        return None
    known = [(row.text("product", _PRODUCT), row.flag("running")) for row in found[:64]]
    installed = {product for product, _ in known if product}
    return AvServices(installed=tuple(sorted(installed)), running=tuple(sorted({product for product, running in known if product and running})))


def kaspersky(rows: list[Row], _desk: Desk) -> KasperskyLicence | None:
    """Kaspersky's own values; none of them where it is not installed."""
    row = next((row for row in rows if row.number("looked")), None)
    if row is None:
        return None
    installed = row.number("installed")
    if not installed:
        return None if installed is None else KasperskyLicence()
    days = row.number("days_left", _MOST_DAYS)
    if days is None and row.raw("days_left").startswith("-"):
        days = 0
    return KasperskyLicence(installed=True, version=row.text("version", VERSION), kind=row.number("kind", 99), days_left=days, updated=row.day("updated"))


def firewall(rows: list[Row], _desk: Desk) -> Firewall | None:
    """Three profiles, each unknown where the registry has no value."""
    row = next((row for row in rows if any(row.raw(column) for column in ("domain", "private", "public", "center"))), None)
    if row is None:
        return None
    word = row.raw("center").lower()
    center = True if word == "good" else False if word in {"poor", "snoozed", "not monitored"} else None
    return Firewall(domain=row.flag("domain"), private=row.flag("private"), public=row.flag("public"), center=center)


def firewall_holes(rows: list[Row], _desk: Desk) -> FirewallHoles | None:
    """Counts; Windows always has hundreds of rules, so none at all is no answer."""
    row = next((row for row in rows if row.number("looked")), None)
    holes = None if row is None else row.number("open")
    return None if row is None or holes is None else FirewallHoles(open=holes, public=row.number("public") or 0)


def updates(rows: list[Row], desk: Desk) -> Updates | None:
    """The later day of Windows' history and its list of patches; a day after today is the PC's wrong clock."""
    row = next((row for row in rows if row.number("looked")), None)
    if row is None:
        return None
    tomorrow = desk.at // 86_400_000_000_000 + 1
    days = [day for column in ("history", "patched") if (day := row.day(column)) is not None and day <= tomorrow]
    return Updates(last=max(days, default=None))


def update_control(rows: list[Row], _desk: Desk) -> UpdateControl | None:
    """Off when the service that downloads or the one that schedules is disabled, or a policy says so."""
    row = next((row for row in rows if row.number("looked")), None)
    if row is None:
        return None
    kinds = [kind for column in ("wuauserv", "usosvc") if (kind := row.raw(column).upper())]
    policies = [row.flag("no_auto"), row.flag("no_access")]
    return UpdateControl(service_off="DISABLED" in kinds if kinds else None, policy_off=True in policies)
