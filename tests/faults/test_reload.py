"""SIGHUP to a running service: what is right is taken over, what is wrong is said in one sentence and changes nothing."""

from __future__ import annotations

import asyncio
import json
import signal

import pytest

from tests.lab.lab import Net, Process
from tests.system.program import Box, address, fetched, running, until
from tests.system.screens import Wire
from tests.system.test_kill import spoken

LEG = '[[legs]]\nname = "lan"\ninterface = "leg0"\n'
FIRST = '[[sinks]]\ntype = "jsonlines"\nname = "mot"\npath = "mot.jsonl"\nstreams = ["finding"]\n'
SECOND = '[[sinks]]\ntype = "jsonlines"\nname = "hai"\npath = "hai.jsonl"\nstreams = ["finding"]\n'


def reload(process: Process) -> None:
    process.popen.send_signal(signal.SIGHUP)


def told(box: Box, name: str) -> set[str]:
    file = box.folder / name
    return {json.loads(line)["row"] for line in file.read_text().splitlines()} if file.exists() else set()


@pytest.mark.root
async def test_a_broken_configuration_is_refused_and_a_right_one_taken_while_it_runs(net: Net, box: Box) -> None:
    segment = net.segment("hall")
    leg, wire = segment.leg(), Wire(segment.leg())
    try:
        box.write(LEG, FIRST)
        with running(box, "run", space=leg.space) as process:
            await spoken(process, "đang nghe trên")
            wire.send(range(1, 4))
            await asyncio.to_thread(until, lambda: len(told(box, "mot.jsonl")) >= 3, "three findings in the first file")
            box.write(LEG, FIRST, "[jurnal]\nhistory = 3\n")
            reload(process)
            await spoken(process, "vẫn chạy theo cấu hình cũ")
            assert "jurnal" in process.said()
            box.write(LEG, FIRST, SECOND)
            reload(process)
            await spoken(process, "đã nạp lại")
            wire.send(range(4, 7))
            await asyncio.to_thread(until, lambda: len(told(box, "mot.jsonl")) >= 6, "the first sink to go on")
            # A new sink starts with what is still in the journal, and the rows have one id at all sinks.
            await asyncio.to_thread(until, lambda: len(told(box, "hai.jsonl")) >= 3, "the new sink to begin")
            assert told(box, "hai.jsonl") <= told(box, "mot.jsonl")
            # What cannot change under a running service is named.
            box.write(LEG, FIRST, SECOND, "[journal]\nhistory = 11\n")
            reload(process)
            await spoken(process, "journal")
            assert process.popen.poll() is None
            assert "Traceback" not in process.said()
    finally:
        wire.close()


async def test_declared_data_is_read_again_and_the_metrics_say_how_it_went(box: Box) -> None:
    box.site(more='name = "Xã Cũ"\n').write()
    with running(box, "run", rights=False) as process:
        await spoken(process, "http://")
        page = address(process)
        assert "Xã Cũ" in await asyncio.to_thread(fetched, page)
        box.site(more='name = "Xã Mới"\n')
        reload(process)
        await asyncio.to_thread(until, lambda: "Xã Mới" in fetched(page), "the page to name the site anew")
        assert "vonggac_config_last_reload_successful 1.0" in await asyncio.to_thread(fetched, page + "metrics")
        (box.folder / "declared" / "site.toml").write_text("site = 3\n")
        reload(process)
        await asyncio.to_thread(until, lambda: "vonggac_config_last_reload_successful 0.0" in fetched(page + "metrics"), "the metrics to say so")
        assert "Xã Mới" in await asyncio.to_thread(fetched, page)


@pytest.mark.parametrize("command", ["core", "collect"])
async def test_every_service_takes_a_hangup(box: Box, command: str) -> None:
    with running(box, command, rights=False) as process:
        await spoken(process, "lõi đang chạy" if command == "core" else "lan")
        box.write("[box]\nid = 3\n")
        reload(process)
        await spoken(process, "vẫn chạy theo cấu hình cũ")
        box.write()
        reload(process)
        await spoken(process, "đã nạp lại")
        assert process.popen.poll() is None
