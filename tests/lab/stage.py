"""The place a scenario is played in: its segments, and two real boxes that listen to the same frames, one as at a mirror port, one as at a plain port.

Devices hang on a switch that floods. The box at the mirror port hangs on it too; the box at the plain port hangs on a second switch behind it, one that
learns, and so hears of others' unicast only what any switch would let through. Both see one playing, so what they tell can be compared.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import capturefile
from cases import NO_MEDIA
from lab import Host, LabError, Leg, Net, Process, Space, recording, until
from lab import Segment as Switch
from people import ANDROID, Kind, Station
from scene import VANTAGES, Scenario, Vantage, declare, key_of

from collector.sockets import SocketReader, path_of
from model.ledger import Change
from model.rows import Sensor
from model.site import SiteView
from model.verdict import Verdict

# Others may be using the machine: generous, and left as soon as what is waited for is there.
PATIENCE = 60.0
# A heartbeat so much later than the last frame, seconds: the sensor had read and core judged it.
AFTERWARDS = 1.2
_CONFIG = """\
state_dir = "state"
declared = "declared"
[box]
id = "{box}"
{legs}
[web]
port = 0
[sockets]
dir = "{sockets}"
[privacy]
key_file = "identity.key"
{more}
"""
_LEG = """
[[legs]]
name = "{name}"
interface = "leg{number}"
heartbeat = "3s"
probes = {probes}
"""


class Box:
    """A running `vonggac run` in a space of its own, with a leg on each segment, and what is heard there."""

    def __init__(self, stage: Stage, vantage: Vantage) -> None:
        self.vantage = vantage
        self.folder = stage.net.folder / f"box-{vantage}"
        self.legs: list[Leg] = []
        self.declared = declare(stage.scenario, self.folder / "declared")
        self._scenario = stage.scenario
        for segment in stage.scenario.segments:
            leg = stage.switch(segment.on or segment.name, vantage).leg(self.legs[0].space if self.legs else stage.net.space(f"box-{vantage}"))
            self.legs.append(leg)
            if ip := segment.box[VANTAGES.index(vantage)]:
                leg.space.shell(f"ip address add {ip} dev {leg.interface}")

    @property
    def space(self) -> Space:
        """Where it runs."""
        return self.legs[0].space

    def start(self) -> Process:
        """The program, as a person starts it. Its path of sockets must be short."""
        (self.folder / "identity.key").write_bytes(key_of(self.vantage))
        (self.folder / "identity.key").chmod(0o600)
        legs = "".join(
            _LEG.format(name=name, number=number, probes=list(self._scenario.probes)).replace("'", '"') for number, name in enumerate(self._scenario.legs)
        )
        (self.folder / "config.toml").write_text(_CONFIG.format(box=f"hop-{self.vantage}", legs=legs, sockets=self.folder / "s", more=self._scenario.config))
        config, told = self.folder / "config.toml", self.folder / "told"
        if self._scenario.tells:
            told.touch()
            return self.space.popen([sys.executable, Path(__file__).with_name("box.py"), config, told])
        return self.space.popen([Path(sys.executable).with_name("vonggac"), "run", "--config", config])

    def heard(self, number: int = 0) -> Path:
        """The frames that the leg has heard so far."""
        return self.folder / f"leg{number}.pcap"

    def keep(self, scenario: Scenario) -> None:
        """Writes the recording into the scenario's folder. What actions a renderer knows is 40 KB each time and the same for all."""
        frames = [frame for number in range(len(self.legs)) for frame in capturefile.read(self.heard(number), number)]
        frames.sort(key=lambda frame: frame.at)
        capturefile.write_pcapng(scenario.recording(self.vantage), scenario.legs, capturefile.without_fetches_of(b"SCPD.xml HTTP", frames))
        file = scenario.folder / f"{self.vantage}.told.gz"
        file.unlink(missing_ok=True)
        if scenario.tells and (said := (self.folder / "told").read_bytes()):
            file.write_bytes(gzip.compress(said, 9, mtime=0))


class Watcher(threading.Thread):
    """Reads a box's journal as the page does, and notes when each state of each finding could first be read (ns)."""

    def __init__(self, box: Box) -> None:
        super().__init__(name=f"watcher-{box.vantage}", daemon=True)
        self.first: dict[tuple[str, str, str, str, str], int] = {}
        self.standing: list[Change] = []
        self.verdicts: list[Verdict] = []
        self.beats: dict[str, int] = {}
        self.vantages: set[str] = set()
        self._path = path_of(box.folder / "s", "read")
        self._legs = len(box.legs)
        self._over = threading.Event()

    def run(self) -> None:
        asyncio.run(self._watch())

    def stop(self) -> None:
        self._over.set()
        self.join()

    def listening(self) -> bool:
        """Whether every leg has been heard of."""
        return len(self.beats) == self._legs

    def beaten(self, since: int) -> bool:
        """Whether every leg's sensor told that it lives after that moment."""
        return self.listening() and min(self.beats.values()) > since

    async def _watch(self) -> None:
        reader, version = SocketReader(self._path), -1
        try:
            while not self._over.is_set():
                version = await reader.wait(version, 0.2)
                self.standing = list(await reader.findings())
                for change in self.standing:
                    finding = change.finding
                    key = (finding.detector, finding.subject.id, finding.state, finding.severity.value, finding.grade.value)
                    self.first.setdefault(key, time.time_ns())
                self.verdicts = list(await reader.verdicts())
                running = [row for row in await reader.rows() if isinstance(row, Sensor) and row.state == "running" and row.sensor.startswith("capture:")]
                self.beats = {row.leg: row.seen.last for row in running}
                self.vantages = {row.vantage for row in running}
        finally:
            await reader.close()


class Stage:
    """What a scenario's `play(stage)` is given. `happens()` marks the moment from which the seconds to an alert are counted."""

    def __init__(self, scenario: Scenario, net: Net, node_modules: Path) -> None:
        self.scenario = scenario
        self.net = net
        self.node_modules = node_modules
        self.marks: list[int] = []
        self._stations: list[Station] = []
        own = [segment.name for segment in scenario.segments if not segment.on]
        self._loud = {name: net.segment(name, flooding=True) for name in own}
        self._learning = {name: self._behind(name, switch) for name, switch in self._loud.items()}
        self.boxes = [Box(self, vantage) for vantage in VANTAGES]
        self.watchers: list[Watcher] = []

    def _behind(self, name: str, loud: Switch) -> Switch:
        """A switch that learns, by a cable to the one that floods."""
        learning = self.net.segment(f"{name}-plain", flooding=False)
        loud.plug(learning._space, "uplink")
        learning._space.shell("ip link set uplink master br0 up")
        return learning

    def switch(self, name: str, vantage: Vantage = "mirror") -> Switch:
        """The switch whose ports are of that kind."""
        return self._loud[name] if vantage == "mirror" else self._learning[name]

    @property
    def heard(self) -> Path:
        """All that was heard on the first segment."""
        return self.boxes[0].heard()

    def happens(self) -> None:
        """Now it happens."""
        self.marks.append(time.time_ns())

    def host(self, name: str, last: int | None, mac: str, *, ipv6: bool = False, on: int = 0, gateway: str | None = None) -> Host:
        """A device on the segment number `on`; without `last` it must ask a DHCP server."""
        segment = self.scenario.segments[on]
        ip = f"192.168.{10 * (on + 1)}.{last}/24" if last else None
        return self.net.host(name, self.switch(segment.on or segment.name), ip, mac=mac, ipv6=ipv6, gateway=gateway)

    def station(self, name: str, last: int | None, mac: str, kind: Kind, on: int = 0) -> Station:
        """A PC or phone built by scapy."""
        return self.person(self.host(name, last, mac, on=on), kind)

    def person(self, host: Host, kind: Kind) -> Station:
        """The same on a device that is there already."""
        self._stations.append(Station(host, kind, host.name))
        return self._stations[-1]

    def phone(self) -> Station:
        """An Android phone with a randomised MAC."""
        return self.station("phone", 101, "6a:5f:2e:10:20:51", ANDROID)

    def joined(self, host: Host) -> None:
        """Wait till the host listens to SSDP: programs say they are ready before they do."""
        until(lambda: "239.255.255.250" in host.run(["ip", "maddr"]), f"{host.name} to join SSDP", PATIENCE)

    def hears(self, words: bytes, times: int = 1, what: str = "") -> None:
        """Wait till these bytes went over the first segment that often."""
        until(lambda: self.heard.read_bytes().count(words) >= times, what or repr(words), PATIENCE)

    def sees(self, detector: str, vantage: Vantage = "mirror", state: str = "open", grade: str = "") -> None:
        """Wait till the box there has such a finding; `grade` empty: of any."""
        watcher = self.watchers[VANTAGES.index(vantage)]

        def seen() -> bool:
            return any(rule == detector and now == state and sure in (grade or sure,) for rule, _, now, _, sure in dict(watcher.first))

        until(seen, f"{detector} at the {vantage} port", PATIENCE)

    def says(self, detector: str, outcome: str, words: str = "", vantage: Vantage = "mirror", patience: float = PATIENCE) -> None:
        """Wait till the box there says so of anything."""
        watcher = self.watchers[VANTAGES.index(vantage)]

        def said() -> bool:
            return any(
                verdict.detector == detector and verdict.outcome.value == outcome and words in f"{verdict.summary.vi} {verdict.reason and verdict.reason.vi}"
                for verdict in watcher.verdicts
            )

        until(said, f"{detector} {outcome} at the {vantage} port", patience)

    def vantages(self) -> None:
        """Wait till both boxes have found out how they listen: ten seconds of each minute are looked at."""
        for watcher, vantage in zip(self.watchers, VANTAGES, strict=True):
            until(lambda watcher=watcher, vantage=vantage: watcher.vantages == {vantage}, f"the {vantage} port to be known as one", 3 * PATIENCE)

    def subscribed(self, mac: str, vantage: Vantage) -> None:
        """Wait till the box there has had the first event of that screen."""
        self.answered(mac, vantage, "event")

    def answered(self, mac: str, vantage: Vantage, asked: str) -> None:
        """Wait till that screen has answered the box there what it `asked` (`ScreenTold.asked`)."""
        box, watcher = self.boxes[VANTAGES.index(vantage)], self.watchers[VANTAGES.index(vantage)]
        screen = SiteView(box.declared, key=key_of(vantage)).asset_id(mac)

        def told() -> bool:
            verdicts = [verdict for verdict in watcher.verdicts if verdict.detector == "VG-NET-02" and verdict.subject.id == screen]
            return any(asked in piece.value for verdict in verdicts for piece in verdict.evidence if piece.kind in {"read", "session"})

        until(told, f"the {asked} of {mac} at the {vantage} port", PATIENCE)

    def close(self) -> None:
        """Gives back what its stations held."""
        for station in self._stations:
            station.close()

    def settle(self) -> None:
        """Wait till both boxes have judged all that was on the wire until now."""
        end = time.time_ns() + int(AFTERWARDS * 1e9)
        for watcher in self.watchers:
            until(lambda watcher=watcher: watcher.beaten(end), "a later heartbeat", PATIENCE)


@contextlib.contextmanager
def stage_of(scenario: Scenario, node_modules: Path) -> Iterator[Stage]:
    """The stage with both boxes listening and recorded; taken down afterwards."""
    with Net() as net, contextlib.ExitStack() as kept:
        stage = Stage(scenario, net, node_modules)
        for box in stage.boxes:
            for number, leg in enumerate(box.legs):
                # What the box sends itself is told by its sensors. (`inbound` would say the same, but here it loses frames that came by multicast.)
                own = leg.space.run(["ip", "-br", "link", "show", "dev", leg.interface]).split()[2]
                kept.enter_context(recording(leg, box.heard(number), f"not ether src {own} and {NO_MEDIA}"))
        programs = [box.start() for box in stage.boxes]
        for program, box in zip(programs, stage.boxes, strict=True):
            program.wait_for("Trang theo dõi", PATIENCE)
            stage.watchers.append(Watcher(box))
            stage.watchers[-1].start()
        try:
            for watcher in stage.watchers:
                until(watcher.listening, "every leg to be listened to", PATIENCE)
            yield stage
        finally:
            stage.close()
            for watcher in stage.watchers:
                watcher.stop()
        for program in programs:
            if program.stop(grace=PATIENCE) != 0 or "Traceback" in program.said():
                raise LabError(f"{program.name} did not end well: {program.said()[-3000:]}")


def node_modules() -> Path:
    """Where npm put the receivers (deploy/demo/record.sh)."""
    return Path(__file__).parents[2] / "build" / "lab" / "node_modules"


def needed(*programs: str) -> list[str]:
    """Those of the programs that are not installed."""
    return [program for program in programs if shutil.which(program) is None]
