"""Where a portal may lawfully send its visitors: its own hosts, declared destinations within their dates. Pure; an index over declared data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from model.portals.declared import Destination, Portal
from model.portals.hosts import bare, core, host_of, is_government, parents
from model.portals.shipped import DESTINATIONS, MERGED_AT, successor
from model.portals.wellknown import is_well_known
from model.times import local

if TYPE_CHECKING:
    from model.declared import Declared

Kind = Literal["own", "destination", "government", "none"]


class Lawful(NamedTuple):
    """Whether visitors may end on a host.

    `own`: the portal's; `destination`: declared and in force, `why` and `owner` say by what; `government`: below gov.vn and not declared: neither
    lawful nor foreign, for a hacked one serves as a trampoline; `none`. `expired`: an entry that held once, in a sentence part (Vietnamese).
    """

    kind: Kind
    why: str = ""
    owner: str = ""
    expired: str = ""

    @property
    def allowed(self) -> bool:
        """Whether visitors may be sent there."""
        return self.kind in _ALLOWED


_ALLOWED: Final = frozenset({"own", "destination"})
_OWN: Final = Lawful("own")
_MERGED: Final = Lawful("destination", "Cổng của tỉnh mới sau sắp xếp 63 thành 34 tỉnh, thành phố.")
_MOST_ANSWERS: Final = 50_000


class _Known(NamedTuple):
    """What does not change with time: whether a host is a portal's own, its successor's, and which entries speak of it."""

    own: bool
    succeeds: bool
    entries: tuple[Destination, ...]


class Policy:
    """Declared data of portals, indexed by portal and by host. Answers are remembered: the same hosts are asked for at every look."""

    def __init__(self, declared: Declared) -> None:
        self.declared = declared
        self.portals = {portal.id: portal for portal in declared.portals or ()}
        self._entries: dict[str, list[Destination]] = {}
        for entry in (*DESTINATIONS, *declared.destinations):
            self._entries.setdefault(bare(entry.host), []).append(entry)
        self._answers: dict[tuple[str, str, str], _Known] = {}

    def knows(self, portal: str) -> bool:
        """Whether facts about this portal are to be kept: it is declared, or nothing is declared at all (a single look at a stranger's page)."""
        return self.declared.portals is None or portal in self.portals

    def portal(self, portal: str, url: str = "") -> Portal:
        """The declared portal, or one made up from the address that was looked at."""
        return self.portals.get(portal) or Portal(id=portal, url=url)

    def lawful(self, portal: Portal, host: str, at: int) -> Lawful:
        """What `host` is to visitors of `portal` at `at` (ns)."""
        known = self._known(portal, host)
        if known.own:
            return _OWN
        if at >= MERGED_AT and known.succeeds:
            return _MERGED
        entries = [entry for entry in known.entries if entry.since <= at] if known.entries else []
        current = next((entry for entry in entries if not entry.until or at < entry.until), None)
        if current is not None:
            return Lawful("destination", current.why, current.owner)
        expired = _expired(max(entries, key=lambda entry: entry.until)) if entries else ""
        return Lawful("government" if is_government(host) else "none", expired=expired)

    def strange(self, portal: Portal, host: str, at: int) -> bool:
        """Whether a link to, or a script from, `host` means anything: it is nobody's own, lawful, a government's, or used by everybody."""
        return not is_well_known(host) and self.lawful(portal, host, at).kind == "none"

    def _known(self, portal: Portal, host: str) -> _Known:
        key = (portal.id, portal.url, host)
        known = self._answers.get(key)
        if known is None:
            if len(self._answers) >= _MOST_ANSWERS:
                self._answers.clear()
            name, home = bare(host), host_of(portal.url)
            known = self._answers[key] = _Known(_is_own(portal, home, name), _succeeds(home, name), tuple(self._for(portal, name)))
        return known

    def _for(self, portal: Portal, host: str) -> list[Destination]:
        """The entries that speak of `host` for this portal, whatever their dates."""
        found = []
        for name in parents(host):
            found += [e for e in self._entries.get(name, ()) if e.portal in ("", portal.id) and (e.subdomains or name == host)]
        return found


def _is_own(portal: Portal, home: str, host: str) -> bool:
    mine = core(host)
    return mine == core(home) or any(mine == core(alias) for alias in portal.aliases)


def _succeeds(home: str, host: str) -> bool:
    """Whether `host` is the merged province's portal for an old province's: its front page, or the same office there."""
    new = successor(core(home))
    return bool(new) and core(host) in (new, ".".join(new.split(".")[-3:]))


def _expired(entry: Destination) -> str:
    owner = f" ({entry.owner})" if entry.owner else ""
    return f"được phép đến {local(entry.until)}{owner}"
