"""Hostile config.toml."""

from pathlib import Path

from collector.config.load import load
from collector.refusal import ConfigError
from tests.fuzz.checks import sentence
from tests.fuzz.places import file

# What the shipped file shows commented is switched on, line by line.
_SHIPPED = (Path(__file__).parents[2] / "config.toml").read_bytes()
SEEDS = (
    b'[web]\nlisten = "127.0.0.1:8470"\n[[legs]]\nname = "lan"\ninterface = "eth0"\n',
    _SHIPPED,
    *(b"[" + table for table in _SHIPPED.replace(b"\n# ", b"\n").replace(b"\n#", b"\n").split(b"\n[")[1:]),
    b'[detectors.patch_age]\ndays = 30\n[sinks.soc]\ntype = "webhook"\nurl = "https://soc.example/"\nsecret_file = "key"\n',
)


def fuzz_one(data: bytes) -> None:
    path = file("config.toml", data)
    assert _read(path) == _read(path), "the same file gave something else"


def _read(path: Path) -> object:
    try:
        return repr(load(path))
    except ConfigError as error:
        sentence(error.text)
        return error.text
