"""How commands reach what a box knows: through core's sockets while it runs, else from the journal file, read-only."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager

from collector.config import Config
from collector.journal.standalone import read_only
from collector.refusal import ConfigError
from collector.sockets import SocketActs, SocketError, SocketOutbox, SocketReader, path_of
from model.ports import Acts, JournalReader
from model.text import Text, shown

# The journal's file in the state folder.
JOURNAL = "journal.sqlite"

# Long enough for a core that is starting, short enough for somebody at a terminal, seconds.
_PATIENCE = 0.3


@asynccontextmanager
async def reading(config: Config) -> AsyncIterator[JournalReader]:
    """A reader of this box's journal. Raises ConfigError when there is neither a running core nor a journal."""
    client = SocketReader(path_of(config.sockets.dir, "read"), patience=_PATIENCE)
    try:
        await client.status()
    except (SocketError, OSError):
        await client.close()
        with _from_file(config) as reader:
            yield reader
        return
    try:
        yield client
    finally:
        await client.close()


def _from_file(config: Config) -> AbstractContextManager[JournalReader]:
    path = config.state_dir / JOURNAL
    if not path.exists():
        name = shown(str(path), 200)
        raise ConfigError(
            Text(
                f"Chưa có nhật ký {name}: hãy chạy vonggac run (hoặc vonggac core) với cấu hình này trước.",
                f"There is no journal {name} yet: run vonggac run (or vonggac core) with this configuration first.",
            )
        )
    return read_only(path)


@asynccontextmanager
async def acting(config: Config) -> AsyncIterator[Acts]:
    """Acts on the running core. Raises ConfigError when none runs: acts are journalled by core alone."""
    client = SocketActs(path_of(config.sockets.dir, "acts"), patience=_PATIENCE)
    try:
        yield client
    except SocketError as error:
        raise ConfigError(error.text) from None
    finally:
        await client.close()


@asynccontextmanager
async def delivering(config: Config) -> AsyncIterator[SocketOutbox]:
    """The outbox of the running core. Raises ConfigError when none runs: core alone writes the journal."""
    client = SocketOutbox(path_of(config.sockets.dir, "outbox"), patience=_PATIENCE)
    try:
        yield client
    except SocketError as error:
        raise ConfigError(error.text) from None
    finally:
        await client.close()
