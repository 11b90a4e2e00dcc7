"""What one look raises against a portal, before anything is confirmed."""

from __future__ import annotations

from typing import Final

import msgspec

from model.portals.rows import MAX_NAME, Found, WebDetector, short_host
from model.verdict import Evidence, Severity

REDIRECT: Final[WebDetector] = "VG-WEB-01"
INJECTION: Final[WebDetector] = "VG-WEB-02"
CLOAKING: Final[WebDetector] = "VG-WEB-03"
# Kinds of CLOAKING: a page with something against it, or one that is only another.
CLOAKED: Final = "cloaking"
DIFFERS: Final = "differs"


class Suspicion(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a single look raises against the portal.

    `key`: two sightings with the same key are of the same thing. `severity`: of this look by itself; `confirmed`: once seen twice, far enough
    apart. `host`: where a visitor would end; `hosts`: what it leads to or loads from; `value`: words or hosts as seen, one line.
    """

    detector: WebDetector
    kind: str
    key: str
    severity: Severity
    confirmed: Severity
    gambling: bool = False
    how: str = ""
    host: str = ""
    hosts: tuple[str, ...] = ()
    value: str = ""
    evidence: tuple[Evidence, ...] = ()

    @property
    def short(self) -> Found:
        """The suspicion as a row keeps it."""
        host = short_host(self.host or next(iter(self.hosts), ""))
        return Found(self.detector, self.kind, self.severity.rank, host, "" if host and self.kind != "expired" else self.value[:MAX_NAME])

    @property
    def serious(self) -> bool:
        """Whether it opens an incident by itself, and nothing of its look may be learnt."""
        return self.severity.rank >= Severity.MEDIUM.rank
