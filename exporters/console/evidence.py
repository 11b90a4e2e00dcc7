"""What was kept of looks at portals: pictures and packages, handed in as a store of which the page knows names only."""

from __future__ import annotations

import asyncio
import contextlib
import re
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from aiohttp import web

if TYPE_CHECKING:
    from model.ledger import Change

# A capture is named by the beginning of its hash; nothing else ever reaches the store.
CAPTURE: Final = "[0-9a-f]{24}"
FINDING: Final = "[0-9a-f]{12,24}"
_NAME: Final = re.compile(CAPTURE)
# A browser is told what a picture is by its first bytes and never finds out by itself: what is neither of these is no picture.
_TYPES: Final = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
_PIECE: Final = 256 * 1024
# How many pictures are looked for before a page gives up, and of how many captures the answer is remembered.
_TRIES: Final = 6
_REMEMBERED: Final = 4_096


class Evidence(Protocol):
    """The evidence store, as the page needs it. Both are called in a worker thread and raise OSError when the store cannot be read."""

    def picture(self, capture: str) -> bytes | None:
        """The screenshot (PNG or JPEG) of a capture; None when there is none, or no such capture any more."""

    def package(self, change: Change, out: Path) -> bool:
        """Packs what was kept for the finding of `change` as a zip into `out`, which does not exist yet; False when nothing was kept."""


class UnreadableError(Exception):
    """The store could not be read."""


class Album:
    """Which captures have a picture, remembered: a capture never changes, and a page is drawn each two seconds."""

    def __init__(self, store: Evidence | None) -> None:
        self._store = store
        self._known: dict[str, bool] = {}

    async def first(self, captures: Iterable[str]) -> str:
        """The first of some captures that has a picture, empty for none. Raises UnreadableError."""
        for capture in named(captures):
            if await self._has(capture):
                return capture
        return ""

    async def _has(self, capture: str) -> bool:
        if self._store is None:
            return False
        if capture not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            try:
                self._known[capture] = type_of(await asyncio.to_thread(self._store.picture, capture)) != ""
            except OSError as error:
                raise UnreadableError from error
        return self._known[capture]


def named(captures: Iterable[str]) -> list[str]:
    """The first few names that can be those of captures, each once."""
    return list(dict.fromkeys(capture for capture in captures if _NAME.fullmatch(capture)))[:_TRIES]


def type_of(picture: bytes | None) -> str:
    """The media type by the first bytes; empty for what is no picture."""
    return next((name for start, name in _TYPES.items() if picture is not None and picture.startswith(start)), "")


async def shown(store: Evidence | None, capture: str) -> web.Response:
    """A picture as an answer. Raises HTTPNotFound, UnreadableError."""
    try:
        picture = await asyncio.to_thread(store.picture, capture) if store else None
    except OSError as error:
        raise UnreadableError from error
    media = type_of(picture)
    if not media:
        raise web.HTTPNotFound
    response = web.Response(body=picture, content_type=media)
    response.headers["Content-Disposition"] = f'inline; filename="{capture}.{media.rpartition("/")[2]}"'
    # Named by its hash, so it never changes; a citizen's office is no place for a shared cache to keep it.
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


class Packages:
    """Packages on their way: packed one at a time into a folder of their own, gone when they are sent."""

    def __init__(self, store: Evidence) -> None:
        self._store = store
        self._packing = asyncio.Lock()

    async def send(self, request: web.Request, change: Change) -> web.StreamResponse:
        """The finding's evidence as a download. Raises HTTPNotFound, UnreadableError."""
        with _folder() as folder:
            out = folder / "evidence.zip"
            async with self._packing:
                size = await self._pack(change, out)
            response = web.StreamResponse(headers={"Content-Type": "application/zip", "Content-Length": str(size)})
            response.headers["Content-Disposition"] = f'attachment; filename="chung-cu-{change.finding.id}.zip"'
            await response.prepare(request)
            with out.open("rb") as file:
                while piece := await asyncio.to_thread(file.read, _PIECE):
                    await response.write(piece)
            await response.write_eof()
            return response

    async def _pack(self, change: Change, out: Path) -> int:
        try:
            size = await asyncio.to_thread(self._sized, change, out)
        except OSError as error:
            raise UnreadableError from error
        if size < 0:
            raise web.HTTPNotFound
        return size

    def _sized(self, change: Change, out: Path) -> int:
        return out.stat().st_size if self._store.package(change, out) else -1


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    # Who leaves in the middle leaves a thread that still writes: the folder goes all the same.
    with tempfile.TemporaryDirectory(prefix="vonggac-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)
