"""Activation servers and scripts that pirates offer to everybody: whoever looks for one has Windows or Office activated without a licence.

Seen in public scripts and lists (2026-08). A name stands for itself and all below it; an organisation's own KMS host has another.
"""

from __future__ import annotations

from typing import Final

import msgspec

_SCRIPTS: Final = "public activation scripts"


class Pirate(msgspec.Struct, frozen=True, kw_only=True):
    """One offer: its hosts, and where and when its row was taken from. `script`: the host gives out an activation script, and is no KMS server."""

    id: str
    names: tuple[str, ...]
    script: bool = False
    source: str = _SCRIPTS
    as_of: str = "2026-08-21"


ROWS: Final[tuple[Pirate, ...]] = (
    Pirate(id="msguides", names=tuple(f"kms{number}.msguides.com" for number in ("", *range(1, 11)))),
    Pirate(id="03k", names=("kms.03k.org",)),
    Pirate(id="lotro", names=("kms.lotro.cc",)),
    Pirate(id="moeclub", names=("kms.moeclub.org",)),
    Pirate(id="shuax", names=("kms.shuax.com",)),
    Pirate(id="loli", names=("kms.loli.beer", "kms.loli.best")),
    Pirate(id="kms_app", names=("windows.kms.app",)),
    Pirate(id="us_to", names=("zh.us.to",)),
    Pirate(id="cz9", names=("kms.cz9.cn",)),
    Pirate(id="kms789", names=("kms789.com",)),
    Pirate(id="digiboy", names=("kms.digiboy.ir",)),
    Pirate(id="chinancce", names=("kms.chinancce.com",)),
    Pirate(id="massgrave", names=("get.activated.win", "activated.win"), script=True),
)

BY_ID: Final = {row.id: row for row in ROWS}
