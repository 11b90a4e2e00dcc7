"""Network laboratory: hosts, switches and listening legs in nameless namespaces (root, Linux).

Each space is a keeper process holding a network, mount and host-name namespace. No name is given to any of
them, so nothing can clash between runs and no interface, name or mount is left when the keepers end. Keepers and
programs also die with the process that started them (their own children only if that process had time to close).

    with Net() as net:
        staff = net.segment("staff", flooding=True)          # True: as a mirror port hears; False: as a plain port
        pc = net.host("pc", staff, "192.168.10.20/24", mac="30:9c:23:00:00:20")
        leg = staff.leg()                                    # leg.space.popen([...]) on interface leg.interface
        tv = net.host("tv", staff, "192.168.10.30/24")
        tv.popen(["uxplay", "-nh"])
        pc.run(["ping", "-c1", "192.168.10.30"])
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

# A program that ignores SIGTERM must not hold up the closing of the whole network.
GRACE_SECONDS = 3.0
# The kernel counts in hundredths of a second: five minutes, the usual default of a switch.
SWITCH_AGEING = 30_000

_CLONE_NEWNET = 0x4000_0000  # <sched.h>; os.setns comes only with Python 3.12
_LIBC = ctypes.CDLL(None, use_errno=True)

# /run is private so that two buses or two avahi daemons do not meet; resolv.conf is bound to a file of ours
# because DHCP clients rewrite it, some even with a script of their own.
_KEEPER = """\
mount -t tmpfs tmpfs /run
mount --bind "$1" /etc/resolv.conf
hostname "$2"
ip link set lo up
echo ready
exec sleep infinity
"""


class LabError(RuntimeError):
    """A laboratory part did not do what was asked; the text names the part and its last words."""


def until(holds: Callable[[], bool], what: str, timeout: float = 15.0) -> None:
    """Wait till `holds()` is true; LabError naming `what` after `timeout` seconds."""
    end = time.monotonic() + timeout
    while not holds():
        if time.monotonic() > end:
            raise LabError(f"waited {timeout:g} s in vain for {what}")
        time.sleep(0.02)


@dataclass
class Process:
    """A program running in a space; its standard output and error go to `log`."""

    name: str
    popen: subprocess.Popen[bytes]
    log: Path

    def said(self) -> str:
        """Everything the program has written so far."""
        return self.log.read_text(errors="replace")

    def wait_for(self, text: str, timeout: float = 15.0) -> None:
        """Wait till the program writes `text`; LabError if it ends or `timeout` seconds pass first."""
        end = time.monotonic() + timeout
        while text not in self.said():
            ended = self.popen.poll() is not None
            if (ended and text not in self.said()) or time.monotonic() > end:
                raise LabError(f"{self.name} did not write {text!r}; it wrote: {self.said()[-2000:]}")
            time.sleep(0.02)

    def wait(self, timeout: float = 30.0) -> int:
        """Wait for the program to end by itself; its exit status, or LabError after `timeout` seconds."""
        try:
            return self.popen.wait(timeout)
        except subprocess.TimeoutExpired:
            raise LabError(f"{self.name} still runs after {timeout:g} s") from None

    def stop(self, how: signal.Signals = signal.SIGTERM, grace: float = GRACE_SECONDS) -> int:
        """Signal the program's whole group, kill what has not ended after `grace` seconds; the exit status (negative: signal)."""
        self._signal(how)
        # A wrapper such as dbus-run-session ends before the program whose goodbye we want to hear.
        with contextlib.suppress(LabError):
            until(lambda: self.popen.poll() is not None and not self._signal(0), "its end", grace)
        self._signal(signal.SIGKILL)
        return self.popen.wait()

    def _signal(self, how: int) -> bool:
        try:
            os.killpg(self.popen.pid, how)
        except ProcessLookupError:
            return False
        return True


class Space:
    """A private world: own interfaces, own host name, own /run, own resolv.conf; no interface but `lo` yet."""

    def __init__(self, net: Net, name: str) -> None:
        self.net = net
        self.name = name
        self.interfaces: list[str] = []
        self.programs: list[Process] = []
        self.folder = net.folder / f"{len(net.spaces)}-{name}"
        self.folder.mkdir()
        self.resolv = self.folder / "resolv.conf"
        self.resolv.touch()
        self._keeper = self._start_keeper()
        self.pid = self._keeper.popen.pid

    def popen(self, argv: Sequence[str | Path], env: Mapping[str, str] | None = None) -> Process:
        """Start a program in its own session; it dies with the calling thread, so start it from a lasting one."""
        log = self.folder / f"{len(self.programs)}-{Path(argv[0]).name}.log"
        program = self._spawn([*self._enter(), *argv], log, env)
        self.programs.append(program)
        return program

    def run(self, argv: Sequence[str | Path], timeout: float = 30.0) -> str:
        """Run a program to its end; its standard output. LabError with its last words on a bad exit status."""
        done = subprocess.run([*self._enter(), *argv], capture_output=True, text=True, errors="replace", timeout=timeout, check=False)
        if done.returncode:
            raise LabError(f"{self.name}: {argv[0]} ended with {done.returncode}: {done.stderr or done.stdout}")
        return done.stdout

    def shell(self, script: str) -> str:
        """Run a `sh -e` script; its standard output."""
        return self.run(["sh", "-ec", script])

    def socket(self, family: int, kind: int, protocol: int = 0) -> socket.socket:
        """A socket of this space for use by the calling process, such as AF_PACKET for frames built by hand."""
        with open("/proc/thread-self/ns/net") as home, open(f"/proc/{self.pid}/ns/net") as there:
            _setns(there.fileno())
            try:
                return socket.socket(family, kind, protocol)
            finally:
                _setns(home.fileno())

    def close(self) -> None:
        """Stop every program, newest first, then the keeper: interfaces go with it."""
        for program in reversed(self.programs):
            program.stop()
        self._keeper.stop(signal.SIGKILL)

    def _enter(self) -> list[str]:
        # Entering a mount namespace moves to `/`; relative paths are meant from where the caller stands.
        return ["setpriv", "--pdeathsig", "KILL", "nsenter", "-t", str(self.pid), "-n", "-m", "-u", f"--wdns={Path.cwd()}", "--"]

    def _start_keeper(self) -> Process:
        argv: list[str | Path] = ["setpriv", "--pdeathsig", "KILL", "unshare", "-n", "-m", "-u", "--propagation", "private"]
        script: list[str | Path] = ["sh", "-ec", _KEEPER, "keeper", self.resolv, self.name]
        keeper = self._spawn([*argv, *script], self.folder / "keeper.log", None)
        try:
            keeper.wait_for("ready")
        except LabError:
            keeper.stop(signal.SIGKILL)
            raise
        return keeper

    def _spawn(self, argv: Sequence[str | Path], log: Path, env: Mapping[str, str] | None) -> Process:
        with log.open("wb") as out:
            popen = subprocess.Popen(
                argv,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env={**os.environ, **(env or {})},
            )
        return Process(f"{self.name}: {Path(argv[-1]).name if log.name == 'keeper.log' else log.stem}", popen, log)


class Host(Space):
    """A space with one interface, `eth0`, on a segment."""

    interface = "eth0"
    mac: str
    ip: str | None  # without its prefix length

    def join_multicast(self) -> None:
        """Send multicast out of eth0 even with no default route; needed again after a DHCP client took an address."""
        self.shell(f"ip route replace 224.0.0.0/4 dev {self.interface}")


@dataclass(frozen=True)
class Leg:
    """An interface without an address, up and silent, for listening or replaying: `space`, `interface`, and the segment's `port` that it hangs on."""

    space: Space
    interface: str
    port: str = ""


class Segment:
    """One layer-2 segment: a bridge in a space of its own."""

    def __init__(self, net: Net, name: str, *, flooding: bool) -> None:
        self.net = net
        self.name = name
        self._space = net.space(f"sw-{name}")
        self._ports = 0
        age = 0 if flooding else SWITCH_AGEING
        options = f"ageing_time {age} stp_state 0 forward_delay 0 mcast_snooping 0"
        self._space.shell(f"{_quiet('default')}; ip link add br0 type bridge {options}; ip link set br0 up")

    def leg(self, space: Space | None = None) -> Leg:
        """A silent interface on this segment in `space` (a new one if None); a box with two legs has one space."""
        space = space or self.net.space(f"leg-{self.name}")
        interface = f"leg{len(space.interfaces)}"
        space.shell(_quiet("default"))
        port = self.plug(space, interface)
        space.shell(f"ip link set {interface} promisc on up")
        return Leg(space, interface, port)

    def isolate(self, *legs: Leg) -> None:
        """Client isolation, as guest Wi-Fi and switches do it: the ports of these legs no longer hear one another."""
        for leg in legs:
            self._space.run(["bridge", "link", "set", "dev", leg.port, "isolated", "on"])

    def pass_lldp(self) -> None:
        """As cheap switches do, pass on what IEEE 802.1D keeps to one cable (01:80:c2:00:00:0e)."""
        self._space.shell("ip link set br0 type bridge group_fwd_mask 0x4000")

    def plug(self, space: Space, interface: str, mac: str | None = None) -> str:
        """A cable between `interface` (new, left down) in `space` and this segment's bridge; the bridge's port."""
        port = f"port{self._ports}"
        self._ports += 1
        address = f"address {mac}" if mac else ""
        self._space.shell(f"ip link add {port} type veth peer name {interface} {address} netns {space.pid};ip link set {port} master br0 up")
        # Without this, veth leaves checksums to be filled in by nobody and joins frames beyond the MTU, which no wire shows.
        space.shell(f"ethtool -K {interface} tx off tso off gso off gro off >/dev/null")
        space.interfaces.append(interface)
        return port


class Net:
    """All the segments, hosts and legs of one laboratory; use it as a context manager or call `close`."""

    def __init__(self) -> None:
        if os.geteuid() != 0:
            raise LabError("the laboratory needs root: it makes network namespaces")
        self.spaces: list[Space] = []
        self.folder = Path(tempfile.mkdtemp(prefix="vonggac-lab-"))

    def __enter__(self) -> Net:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def space(self, name: str) -> Space:
        """A world of its own without any cable."""
        return self._kept(Space(self, name))

    def segment(self, name: str, *, flooding: bool = True) -> Segment:
        """A bridge: `flooding` sends every frame to every port (mirror port), else it learns (plain port)."""
        return Segment(self, name, flooding=flooding)

    def host(
        self, name: str, segment: Segment, ip: str | None = None, *, mac: str | None = None,
        gateway: str | None = None, ipv6: bool = False,
    ) -> Host:  # fmt: skip
        """A station with `eth0` on `segment`; `ip` is "192.168.10.5/24" or None for a DHCP client."""
        host = Host(self, name)
        self._kept(host)
        host.shell("echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad" if ipv6 else _quiet("default"))
        segment.plug(host, host.interface, mac)
        host.mac = mac or host.run(["ip", "-br", "link", "show", "dev", "eth0"]).split()[2]  # /sys shows the world outside
        host.ip = ip.split("/")[0] if ip else None
        address = f"ip address add {ip} dev eth0;" if ip else ""
        route = f"; ip route add default via {gateway}" if gateway else ""
        host.shell(f"{address} ip link set eth0 up; ip route add 224.0.0.0/4 dev eth0{route}")
        return host

    def close(self) -> None:
        """Stop every program and take every space down; safe to call twice."""
        while self.spaces:
            self.spaces.pop().close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _kept(self, space: Space) -> Space:
        self.spaces.append(space)
        return space


@contextlib.contextmanager
def recording(leg: Leg, file: Path, only: str = "") -> Iterator[Process]:
    """Record everything `leg` hears (libpcap filter `only`) into a pcap `file` while the block runs."""
    # Without immediate mode the last frames stay in the kernel's block when tcpdump is told to stop.
    argv = ["tcpdump", "-i", leg.interface, "-w", str(file), "-U", "--immediate-mode", "-B", "16384", "-s", "0", "-n"]
    tcpdump = leg.space.popen([*argv, "-Z", "root", *([only] if only else [])])
    tcpdump.wait_for("listening on")
    try:
        yield tcpdump
    finally:
        tcpdump.stop(signal.SIGINT)


def _setns(descriptor: int) -> None:
    if _LIBC.setns(descriptor, _CLONE_NEWNET) != 0:
        raise LabError(f"cannot enter a network namespace: {os.strerror(ctypes.get_errno())}")


def _quiet(interface: str) -> str:
    return f"echo 1 >/proc/sys/net/ipv6/conf/{interface}/disable_ipv6"
