"""The services of the package: does each one run that the configuration needs, and is there the secret that systemd is to hand to it."""

from __future__ import annotations

import contextlib
import pwd
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from collector.config.table import Table
from collector.doctor.check import Check
from collector.doctor.keys import secret
from collector.probing.program import probed
from collector.sockets.services import PREFIX
from model.text import Text

if TYPE_CHECKING:
    from collector.config import Config
    from model.declared import Declared

# Where the package's services meet (deploy/deb/build.py): elsewhere, no unit of ours is asked for.
INSTALLED: Final = Path("/run/vonggac")
_ALWAYS: Final = ("core", "collect", "export", "web")
# As LoadCredential= of the units has it: a file of this folder of secrets/ by the credential's name.
_FOLDERS: Final = ("sinks", "province")
_ENDPOINTS: Final = {"certificate_file": "certificate", "key_file": "key", "ca_file": "ca", "catalogue_file": "catalogue"}


def users_at_work() -> frozenset[str]:
    """The users of whom a process runs: each service of the package has one of its own, and systemd need not be asked."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        # It may have ended meanwhile, or belong to a user of another machine's list.
        with contextlib.suppress(OSError, KeyError):
            found.add(pwd.getpwuid(process.stat().st_uid).pw_name)
    return frozenset(found)


def of_units(config: Config, sites: Iterable[Declared], at_work: Callable[[], frozenset[str]] = users_at_work) -> Iterator[Check]:
    """One check for each service that does not run though it is needed, or one for all of them; none on a box that is not the package's."""
    if config.sockets.dir != INSTALLED:
        return
    units = [f"{PREFIX}{name}" for name in _needed(config, sites)]
    missing = sorted(set(units) - at_work())
    for unit in missing:
        # All of them: a leg that has just got a probe waits for core's next start.
        mend = f"systemctl enable {unit}; systemctl restart vonggac.target; journalctl -u {unit} -n 20"
        said = Text("cấu hình cần dịch vụ này mà nó không chạy", "the configuration needs this service, which does not run")
        yield Check(name=unit, state="bad", said=said, mend=Text(mend, mend))
    if not missing:
        names = ", ".join(units)
        yield Check(name="units", state="ok", said=Text(f"các dịch vụ cần có đều chạy: {names}", f"all services that are needed run: {names}"))


def _needed(config: Config, sites: Iterable[Declared]) -> Sequence[str]:
    asked = {
        "probe": probed(config.legs),
        "screens": bool(config.screens.ask or config.screens.subscribe),
        "portals": config.portals.enabled and any(site.portals for site in sites),
        "endpoints": config.endpoints.enabled,
    }
    return [*_ALWAYS, *(name for name, needed in asked.items() if needed)]


def of_credentials(config: Config, folder: Path) -> Iterator[Check]:
    """One check for each secret that systemd reads from `folder`, that of the configuration; none on a box that is not the package's."""
    if config.sockets.dir != INSTALLED:
        return
    for place, name in _credentials(config, ""):
        kind, _, file = name.partition("_")
        if kind in _FOLDERS and file:
            yield secret(place, folder / "secrets" / kind / file)
    if config.endpoints.enabled:
        for option, file in _ENDPOINTS.items():
            if getattr(config.endpoints, option) is None:
                yield secret(f"endpoints.{option}", folder / "secrets" / "endpoints" / file)


def _credentials(table: Table, where: str) -> Iterator[tuple[str, str]]:
    """Every option `credential` of the configuration: where it stands, and what it says."""
    for option in type(table).model_fields:
        value, place = getattr(table, option), f"{where}.{option}" if where else option
        if option == "credential" and value:
            yield place, value
        elif isinstance(value, Table):
            yield from _credentials(value, place)
        elif isinstance(value, tuple):
            for number, each in enumerate(value, 1):
                if isinstance(each, Table):
                    yield from _credentials(each, f"{place}[{getattr(each, 'name', '') or number}]")
