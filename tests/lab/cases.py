"""Records tests/cases/lab/<name>/capture.pcap: one small recording per protocol, mostly of real software.

    sudo python tests/lab/cases.py [NAME ...] [--node-modules DIR]

What each holds and what must be found in it is written by hand beside it, in about.md and expected.json.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import addresses
import capturefile
import screens
import viewing
from lab import Host, LabError, Net, recording, until
from people import ANDROID, CAST_ASKS, DIAL_TARGET, IPHONE, IPHONE_ASKS, RENDERER_TARGET, ROKU_TARGET, WINDOWS, Kind, Station

OUT = Path(__file__).parents[1] / "cases" / "lab"
START = datetime.datetime(2025, 7, 15, 1, 0, tzinfo=datetime.UTC)  # 08:00 in Viet Nam, so that re-recording moves no date
# The bytes of what is played say nothing that the requests do not.
NO_MEDIA = "not (tcp src port 8090 and greater 600) and not (udp dst portrange 6001-6100 and greater 600)"
CAST = ["id=5b0c3a1e9d0f4c7e8a21d3b4c5f60718", "cd=7C1E0A55D0E14B6F9E4E2F7F3A9B8C10", "rm=", "ve=05", "md=Chromecast"]
CAST += ["ic=/setup/icon.png", "ca=463365", "bs=FA8FCA10A0B1", "nf=1", "rs=", "st=0"]
APPLE_TV = ["deviceid=00:0A:95:10:20:41", "features=0x4A7FDFD5,0x3C155FDE", "flags=0x24c", "model=AppleTV14,1", "acl=0"]
APPLE_TV += ["srcvers=770.8.1", "pi=5b9d0d20-6a55-4f0c-8c1c-3f0d9d2f1a70", "protovers=1.1", "vv=1"]


class Bench:
    """One segment heard as at a mirror port, with one phone to ask questions."""

    def __init__(self, net: Net, heard: Path, node_modules: Path) -> None:
        self.net = net
        self.heard = heard
        self.node_modules = node_modules
        self.segment = net.segment("lab", flooding=True)
        self.leg = self.segment.leg()

    def host(self, name: str, last: int, mac: str, *, ipv6: bool = False) -> Host:
        """A device with a fixed address."""
        return self.net.host(name, self.segment, f"192.168.10.{last}/24", mac=mac, ipv6=ipv6)

    def station(self, name: str, last: int | None, mac: str, kind: Kind) -> Station:
        """A PC or phone; without `last` it must ask a DHCP server."""
        host = self.net.host(name, self.segment, f"192.168.10.{last}/24" if last else None, mac=mac)
        return Station(host, kind, name)

    def phone(self) -> Station:
        """An Android phone with a randomised MAC."""
        return self.station("phone", 101, "6a:5f:2e:10:20:51", ANDROID)

    def hear(self, seconds: float) -> None:
        """Listen on: adverts repeat by their own clocks, which no event announces."""
        time.sleep(seconds)

    def joined(self, host: Host) -> None:
        """Wait till the host listens to SSDP: programs say they are ready before they do."""
        until(lambda: "239.255.255.250" in host.run(["ip", "maddr"]), f"{host.name} to join SSDP")

    def cut(self, name: str) -> None:
        """Write everything heard until now as a case."""
        self.hear(0.2)
        # What actions a renderer knows is 40 KB each time and the same for all.
        frames = capturefile.without_fetches_of(b"SCPD.xml HTTP", list(capturefile.read(self.heard)))
        shift = int(START.timestamp()) * 1_000_000 - frames[0].at
        (OUT / name).mkdir(parents=True, exist_ok=True)
        capturefile.write_pcap(OUT / name / "capture.pcap", [frame.moved(frame.at + shift) for frame in frames])


def uxplay(bench: Bench) -> None:
    """AirPlay receiver without protection: adverts, an iPhone's question, GET /info; then the goodbye."""
    host = bench.host("man-hinh", 31, "00:e0:4c:10:20:31")
    screens.avahi(host)
    program = screens.uxplay(host, "Màn hình phòng họp")
    iphone = bench.station("iPhone", 102, "5e:3c:1b:10:20:52", IPHONE)
    bench.hear(1.5)
    iphone.ask_mdns(IPHONE_ASKS)
    iphone.fetch("192.168.10.31", 7000, b"GET /info RTSP/1.0\r\nCSeq: 0\r\nUser-Agent: AirPlay/770.8.1\r\n\r\n", until=b"bplist")
    bench.hear(1)
    bench.cut("airplay-uxplay")
    program.stop()
    bench.hear(0.5)
    bench.cut("airplay-uxplay-goodbye")


def shairport(bench: Bench) -> None:
    """RAOP receiver: sound only."""
    host = bench.host("loa", 32, "2c:cf:67:10:20:32")
    screens.avahi(host)
    screens.shairport(host, "Loa hội trường")
    bench.hear(2.5)
    bench.cut("raop-shairport")


def airplay_pin(bench: Bench) -> None:
    """AirPlay receiver that asks for a PIN, idle and then with a session: TXT built from the description."""
    host = bench.host("apple-tv", 41, "00:0a:95:10:20:41")
    busy = ["flags=0x2024c"]
    program = screens.advert(host, "_airplay._tcp", "Apple TV phòng họp", 7000, APPLE_TV, busy)
    bench.cut("airplay-pin")
    program.popen.send_signal(signal.SIGUSR1)
    program.wait_for("changed")
    bench.cut("airplay-pin-session")


def cast(bench: Bench) -> None:
    """Google Cast advert: idle, busy with YouTube, goodbye."""
    host = bench.host("chromecast", 33, "00:f6:20:10:20:33")
    phone = bench.phone()
    name = "Chromecast-5b0c3a1e9d0f4c7e8a21d3b4c5f60718"
    program = screens.advert(host, "_googlecast._tcp", name, 8009, [*CAST, "fn=TV khu chờ"], ["st=1", "rs=YouTube"])
    phone.ask_mdns(CAST_ASKS)
    bench.hear(0.5)
    bench.cut("cast-idle")
    program.popen.send_signal(signal.SIGUSR1)
    program.wait_for("changed")
    bench.cut("cast-busy")
    program.stop()
    bench.cut("cast-goodbye")


def silence(phone: Station) -> Path:
    """Three seconds of silence in a file on the phone."""
    media = phone.host.folder / "anh-vui.wav"
    samples = bytes([128]) * 24_000
    header = b"RIFF" + (36 + len(samples)).to_bytes(4, "little") + b"WAVEfmt " + (16).to_bytes(4, "little")
    form = b"\x01\x00\x01\x00" + (8000).to_bytes(4, "little") * 2 + b"\x01\x00\x08\x00"
    media.write_bytes(header + form + b"data" + len(samples).to_bytes(4, "little") + samples)
    return media


def serve_sound(phone: Station) -> str:
    """The phone serves that file: its address."""
    media = silence(phone)
    phone.host.popen([sys.executable, "-m", "http.server", "8090", "--directory", phone.host.folder])
    until(lambda: ":8090" in phone.host.run(["ss", "-Hltn"]), "the phone's web server")
    return f"http://{phone.ip}:8090/{media.name}"


def push_sound(phone: Station, where: str, found: Callable[[], None] = lambda: None) -> None:
    """Push three seconds of silence, served by the phone, to a renderer (its description, or its address), and wait till it has played.

    `found` is called when the search is over and the sending begins.
    """
    program = phone.host.popen([sys.executable, screens.HERE / "push.py", where, serve_sound(phone)])
    program.wait_for("found")
    found()
    program.wait_for("STOPPED")


def gmediarender(bench: Bench) -> None:
    """DLNA renderer: adverts, a search and its answer; then byebye."""
    host = bench.host("tv-sanh", 34, "1c:a4:10:10:20:34")
    phone = bench.phone()
    program = screens.gmediarender(host, "TV-Sảnh")
    bench.hear(1)
    phone.search(RENDERER_TARGET, "Android/14 UPnP/1.0")
    bench.hear(1.5)
    bench.cut("dlna-gmediarender")
    program.stop()
    knock(phone, screens.address(host), 49494)
    bench.cut("dlna-gmediarender-byebye")


def pushed(bench: Bench) -> None:
    """DLNA renderer told by a phone what to play: the description, SetAVTransportURI, Play, GetTransportInfo."""
    host = bench.host("tv-sanh", 34, "1c:a4:10:10:20:34")
    screens.gmediarender(host, "TV-Sảnh")
    bench.hear(1)
    push_sound(bench.phone(), "http://192.168.10.34:49494/description.xml")
    bench.cut("dlna-gmediarender-push")


def knock(station: Station, ip: str, port: int) -> None:
    """Try a door that must be shut: the refusal is the direct sign that a screen is off."""
    with contextlib.suppress(ConnectionRefusedError):
        station.fetch(ip, port, b"")
        raise LabError(f"{ip} still listens on port {port}")


def rygel(bench: Bench) -> None:
    """DLNA renderer of GNOME: adverts; then byebye."""
    host = bench.host("tv-hop-nho", 35, "28:cd:c1:10:20:35")
    program = screens.rygel(host, "TV phòng họp nhỏ")
    until(lambda: b"MediaRenderer" in bench.heard.read_bytes(), "rygel's advert")
    bench.hear(1)
    bench.cut("dlna-rygel")
    program.stop()
    bench.hear(0.5)
    bench.cut("dlna-rygel-byebye")


def minidlna(bench: Bench) -> None:
    """DLNA media server: no screen."""
    host = bench.host("kho-anh", 36, "00:11:32:10:20:36")
    screens.minidlna(host, "Kho ảnh")
    bench.joined(host)
    phone = bench.phone()
    phone.search("ssdp:all", "Android/14 UPnP/1.0")
    bench.hear(1.5)
    bench.cut("mediaserver-minidlna")


def roku(bench: Bench) -> None:
    """Roku control port: advert, a search, device-info, a key press."""
    host = bench.host("roku", 37, "00:0d:4b:10:20:37")
    phone = bench.phone()
    screens.peer(host, "roku", "YN00X1102037", screens.address(host))
    bench.joined(host)
    phone.search(ROKU_TARGET, "Android/14")
    bench.hear(1.5)
    press_home(phone, screens.address(host))
    bench.cut("roku-emulated")


def press_home(phone: Station, ip: str) -> None:
    """Read what the device is, then press a key, as any phone on the network may."""
    for line in ("GET /query/device-info", "POST /keypress/Home"):
        head = f"{line} HTTP/1.1\r\nHost: {ip}:8060\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        phone.fetch(ip, 8060, head.encode())


def dial(bench: Bench) -> None:
    """DIAL receiver: advert, a search and its answer, description, YouTube launched."""
    host = bench.host("tv-box", 38, "1c:a4:10:10:20:38")
    phone = bench.phone()
    screens.dial(host, "TV box hội trường", bench.node_modules)
    bench.joined(host)
    phone.search(DIAL_TARGET)
    bench.hear(1.5)
    launch_youtube(phone, screens.address(host))
    bench.cut("dial-peer")


def launch_youtube(phone: Station, ip: str) -> None:
    """Read the description, then start an application, as any phone on the network may."""
    close = b" HTTP/1.1\r\nHost: tv\r\nConnection: close\r\nContent-Type: text/plain\r\n"
    phone.fetch(ip, 8008, b"GET /dial/ssdp/device-desc.xml" + close + b"\r\n")
    phone.fetch(ip, 8008, b"POST /dial/apps/YouTube" + close + b"Content-Length: 13\r\n\r\nv=YE7VzlLtp-4")


def ms_mice(bench: Bench) -> None:
    """Miracast over infrastructure: the sink's advert, built from the published protocol."""
    host = bench.host("pc-hop-truc-tuyen", 42, "00:10:dc:10:20:42")
    container = "container_id={6B1D2C11-7A55-4E0C-9F5E-1D2A3B4C5D42}"
    screens.advert(host, "_display._tcp", "PC-HOPTRUCTUYEN", 7250, [container])
    bench.cut("miracast-mice")


def pjlink(bench: Bench) -> None:
    """Projector: search and answer, greeting without password, a question that only reads."""
    host = bench.host("may-chieu", 43, "38:1a:52:10:20:43")
    pc = bench.station("PC-KETOAN", 21, "00:06:5b:10:20:21", WINDOWS)
    screens.peer(host, "pjlink", host.mac)
    ask_projector(pc, screens.address(host))
    bench.cut("pjlink-search")


def ask_projector(pc: Station, ip: str) -> None:
    """Search all projectors, then read one's power state."""
    pc.search_projectors()
    pc.fetch(ip, 4352, b"%1POWR ?\r", until=b"POWR=")


def printer(bench: Bench) -> None:
    """IPP printer: no screen."""
    host = bench.host("may-in", 44, "00:1e:8f:10:20:44")
    screens.avahi(host)
    screens.printer(host, "Máy in một cửa")
    bench.hear(2.5)
    bench.cut("printer-ipp")


def questions(bench: Bench) -> None:
    """PC and phones that only ask for screens: nothing may be found."""
    pc = bench.station("PC-TIEPNHAN01", 22, "10:b6:76:10:20:22", WINDOWS)
    pc.start_windows("UBND-XA")
    iphone = bench.station("iPhone", 102, "5e:3c:1b:10:20:52", IPHONE)
    phone = bench.phone()
    for station, targets in ((pc, [DIAL_TARGET]), (phone, [DIAL_TARGET, RENDERER_TARGET, ROKU_TARGET])):
        station.ask_mdns(CAST_ASKS)
        for target in targets:
            station.search(target)
    iphone.ask_mdns(IPHONE_ASKS)
    pc.search_projectors()
    bench.cut("only-questions")


def dora(bench: Bench) -> None:
    """DHCP: real server, real client of a box, built clients of Windows, Android and iOS."""
    router = bench.host("router", 1, "a4:f4:c2:10:20:01")
    addresses.dnsmasq(router, {"1c:a4:10:10:20:34": "192.168.10.34", "00:06:5b:10:20:21": "192.168.10.21"})
    addresses.udhcpc(bench.net.host("tv-sanh", bench.segment, mac="1c:a4:10:10:20:34"), "TV-Sanh")
    bench.station("PC-KETOAN", None, "00:06:5b:10:20:21", WINDOWS).join()
    bench.station("Android", None, "6a:5f:2e:10:20:51", ANDROID).join()
    bench.station("iPhone", None, "5e:3c:1b:10:20:52", IPHONE).join()
    bench.cut("dhcp-dnsmasq")


def advertised_router(bench: Bench) -> None:
    """IPv6 router advertisements, a host that takes the prefix, and the last one with lifetime 0."""
    router = bench.host("router", 1, "a4:f4:c2:10:20:01", ipv6=True)
    program = addresses.radvd(router, "fd00:10::/64")
    host = bench.host("pc", 23, "00:0d:61:10:20:23", ipv6=True)
    until(lambda: "fd00:10:" in host.run(["ip", "-6", "address"]), "an address under the prefix")
    bench.cut("ra-radvd")
    program.stop()
    bench.cut("ra-radvd-stop")


def vnc_open(bench: Bench) -> None:
    """A VNC server without a password, and a viewer."""
    served = bench.host("may-mot-cua", 25, "10:b6:76:10:20:25")
    viewer = bench.host("may-ho-tro", 26, "10:b6:76:10:20:26")
    viewing.xvnc(served, 41, guarded=False)
    viewing.view(viewer, screens.address(served))
    bench.cut("remote-vnc-open")


def vnc_password(bench: Bench) -> None:
    """A VNC server with a password: refused, then let in."""
    served = bench.host("may-mot-cua", 25, "10:b6:76:10:20:25")
    viewer = bench.host("may-ho-tro", 26, "10:b6:76:10:20:26")
    viewing.xvnc(served, 42, guarded=True)
    viewing.view(viewer, screens.address(served), b"sai-roi!")
    bench.cut("remote-vnc-refused")
    viewing.view(viewer, screens.address(served), viewing.PASSWORD)
    bench.cut("remote-vnc-password")


def rdp(bench: Bench) -> None:
    """An RDP server that is asked for a session."""
    served = bench.host("may-mot-cua", 25, "10:b6:76:10:20:25")
    viewer = bench.host("may-ho-tro", 26, "10:b6:76:10:20:26")
    viewing.xrdp(served)
    viewing.ask_rdp(viewer, screens.address(served))
    bench.cut("remote-rdp-xrdp")


CASES: list[Callable[[Bench], None]] = [
    uxplay, shairport, airplay_pin, cast, gmediarender, pushed, rygel, minidlna, roku, dial, ms_mice, pjlink, printer,
    questions, dora, advertised_router, vnc_open, vnc_password, rdp,
]  # fmt: skip


def record(case: Callable[[Bench], None], node_modules: Path) -> None:
    """One case in a laboratory of its own."""
    with Net() as net:
        heard = net.folder / "heard.pcap"
        bench = Bench(net, heard, node_modules)
        with recording(bench.leg, heard, NO_MEDIA):
            case(bench)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="cases to record, all if none: " + ", ".join(case.__name__ for case in CASES))
    parser.add_argument("--node-modules", type=Path, default=Path("build/lab/node_modules"), help="where npm put peer-dial")
    options = parser.parse_args()
    for case in CASES:
        if not options.names or case.__name__ in options.names:
            print(case.__name__, flush=True)
            record(case, options.node_modules.resolve())
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except LabError as error:
        sys.exit(f"error: {error}")
