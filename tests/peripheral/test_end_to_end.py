"""A whole box on umockdev's bus: a stick that the list does not have becomes a finding, and the commands name it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.peripheral.conftest import Bench
from tests.peripheral.test_sockets import STICK, TOKEN
from tests.system.program import VONGGAC, Box, until

LIST = "usb,name,owner,until\n0781:5581,USB phòng một cửa,Nguyễn Văn Bình,31/12/2090\n"


@pytest.fixture
def box() -> Iterator[Box]:
    """A box's folder with a list of USB devices; short, for a Unix socket's path has at most 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="vonggac-test-") as name:
        made = Box(Path(name)).site().write('[[legs]]\nname = "lan"\ninterface = "lo"\n')
        (made.folder / "declared/usb.csv").write_text(LIST)
        yield made


def found(box: Box) -> list[dict]:
    return [line for line in box.findings("VG-END-01") if line["state"] == "open"] if (box.folder / "state/sockets").exists() else []


def test_a_stick_in_the_boxs_own_socket_is_a_finding_and_a_proposal(bench: Bench, box: Box) -> None:
    bench.order(add=TOKEN)
    bench.order(add=STICK)
    bench.order(start=[str(VONGGAC), "run", "--config", str(box.config)])
    bench.line()
    until(lambda: bool(found(box)), "the finding")
    (finding,) = found(box)
    assert (finding["subject"]["kind"], finding["subject"]["id"]) == ("sensor", "peripherals")
    assert "DataTraveler" in finding["summary"]
    assert "079123456789" not in json.dumps(finding)
    assert box.ask("endpoints", "usb", "propose").count("0951:1666") == 1
    assert "sẽ bị báo" in box.ask("endpoints", "usb", "test", "0951:1666", status=1).lower()
