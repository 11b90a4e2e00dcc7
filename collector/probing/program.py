"""The program that sends probes, as a command line; `vonggac run` starts it as a child, `vonggac probe` becomes it."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import logging
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from model.text import Language, Text

if TYPE_CHECKING:
    from collector.config import Leg

log = logging.getLogger(__name__)

# It ends with its connection or for want of rights; tried again, seldomer each time, seconds.
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 300.0
_GRACE = 3.0
NO_SCAPY = Text(
    "thăm dò đang tắt vì thiếu thư viện scapy (requirements/probe.txt); mọi phần khác vẫn chạy",
    "probes are off: scapy is missing (requirements/probe.txt); everything else runs",
)
_NO_RIGHT = Text("chương trình thăm dò thiếu quyền CAP_NET_RAW", "the probe program has no CAP_NET_RAW")
_ENDED = Text("chương trình thăm dò đã dừng (mã %d), sẽ chạy lại", "the probe program ended (%d) and will be started again")
_MISSING_RIGHT = 3


def available() -> bool:
    """Whether what probes are built with is installed. Found, not imported: it must not come into this process (docs/decisions/002)."""
    return importlib.util.find_spec("scapy") is not None


def probed(legs: Sequence[Leg]) -> bool:
    """Whether any leg names a probe that this program sends."""
    return any(set(leg.probes) - {"line"} for leg in legs)


def command(socket: Path, legs: Sequence[Leg], *options: str) -> list[str]:
    """Its command line: it may send on the legs that name probes, and tells the addresses of the others."""
    named = [f"--{'leg' if set(leg.probes) - {'line'} else 'other'}={leg.name}={leg.interface}" for leg in legs]
    return [sys.executable, "-I", "-m", "collector.probe", f"--socket={socket}", *named, *options]


def environment() -> dict[str, str]:
    """Nothing of ours: no secrets, no folders to write to."""
    return {"LANG": "C.UTF-8", "PATH": os.defpath, "HOME": "/nonexistent"}


def manager() -> dict[str, str]:
    """Where systemd started us: the way to tell it how things are, for the program that takes this one's place."""
    return {name: os.environ[name] for name in ("NOTIFY_SOCKET", "WATCHDOG_USEC") if name in os.environ}


@asynccontextmanager
async def running(socket: Path, legs: Sequence[Leg], language: Language) -> AsyncIterator[None]:
    """The program as a child, started again when it ends."""
    task = asyncio.create_task(_kept(command(socket, legs, "--child"), language))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _kept(argv: Sequence[str], language: Language) -> None:
    pause, said = _FIRST_PAUSE, False
    while True:
        status = await _once(argv)
        if not said:
            # Its own words are on the error output; without the right it will not come by itself, so it is said once.
            log.warning("%s", (_NO_RIGHT if status == _MISSING_RIGHT else Text(_ENDED.vi % status, _ENDED.en % status)).to(language))
        said = True
        await asyncio.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE)


async def _once(argv: Sequence[str]) -> int:
    child = await asyncio.create_subprocess_exec(*argv, stdin=asyncio.subprocess.DEVNULL, env=environment())
    try:
        return await child.wait()
    finally:
        if child.returncode is None:
            child.terminate()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(child.wait(), _GRACE)
        if child.returncode is None:
            child.kill()
            await child.wait()
