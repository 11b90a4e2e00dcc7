"""Records "a day at a commune's service centre": real screens and servers, PCs and phones built by scapy.

    sudo python tests/lab/commune_day.py --out deploy/demo/commune.pcapng.gz

Two legs: `can-bo` (officers' network, heard as at a mirror port) and `nguoi-dan` (the waiting room's network, heard as at a
plain port). The lobby's television hangs on the officers' network, whose Wi-Fi password the citizens know: inspection
findings 1 and 2.

The recording takes about a minute and a half. Each scene is then moved as a block to its time of the day, 15 July 2025 in
Viet Nam, so order and the spacing within a scene are as recorded; what software would say by itself between the scenes
(repeated adverts, renewals) is not there. The same recording always gives the same file.
"""

from __future__ import annotations

import argparse
import datetime
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import addresses
import capturefile
import cases
import screens
from lab import Host, LabError, Net, Segment, recording, until
from people import ANDROID, CAST_ASKS, DIAL_TARGET, IPHONE, IPHONE_ASKS, RENDERER_TARGET, ROKU_TARGET, WINDOWS, Kind, Station

LEGS = ["can-bo", "nguoi-dan"]
VIET_NAM = datetime.timezone(datetime.timedelta(hours=7))
DAY = datetime.datetime(2025, 7, 15, tzinfo=VIET_NAM)
STAFF, CITIZEN = "192.168.10", "192.168.20"

# Real makers' prefixes, as a class is judged by them; the last three bytes are made up.
DEVICES = {
    "router-can-bo": ("a4:f4:c2:0d:01:01", f"{STAFF}.1"),
    "pc-tiepnhan01": ("10:b6:76:0d:01:11", f"{STAFF}.11"),
    "pc-tiepnhan02": ("00:06:5b:0d:01:12", f"{STAFF}.12"),
    "pc-ketoan": ("00:0d:61:0d:01:13", f"{STAFF}.13"),
    "pc-hoptructuyen": ("00:10:dc:0d:01:14", f"{STAFF}.14"),
    "may-in": ("00:1e:8f:0d:01:21", f"{STAFF}.21"),
    "kho-anh": ("00:11:32:0d:01:22", f"{STAFF}.22"),
    "man-hinh-hop": ("00:e0:4c:0d:01:31", f"{STAFF}.31"),
    "loa-hoi-truong": ("2c:cf:67:0d:01:32", f"{STAFF}.32"),
    "may-chieu": ("38:1a:52:0d:01:33", f"{STAFF}.33"),
    "tv-sanh": ("1c:a4:10:0d:01:34", f"{STAFF}.34"),
    "tv-hop-nho": ("28:cd:c1:0d:01:35", f"{STAFF}.35"),
    "apple-tv": ("00:0a:95:0d:01:36", f"{STAFF}.36"),
    "dien-thoai-1": ("6a:5f:2e:0d:01:51", f"{STAFF}.151"),
    "iphone-1": ("5e:3c:1b:0d:01:53", f"{STAFF}.153"),
    "dien-thoai-3": ("92:0b:c8:0d:01:54", f"{STAFF}.154"),
    "router-nguoi-dan": ("00:14:78:0d:02:01", f"{CITIZEN}.1"),
    "may-tra-cuu": ("00:0e:a6:0d:02:11", f"{CITIZEN}.11"),
    "tv-cho": ("00:f6:20:0d:02:31", f"{CITIZEN}.31"),
    "tv-box": ("1c:a4:10:0d:02:32", f"{CITIZEN}.32"),
    "roku": ("00:0d:4b:0d:02:33", f"{CITIZEN}.33"),
    "dien-thoai-4": ("e6:2a:90:0d:02:51", f"{CITIZEN}.151"),
    "iphone-2": ("42:d7:6f:0d:02:52", f"{CITIZEN}.152"),
}
APPLE_TV = [pair.replace("00:0A:95:10:20:41", "00:0A:95:0D:01:36") for pair in cases.APPLE_TV]


class Day:
    """The centre while it is recorded."""

    def __init__(self, net: Net, node_modules: Path) -> None:
        self.net = net
        self.node_modules = node_modules
        self.segments = {STAFF: net.segment(LEGS[0], flooding=True), CITIZEN: net.segment(LEGS[1], flooding=False)}
        self.stations: dict[str, Station] = {}
        self.hosts: dict[str, Host] = {}

    def segment(self, name: str) -> Segment:
        """The segment on which a device of the table hangs."""
        return self.segments[DEVICES[name][1].rpartition(".")[0]]

    def router(self, name: str, *, ipv6: bool = False) -> Host:
        """A router with its fixed address and a DHCP server for the devices beside it."""
        mac, ip = DEVICES[name]
        host = self.net.host(name, self.segment(name), f"{ip}/24", mac=mac, ipv6=ipv6)
        net = ip.rpartition(".")[0]
        addresses.dnsmasq(host, {mac: ip for mac, ip in DEVICES.values() if ip.startswith(f"{net}.")})
        return host

    def box(self, name: str) -> Host:
        """A device with software of its own: its address by busybox's DHCP client."""
        host = self.net.host(name, self.segment(name), mac=DEVICES[name][0])
        addresses.udhcpc(host, name)
        self.hosts[name] = host
        return host

    def station(self, name: str, kind: Kind, called: str) -> Station:
        """A PC or a phone that has just joined by DHCP."""
        host = self.net.host(name, self.segment(name), mac=DEVICES[name][0])
        if kind is WINDOWS:
            host.shell("echo 128 >/proc/sys/net/ipv4/ip_default_ttl")
        station = Station(host, kind, called)
        station.join()
        self.stations[name] = station
        return station

    def pc(self, name: str) -> Station:
        """A Windows PC after its start."""
        station = self.station(name, WINDOWS, name.upper())
        station.start_windows("UBND-XA")
        return station


def opening(day: Day) -> None:
    """Routers up; PCs, printer and picture store start."""
    addresses.radvd(day.router("router-can-bo", ipv6=True), "fd00:10::/64")
    day.router("router-nguoi-dan")
    for name in ("pc-tiepnhan01", "pc-tiepnhan02", "pc-ketoan", "pc-hoptructuyen", "may-tra-cuu"):
        day.pc(name)
    printer = day.box("may-in")
    screens.avahi(printer)
    screens.printer(printer, "Máy in một cửa")
    screens.minidlna(day.box("kho-anh"), "Kho ảnh hoạt động")
    time.sleep(2.5)


def screens_on(day: Day) -> None:
    """Screens of the officers' network are switched on."""
    for name in ("man-hinh-hop", "loa-hoi-truong"):
        screens.avahi(day.box(name))
    screens.uxplay(day.hosts["man-hinh-hop"], "Màn hình phòng họp")
    screens.shairport(day.hosts["loa-hoi-truong"], "Loa hội trường")
    screens.peer(day.box("may-chieu"), "pjlink", DEVICES["may-chieu"][0])
    screens.gmediarender(day.box("tv-sanh"), "TV-Sảnh")
    screens.rygel(day.box("tv-hop-nho"), "TV phòng họp nhỏ")
    screens.advert(day.box("apple-tv"), "_airplay._tcp", "Apple TV phòng chủ tịch", 7000, APPLE_TV)
    container = "container_id={6B1D2C11-7A55-4E0C-9F5E-1D2A3B4C0114}"
    screens.advert(day.stations["pc-hoptructuyen"].host, "_display._tcp", "PC-HOPTRUCTUYEN", 7250, [container])
    time.sleep(3)


def waiting_room_on(day: Day) -> None:
    """Screens of the waiting room are switched on; again after the power cut at noon."""
    for name in ("tv-cho", "tv-box", "roku"):
        if name not in day.hosts:
            day.box(name)
        for program in day.hosts[name].programs:
            program.stop(signal.SIGKILL)
    name = "Chromecast-5b0c3a1e9d0f4c7e8a21d3b4c5f60718"
    screens.advert(day.hosts["tv-cho"], "_googlecast._tcp", name, 8009, [*cases.CAST, "fn=TV khu chờ"], ["st=1", "rs=YouTube"])
    screens.dial(day.hosts["tv-box"], "TV box phòng chờ", day.node_modules)
    screens.peer(day.hosts["roku"], "roku", "YN000D020033", screens.address(day.hosts["roku"]))
    time.sleep(1)


def citizens_come(day: Day) -> None:
    """Phones join, on the waiting room's network and on the officers'; their apps look for screens."""
    day.station("dien-thoai-1", ANDROID, "")
    day.station("iphone-1", IPHONE, "iPhone")
    day.station("dien-thoai-4", ANDROID, "")
    day.station("iphone-2", IPHONE, "iPhone")
    everybody_asks(day)


def everybody_asks(day: Day) -> None:
    """The casting menus of phones and the browsers of PCs: questions only, answered by the screens."""
    for name, station in day.stations.items():
        station.ask_mdns(IPHONE_ASKS if station.kind is IPHONE else CAST_ASKS)
        if station.kind is not IPHONE:
            station.search(DIAL_TARGET)
        if station.kind is ANDROID:
            station.search(RENDERER_TARGET, "Android/14 UPnP/1.0")
        time.sleep(0.1)
        if name == "pc-tiepnhan01":
            station.ask_llmnr("may-chu-mot-cua")
    time.sleep(1.5)


def meeting(day: Day) -> None:
    """An officer's phone looks at the meeting room's screen, a PC looks for the projector."""
    request = b"GET /info RTSP/1.0\r\nCSeq: 0\r\nUser-Agent: AirPlay/770.8.1\r\n\r\n"
    day.stations["iphone-1"].ask_mdns(IPHONE_ASKS)
    day.stations["iphone-1"].fetch(DEVICES["man-hinh-hop"][1], 7000, request, until=b"bplist")
    cases.ask_projector(day.stations["pc-ketoan"], DEVICES["may-chieu"][1])
    time.sleep(1.5)


def takeover(day: Day) -> None:
    """A phone pushes its own clip to the lobby's television."""
    phone = day.stations["dien-thoai-1"]
    phone.search(RENDERER_TARGET, "Android/14 UPnP/1.0")
    time.sleep(1)
    cases.push_sound(phone, f"http://{DEVICES['tv-sanh'][1]}:49494/description.xml")


def youtube(day: Day) -> None:
    """Somebody casts to the waiting room's television, and starts YouTube on the TV box."""
    program = day.hosts["tv-cho"].programs[-1]
    day.stations["dien-thoai-4"].ask_mdns(CAST_ASKS)
    program.popen.send_signal(signal.SIGUSR1)
    program.wait_for("changed")
    cases.launch_youtube(day.stations["dien-thoai-4"], DEVICES["tv-box"][1])
    time.sleep(1)


def youtube_ends(day: Day) -> None:
    """The television is idle again."""
    program = day.hosts["tv-cho"].programs[-1]
    program.popen.send_signal(signal.SIGUSR2)
    until(lambda: program.said().count("changed") == 2, "the second change of the advert")
    time.sleep(0.5)


def small_room_off(day: Day) -> None:
    """The small meeting room's television is switched off properly; a PC that still tries it is refused."""
    television = day.hosts["tv-hop-nho"]
    port = next(line.split()[3].rpartition(":")[2] for line in television.run(["ss", "-Hltn4"]).splitlines())
    television.programs[-1].stop()
    cases.knock(day.stations["pc-ketoan"], screens.address(television), int(port))
    time.sleep(0.5)


def afternoon(day: Day) -> None:
    """The power came back in the waiting room; another citizen's phone is on the officers' Wi-Fi."""
    waiting_room_on(day)
    day.station("dien-thoai-3", ANDROID, "")
    everybody_asks(day)


def key_press(day: Day) -> None:
    """A phone presses a key of the Roku."""
    phone = day.stations["dien-thoai-4"]
    phone.search(ROKU_TARGET, "Android/14")
    cases.press_home(phone, DEVICES["roku"][1])
    time.sleep(1)


SCENES: list[tuple[str, Callable[[Day], None]]] = [
    ("07:30", opening), ("07:40", screens_on), ("07:45", waiting_room_on), ("08:05", citizens_come), ("09:00", meeting),
    ("09:40", everybody_asks), ("10:05", takeover), ("10:20", youtube), ("10:50", youtube_ends), ("11:30", small_room_off),
    ("13:05", afternoon), ("14:30", key_press), ("15:30", everybody_asks), ("16:55", everybody_asks),
]  # fmt: skip


def play(net: Net, node_modules: Path, files: list[Path]) -> list[int]:
    """Play all scenes while both legs listen; the real start of each in microseconds."""
    day = Day(net, node_modules)
    staff, citizen = (segment.leg() for segment in day.segments.values())
    starts = []
    with recording(staff, files[0], cases.NO_MEDIA), recording(citizen, files[1]):
        for clock, scene in SCENES:
            print(clock, scene.__name__, flush=True)
            starts.append(time.time_ns() // 1000)
            scene(day)
    return starts


def spread(frames: list[capturefile.Frame], starts: list[int]) -> list[capturefile.Frame]:
    """Frames in order, each scene moved to its time of the day."""
    targets = [int((DAY + clock_offset(clock)).timestamp()) * 1_000_000 for clock, _ in SCENES]
    moved = []
    for frame in sorted(frames, key=lambda frame: (frame.at, frame.leg)):
        scene = max(0, sum(start <= frame.at for start in starts) - 1)
        moved.append(frame.moved(targets[scene] + frame.at - starts[scene]))
    return moved


def clock_offset(clock: str) -> datetime.timedelta:
    """The time since midnight of "HH:MM"."""
    hours, minutes = map(int, clock.split(":"))
    return datetime.timedelta(hours=hours, minutes=minutes)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="the pcapng to write, compressed if it ends in .gz")
    parser.add_argument("--node-modules", type=Path, default=Path("build/lab/node_modules"), help="where npm put peer-dial")
    options = parser.parse_args()
    with Net() as net:
        files = [net.folder / f"{leg}.pcap" for leg in LEGS]
        starts = play(net, options.node_modules.resolve(), files)
        frames = [frame for leg, file in enumerate(files) for frame in capturefile.read(file, leg)]
    kept = capturefile.without_fetches_of(b"SCPD.xml HTTP", frames)
    capturefile.write_pcapng(options.out, LEGS, spread(kept, starts))
    print(f"{options.out}: {len(kept)} frames, {options.out.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except LabError as error:
        sys.exit(f"error: {error}")
