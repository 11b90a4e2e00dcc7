"""A draft of the register from what was heard, for a person to go through and sign: nothing observed becomes policy by itself (architecture rule 10)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from collector.cli.places import Places
from collector.cli.say import Refusal
from collector.csvtable import harmless
from model.classes.judge import classify
from model.naming import name_of
from model.population import random_mac
from model.privacy import is_veiled
from model.rows import Asset
from model.text import Text, shown
from model.times import local

# What a register has, then what helps the person who goes through it; `collector.declared_register` takes both.
COLUMNS = ("mac", "name", "role", "device_class", "owner", "place", "vendor", "segment", "first_seen", "last_seen")


def rows(assets: Iterable[Asset], places: Places) -> list[tuple[str, ...]]:
    """One line for each device that belongs in a register and is not in it, sorted by MAC; owner and place are for the person to fill in."""
    return sorted(_row(asset, places) for asset in assets if _wanted(asset, places))


def _wanted(asset: Asset, places: Places) -> bool:
    declared, macs = places.declared(asset), frozenset(asset.macs)
    # People's own phones are no equipment, and citizens' devices are nobody's business here.
    if is_veiled(asset) or not macs or all(random_mac(mac) for mac in macs) or places.role(asset) == "citizen":
        return False
    return declared.registered(macs) is None and declared.screen(macs) is None


def _row(asset: Asset, places: Places) -> tuple[str, ...]:
    kind = classify(asset).name
    role = places.role(asset)
    lasting = sorted(mac for mac in asset.macs if not random_mac(mac))
    return (
        " ".join(lasting),
        harmless(name_of(places.declared(asset), asset)),
        "" if role == "unlabelled" else role,
        "" if kind == "unknown" else kind,
        "",
        "",
        harmless(next((asset.vendors[mac] for mac in lasting if mac in asset.vendors), "")),
        " ".join(sorted(asset.segments)),
        local(asset.seen.first),
        local(asset.seen.last),
    )


def text(lines: Iterable[tuple[str, ...]], columns: Sequence[str] = COLUMNS) -> str:
    """The draft as a table with a heading."""
    made = io.StringIO()
    csv.writer(made, lineterminator="\r\n").writerows([columns, *lines])
    return made.getvalue()


def write(path: Path, draft: str, encoding: str = "utf-8-sig") -> None:
    """Writes the draft, unless told otherwise as spreadsheets open it. Raises Refusal rather than write over a file: one being worked on is not lost."""
    name = shown(str(path), 200)
    try:
        with path.open("x", encoding=encoding, newline="") as file:
            file.write(draft)
    except FileExistsError:
        raise Refusal(Text(f"đã có tệp {name}: đổi tên trong --out hoặc xóa tệp cũ", f"{name} exists: name another in --out or remove it")) from None
    except OSError as error:
        why = error.strerror or str(error)
        raise Refusal(Text(f"không ghi được {name}: {why}", f"cannot write {name}: {why}")) from None
