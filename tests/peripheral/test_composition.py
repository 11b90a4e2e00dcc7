"""The sensor as a configuration composes it: where it is wanted, and that it works in the one process and beside the capture."""

from __future__ import annotations

import queue
from pathlib import Path

import pytest

from collector.clock import SystemClock
from collector.config import load
from collector.declared_pcs import USB
from collector.service import Parts, plugging
from model.facts import SensorHeard

LIST = "usb,name,owner,until\n0951:1666,USB phòng một cửa,Nguyễn Văn Bình,31/12/2030\n"


class Sink:
    """Facts as they come, for another thread to wait for."""

    def __init__(self) -> None:
        self.facts: queue.Queue = queue.Queue()

    def put(self, facts):
        for fact in facts:
            self.facts.put(fact)
        return len(facts)


def parts(folder: Path, usb: str = "", more: str = "", sites: tuple[str, ...] = ("xa-a",)) -> Parts:
    """A box with these sites, of which the last has the list."""
    declared = folder / "declared"
    for site in sites:
        home = declared / site if len(sites) > 1 else declared
        home.mkdir(parents=True, exist_ok=True)
        (home / "site.toml").write_text(f'site = "{site}"\n' + (f'legs = ["{site}"]\n' if len(sites) > 1 else ""))
    if usb:
        (home / USB).write_text(usb)
    config = folder / "config.toml"
    legs = "".join(f'[[legs]]\nname = "{site}"\ninterface = "{site}"\n' for site in sites) if len(sites) > 1 else ""
    config.write_text(legs + more)
    return Parts(load(config), config, SystemClock())


def expected(box: Parts) -> dict[str, list[str]]:
    return {site: [each.sensor for each in declared.sensors if each.sensor == "peripherals"] for site, declared in box.sites.items()}


def test_it_is_expected_where_a_list_is_declared_to_judge_by(tmp_path):
    assert expected(parts(tmp_path / "a")) == {"xa-a": []}
    assert expected(parts(tmp_path / "b", LIST)) == {"xa-a": ["peripherals"]}
    assert expected(parts(tmp_path / "c", LIST, "[peripherals]\nenabled = false\n")) == {"xa-a": []}


def test_the_box_has_its_sockets_once_at_its_first_site(tmp_path):
    assert expected(parts(tmp_path, LIST, sites=("xa-a", "xa-b"))) == {"xa-a": [], "xa-b": []}


def test_the_composed_sensor_tells_what_is_there_and_that_it_listens(tmp_path):
    sink = Sink()
    with plugging(parts(tmp_path, LIST), sink):
        while not isinstance(heard := sink.facts.get(timeout=30), SensorHeard):
            assert heard.sensor == "peripherals"
    assert (heard.state, heard.message) == ("running", "")


@pytest.mark.parametrize("more", ["", "[peripherals]\nenabled = false\n"])
def test_it_stays_quiet_where_it_is_not_wanted(tmp_path, more):
    sink = Sink()
    with plugging(parts(tmp_path, LIST if more else "", more), sink):
        pass
    assert sink.facts.empty()
