"""A case of the test portal: one folder with `case.toml` beside the files it serves (docs/portal-cases.md)."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

import msgspec

CASES = Path(__file__).parent.parent / "cases"
WORLD = Path(__file__).parent / "world"

Place = Literal["head-start", "head-end", "body-start", "main-end", "body-end", "file-start", "file-end"]
Look = Literal["liferay", "dnn", "sharepoint", "wordpress", "own", "none"]
Scheme = Literal["https", "http", "both"]
Certificate = Literal["good", "expired", "other-name", "self-signed"]
Part = Literal["home", "declared", "sample", "missing", "query"]
SEVERITIES = ("", "low", "medium", "high", "critical")


class Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base: a key that nobody knows is an error in the case."""


class Insert(Told, frozen=True):
    """Bytes that are put into served pages or files, as an injection is. `pages` by path, `*` for all pages; `host` empty: the case's first."""

    at: Place
    file: str
    pages: tuple[str, ...] = ("/",)
    host: str = ""


class Page(Told, frozen=True):
    """A page of the portal's own look: `file` holds the main text."""

    path: str
    title: str
    file: str
    host: str = ""
    description: str = ""


class Turned(Told, frozen=True):
    """A served file (path below the site's root) whose bytes are turned into another encoding; `broken` cuts letters in two."""

    file: str
    into: Literal["windows-1258", "tcvn3", "utf-16", "broken"]
    host: str = ""


class Server(Told, frozen=True):
    """What is special about one host. `alias`: it is a CNAME of this name; `exists` false: no such name; `address`: shared with that host."""

    look: Look = "none"
    name: str = ""
    scheme: Scheme = "https"
    certificate: Certificate = "good"
    alias: str = ""
    exists: bool = True
    address: str = ""
    site_of: str = ""


class Visit(Told, frozen=True):
    """One more address that the runner looks at, beside the home page."""

    path: str
    part: Part = "declared"
    host: str = ""


class Check(Told, frozen=True, rename={"kind": "as"}):
    """What a plain client must be answered: proves that the case serves what it says.

    `kind` of visitor; `times` asks so often and wants the answer `hits` times (up to `most`, for chance); `cookies`: with those of an earlier
    visit; `trusting`: whoever signed the certificate.
    """

    kind: str = "desktop"
    path: str = "/"
    host: str = ""
    scheme: Literal["https", "http"] = "https"
    status: int = 200
    location: str = ""
    headers: dict[str, str] = {}
    holds: str = ""
    lacks: str = ""
    bytes: str = ""
    cookies: bool = False
    trusting: bool = False
    times: int = 1
    hits: int = 1
    most: int = 0


class Expect(Told, frozen=True):
    """What the watcher must find. For a trap: nothing of medium or more, at most `may` below it; `unseen`: why no outside eye can see it."""

    detectors: tuple[str, ...] = ()
    severity: Literal["", "low", "medium", "high", "critical"] = ""
    personas: tuple[str, ...] = ()
    target: str = ""
    rendered: bool = False
    may: tuple[str, ...] = ()
    lost: bool = False
    portals: int = 1
    unseen: str = ""


class Destination(Told, frozen=True):
    """A lawful destination that the case declares; what the product ships need not be declared."""

    host: str
    why: str
    subdomains: bool = False


class Case(Told, frozen=True):
    """One case. `hosts`: the first is the portal, further ones only where the case needs its own."""

    title: str
    row: str
    hosts: tuple[str, ...]
    look: Look = "none"
    name: str = ""
    expect: Expect = Expect()
    scheme: Scheme = "https"
    certificate: Certificate = "good"
    aliases: tuple[str, ...] = ()
    level: Literal["province", "commune"] = "commune"
    vendor: str = ""
    portals: tuple[str, ...] = ()
    insert: tuple[Insert, ...] = ()
    page: tuple[Page, ...] = ()
    turn: tuple[Turned, ...] = ()
    visit: tuple[Visit, ...] = ()
    check: tuple[Check, ...] = ()
    lawful: tuple[Destination, ...] = ()
    host: dict[str, Server] = {}


class Found(msgspec.Struct, frozen=True):
    """A case with where it stands: `id` is `attack/meta-delayed`."""

    id: str
    folder: Path
    case: Case

    @property
    def trap(self) -> bool:
        """Whether it is lawful."""
        return self.id.startswith("trap/")

    def server(self, host: str) -> Server:
        """What one of the case's hosts is; the first is the portal itself."""
        case = self.case
        if host == case.hosts[0]:
            return msgspec.structs.replace(case.host.get(host, Server()), look=case.look, name=case.name, scheme=case.scheme, certificate=case.certificate)
        return case.host.get(host, Server())

    def files(self, host: str) -> Path:
        """Where the files of a host are."""
        return self.folder if host == self.case.hosts[0] else self.folder / "hosts" / host


def read(folder: Path) -> Found:
    """One case folder. Raises msgspec.ValidationError with the folder's name."""
    try:
        case = msgspec.convert(tomllib.loads((folder / "case.toml").read_text()), Case)
    except (msgspec.ValidationError, tomllib.TOMLDecodeError) as wrong:
        raise msgspec.ValidationError(f"{folder.parent.name}/{folder.name}/case.toml: {wrong}") from wrong
    return Found(f"{folder.parent.name}/{folder.name}", folder, case)


def all_cases() -> list[Found]:
    """Every case, attacks first, by name."""
    return [read(file.parent) for file in sorted(CASES.glob("*/*/case.toml"))]


def world() -> list[Found]:
    """The hosts that all cases share: where visitors are sent, and the services that portals lawfully load from."""
    return [read(file.parent) for file in sorted(WORLD.glob("*/case.toml"))]
