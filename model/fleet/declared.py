"""What a province declares of its boxes and sites."""

from __future__ import annotations

import functools

import msgspec

from model.declared import Declared


class FleetBox(msgspec.Struct, frozen=True, kw_only=True):
    """One key of a box and the site it may write for; a box with several sites or keys has several lines. `since`, `until` in ns, 0: no bound.

    `key` is the public key, 32 bytes of Ed25519.
    """

    box: str
    site: str
    key: bytes
    since: int = 0
    until: int = 0
    by: str = ""


class FleetSite(msgspec.Struct, frozen=True, kw_only=True):
    """One service centre: `commune` is the State's code, `group` the commune group it reports with; `since`: from when it is to be heard (ns, 0: always).

    `details` is the site's own declared folder, where the province holds it.
    """

    site: str
    name: str
    commune: str = ""
    group: str = ""
    since: int = 0
    details: Declared | None = None


class FleetDeclared(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """The roster of a province. `holidays`: days (since 1970) on which offices are closed."""

    province: str
    name: str = ""
    sites: dict[str, FleetSite] = {}
    boxes: tuple[FleetBox, ...] = ()
    holidays: frozenset[int] = frozenset()

    def keys_of(self, box: str, site: str) -> tuple[FleetBox, ...]:
        """The lines that let `box` write for `site`."""
        return self._writers.get((box, site), ())

    # Asked for each document that arrives; a country has ten thousand lines.
    @functools.cached_property
    def _writers(self) -> dict[tuple[str, str], tuple[FleetBox, ...]]:
        writers: dict[tuple[str, str], tuple[FleetBox, ...]] = {}
        for line in self.boxes:
            writers[line.box, line.site] = (*writers.get((line.box, line.site), ()), line)
        return writers
