"""Hostile tables of declared data: the name of a file, a zero byte, and what stands in the file."""

from pathlib import Path

from collector import declared, declared_fleet
from collector.declared_portals import BrokenLinesError
from collector.inspection import manual
from collector.refusal import ConfigError
from tests.fuzz.checks import sentence
from tests.fuzz.places import folder

_EXAMPLES = Path(__file__).parents[2] / "declared/examples"
_COMMUNE, _PROVINCE = _EXAMPLES / "commune", _EXAMPLES / "province"
_SITE = (_COMMUNE / "site.toml").read_bytes()
_NOW = 1_795_000_000_000_000_000
_IN_COMMUNE = ("site.toml", *sorted(declared._COLUMNS), "portals.csv", "destinations.csv", "portals.toml", "destinations.toml")
_IN_PROVINCE = ("province.toml", "sites.csv", "boxes.csv", "holidays.csv")
_FILES = (*((name, False) for name in _IN_COMMUNE), *((name, True) for name in _IN_PROVINCE), ("manual.csv", False))
_PORTALS = b'[[portals]]\nid = "xa"\nurl = "https://xa.tinh.gov.vn/"\nname = "x"\n[[portals]]\nid = "b"\nurl = 1\n'
_MANUAL = "matter,result,note,inspector,day,what\n2,vi phạm,x,An,22/11/2026,\n,đạt,,Bình,2026-11-22,y\n".encode()


def _example(name: str, *, province: bool) -> bytes:
    path = (_PROVINCE if province else _COMMUNE) / name
    return {"manual.csv": _MANUAL, "portals.toml": _PORTALS}.get(name) or (path.read_bytes() if path.exists() else b"ip,mac,name\n")


SEEDS = tuple(name.encode() + (b"/" if province else b"") + b"\0" + _example(name, province=province) for name, province in _FILES)
# A province's files go by their names with a slash behind them; some have the same names as a box's.
_BY_NAME = {name.encode() + (b"/" if province else b""): (name, province) for name, province in _FILES}


def fuzz_one(data: bytes) -> None:
    written, _, body = data.partition(b"\0")
    name, province = _BY_NAME.get(written, _FILES[len(written) % len(_FILES)])
    place = folder("declared")
    if province:
        for other in ("province.toml", "sites.csv", "boxes.csv"):
            (place / other).write_bytes((_PROVINCE / other).read_bytes())
    else:
        (place / "site.toml").write_bytes(_SITE)
    (place / name).write_bytes(body)
    try:
        if name == "manual.csv":
            manual.read(place / name, _NOW)
        elif province:
            declared_fleet.load_fleet(place)
        else:
            declared.load(place)
    except BrokenLinesError as error:
        for each in error.errors:
            sentence(each.text)
    except ConfigError as error:
        sentence(error.text)
