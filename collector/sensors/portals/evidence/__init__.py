"""What an investigator can use: every hop of a judged look as it was, the screenshot, who saw it when, and that nothing was changed since."""

from __future__ import annotations

from collector.sensors.portals.evidence.errors import EvidenceError
from collector.sensors.portals.evidence.package import Packed, package
from collector.sensors.portals.evidence.recorded import Recorded, Story, story_of
from collector.sensors.portals.evidence.store import Capture, Health, Store

__all__ = ["Capture", "EvidenceError", "Health", "Packed", "Recorded", "Store", "Story", "package", "story_of"]
