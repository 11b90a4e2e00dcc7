"""The province's plain indices: what stands now, one document a thing, with the box's order as external version (docs/decisions/012)."""

from __future__ import annotations

import hashlib
from typing import Literal

StateIndex = Literal["finding", "posture", "row", "box", "act", "refused"]


def index_name(index: StateIndex, namespace: str) -> str:
    """The index of one kind of state: `vonggac-finding-79`."""
    return f"vonggac-{index}-{namespace}"


def state_id(*parts: str) -> str:
    """The id of a state document whose natural key may hold anything: 27 letters, the same for the same parts."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:27]
