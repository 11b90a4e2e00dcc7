"""A SOC's echo on loopback, with its tokens."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from aiohttp import web

from collector.config.consents import load_consents
from collector.socecho import Echo
from collector.token import read_token
from model.times import SECOND

TOKEN, OTHER = "mot-ma-du-dai-cua-xa-a", "mot-ma-du-dai-cua-xa-b"
TODAY = datetime.date(2025, 7, 15)


class Clock:
    """Time that a test moves."""

    def __init__(self) -> None:
        self.at, self.passed = 1_752_541_200 * SECOND, 100.0

    def now(self) -> int:
        return self.at

    def monotonic(self) -> float:
        return self.passed


@pytest.fixture
def clock() -> Clock:
    return Clock()


def consents(folder: Path, **fields: object) -> Path:
    """A file of two sites: xa-a with the fields given, xa-b with nothing but its token."""
    for name, token in (("a", TOKEN), ("b", OTHER)):
        (folder / name).write_text(token + "\n")
        (folder / name).chmod(0o600)
    file = folder / "consents.toml"
    lines = "".join(f"{name} = {value}\n" for name, value in fields.items())
    file.write_text(f'[[sites]]\nsite = "xa-a"\ntoken_file = "a"\n{lines}\n[[sites]]\nsite = "xa-b"\ntoken_file = "b"\n')
    return file


@pytest.fixture
async def serve(tmp_path, clock):
    """Starts an echo for these consents; its address."""
    runners = []

    async def start(**fields):
        sites = [(consent, read_token(consent.token_file)) for consent in load_consents(consents(tmp_path, **fields))]
        runner = web.AppRunner(Echo(sites, clock).app())
        runners.append(runner)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        return f"http://{host}:{port}"

    yield start
    for runner in runners:
        await runner.cleanup()
