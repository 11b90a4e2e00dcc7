"""Three people with a role each, their users' file and trail, a clock that a test may move; and how they log in, with a browser and without."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
from argon2 import PasswordHasher

from collector.trail import FileTrail
from exporters.console.doors import Doors
from exporters.console.users import ROLES, User, Users
from tests.console.browser import Tab
from tests.console.commune import NOW

# The real cost is measured where it matters (test_doors); here it would only be waited for.
CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
SECRET = "một câu dài dễ nhớ"
HASH = CHEAP.hash(SECRET)
NAMES = {"viewer": "hoa", "analyst": "lan", "administrator": "minh"}
LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)


@dataclass
class Time:
    """Seconds that pass when told."""

    seconds: float = 1_000.0

    def now(self) -> int:
        return NOW + int(self.seconds) * 10**9

    def monotonic(self) -> float:
        return self.seconds


@dataclass
class Letters:
    """Remembers what was asked of the outbox; `broken`: how core goes in the middle of it."""

    asked: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)
    broken: OSError | None = None

    async def replay(self, sink: str, rows: tuple[str, ...] = ()) -> int:
        self.asked.append(("replay", sink, tuple(rows)))
        return len(rows)

    async def purge(self, sink: str, rows: tuple[str, ...] = ()) -> int:
        self.asked.append(("purge", sink, tuple(rows)))
        if self.broken is not None:
            raise self.broken
        return len(rows)


def write_users(path: Path, *users: User) -> None:
    """The file as the program writes it."""
    path.write_bytes(msgspec.json.encode({"users": users}))
    path.chmod(0o600)


def user(role: str, **fields: Any) -> User:
    """The one of that role; needs not change the password unless told."""
    return User(**{"name": NAMES[role], "role": role, "hash": HASH, "changed": NOW, "must_change": False, **fields})  # type: ignore[arg-type]


def doors(folder: Path, time: Time | None = None, **fields: Any) -> Doors:
    """Doors over the three, in `folder`."""
    time = time or Time()
    path = folder / "users.json"
    if not path.exists():
        write_users(path, *(user(role) for role in ROLES))
    given: dict[str, Any] = {
        "users": Users(path, time.now), "trail": FileTrail(folder / "page-audit.jsonl", time.now), "monotonic": time.monotonic,
        "idle": 1_800.0, "longest": 43_200.0, "local": True, "scrapers": LOOPBACK, **fields,
    }  # fmt: skip
    return Doors(**given)


def noted(made: Doors) -> list[tuple[str, str, str, str]]:
    """Who, what, to what, how: oldest first."""
    return [(entry.by, entry.deed, entry.about, entry.outcome) for entry in reversed(made.trail.latest(1_000))]


@dataclass
class Answer:
    """What came back."""

    status: int
    text: str
    headers: dict[str, str]

    @property
    def token(self) -> str:
        found = re.search(r'name="token" value="([^"]+)"', self.text)
        assert found is not None, self.text[:400]
        return found[1]


class Person:
    """A browser without a screen: keeps cookies, sends the Origin, follows nothing."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.client = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))

    async def __aenter__(self) -> Person:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.close()

    async def get(self, path: str, **headers: str) -> Answer:
        return await self._asked("GET", path, headers, None)

    async def post(self, path: str, form: Any = None, **headers: str) -> Answer:
        return await self._asked("POST", path, {"Origin": self.url, **headers}, form or {})

    async def submit(self, path: str, at: str = "/mat-khau", **form: Any) -> Answer:
        """A form of a page that carries this session's token."""
        return await self.post(path, {**form, "token": (await self.get(at)).token})

    async def log_in(self, role: str, password: str = SECRET, **form: str) -> Answer:
        return await self.post("/dang-nhap", {"name": NAMES.get(role, role), "password": password, **form})

    async def _asked(self, method: str, path: str, headers: dict[str, str], form: Any) -> Answer:
        sent = {key.replace("_", "-"): value for key, value in headers.items()}
        async with self.client.request(method, self.url + path, headers=sent, data=form, allow_redirects=False) as answer:
            return Answer(answer.status, await answer.text(), dict(answer.headers))


async def typed(tab: Tab, *texts: str) -> None:
    """Writes where the cursor is, going on with Tab; a busy browser puts it into a field some time after the page is there."""
    async with asyncio.timeout(25):
        while not await tab.js("['INPUT', 'TEXTAREA'].includes(document.activeElement.tagName)"):
            await asyncio.sleep(0.02)
    for number, text in enumerate(texts):
        if number:
            await tab.key("Tab", 9)
        await tab.call("Input.insertText", text=text)


async def arrived(tab: Tab, path: str) -> None:
    """Waits till the browser shows that address anew: navigation takes the document away under a question, so it is asked again."""
    async with asyncio.timeout(25):
        while True:
            with contextlib.suppress(AssertionError):
                if await tab.js("document.readyState === 'complete' && !document.body.dataset.old && location.pathname + location.search") == path:
                    return
            await asyncio.sleep(0.02)


async def sent(tab: Tab, then: str) -> None:
    """Presses Enter in a form, and waits for where that leads."""
    await tab.js("document.body.dataset.old = 1")
    await tab.key("Enter", 13)
    await arrived(tab, then)


async def entered(tab: Tab, url: str, role: str, then: str = "/") -> None:
    """Logs in by the keyboard alone; the name has the focus."""
    await tab.open(url + "/dang-nhap")
    await typed(tab, NAMES[role], SECRET)
    await sent(tab, then)
