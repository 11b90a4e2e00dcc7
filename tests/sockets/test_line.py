"""A connection to core that is given up before it stands is gone."""

import asyncio

import pytest

from collector.sockets.line import Connection

PATIENCE = 20.0


async def test_a_hello_given_up_on_leaves_no_connection(tmp_path):
    heard, gone = asyncio.Event(), asyncio.Event()

    async def mute(reader, writer):
        await reader.read(1)
        heard.set()
        await reader.read()
        gone.set()
        writer.close()

    async with await asyncio.start_unix_server(mute, tmp_path / "facts.sock"):
        opening = asyncio.create_task(Connection.open(tmp_path / "facts.sock", "facts"))
        await asyncio.wait_for(heard.wait(), PATIENCE)
        opening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opening
        await asyncio.wait_for(gone.wait(), PATIENCE)
    assert gone.is_set()
