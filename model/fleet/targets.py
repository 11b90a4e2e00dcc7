"""Where a portal's finding leads to, by which findings of many sites are one campaign."""

from __future__ import annotations

from model.ledger import Finding
from model.portals.hosts import is_government
from model.portals.wellknown import is_well_known

_MOST = 8


def targets_of(finding: Finding) -> tuple[str, ...]:
    """Registered domains (of numbered mirrors what they have in common), as the box folds them; none for names that everybody uses."""
    if not finding.detector.startswith("VG-WEB-"):
        return ()
    told = dict(finding.facets).get("targets", "").split(", ")
    return tuple(target for target in dict.fromkeys(told) if target and not is_well_known(target) and not is_government(target))[:_MOST]
