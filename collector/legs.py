"""Whether the interfaces that the configuration names are there, said before anything runs."""

from __future__ import annotations

from collections.abc import Sequence

from collector.config import Leg
from collector.interfaces import default_route_interface, list_interfaces
from collector.refusal import refused
from model.text import Text, shown


def check_interfaces(legs: Sequence[Leg], file: str) -> None:
    """Raises ConfigError for the first leg whose interface this machine has not, listing those it has."""
    there = list_interfaces()
    for leg in legs:
        if leg.interface == "auto" and default_route_interface() is None:
            raise refused(file, _no_route(leg.name, there))
        if leg.interface != "auto" and leg.interface not in there:
            raise refused(file, _missing(leg, there))


def _missing(leg: Leg, there: Sequence[str]) -> Text:
    name, known = shown(leg.interface), ", ".join(there)
    return Text(
        f'chân mạng "{leg.name}": không có giao diện "{name}", hiện có: {known}', f'leg "{leg.name}": there is no interface "{name}", there are: {known}'
    )


def _no_route(leg: str, there: Sequence[str]) -> Text:
    known = ", ".join(there)
    return Text(
        f'chân mạng "{leg}": interface = "auto" cần đường mặc định, máy chưa có; hiện có: {known}',
        f'leg "{leg}": interface = "auto" needs a default route, there is none; there are: {known}',
    )
