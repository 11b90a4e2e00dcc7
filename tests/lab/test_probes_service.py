"""`vonggac run` with probes, and lines compared at a real soc-echo: the services as they are installed."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

import probing
import pytest
import trustme
from lab import Host, LabError, Net, Space, until

pytestmark = pytest.mark.root
VONGGAC = Path(sys.executable).with_name("vonggac")
TOKEN = "mot-ma-du-dai-cua-xa-thu"


def children_of(pid: int) -> list[int]:
    """The probe programs that a process started."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                status, line = (entry / "status").read_text(), (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if f"\nPPid:\t{pid}\n" in status and b"collector.probe" in line:
                found.append(int(entry.name))
    return found


def config(folder: Path, extra: str = "") -> Path:
    (folder / "declared").mkdir()
    (folder / "declared/site.toml").write_text(probing._SITE.format(more=""))
    text = probing._CONFIG.format(probes='["nonce"]', sockets="s") + f'\n[web]\nport = 0\n[probes]\nfirst = "3s"\nrepeats = 1\njitter = 0\n{extra}'
    (folder / "config.toml").write_text(text)
    return folder / "config.toml"


def test_the_whole_service_proves_a_flat_network_and_says_so(net):
    flat = net.segment("flat", flooding=False)
    space, *_ = probing.legs_of(net, flat, flat)
    file = config(space.folder)
    service = space.popen([VONGGAC, "run", "--config", file])
    service.wait_for("chương trình thăm dò đã kết nối với lõi", 30)

    def told() -> str:
        try:
            return space.run([VONGGAC, "explain", "VG-NET-01", probing.PAIR, "--config", file])
        except LabError:  # not judged yet: the command refuses
            return ""

    until(lambda: "proven_shared_l2" in told() and "Gói thử quảng bá" in told(), "the proof", 40)
    assert "Khung thử lớp 2" in told()
    [child] = children_of(service.popen.pid)
    # Only the right to send raw frames is left to it: CAP_NET_RAW is bit 13.
    status = Path(f"/proc/{child}/status").read_text().splitlines()
    capabilities = dict(line.split(":\t") for line in status if line.startswith(("CapEff", "CapPrm", "NoNewPrivs")))
    assert {int(capabilities["CapEff"], 16), int(capabilities["CapPrm"], 16)} == {1 << 13}
    assert capabilities["NoNewPrivs"] == "1"
    # Killed, it leaves nobody behind who may transmit.
    os.kill(service.popen.pid, signal.SIGKILL)
    until(lambda: not Path(f"/proc/{child}").exists(), "the end of the probe program")


def test_probe_alone_says_when_no_leg_names_one(tmp_path, net):
    space = net.space("alone")
    (tmp_path / "config.toml").write_text("")
    program = space.popen([VONGGAC, "probe", "--config", tmp_path / "config.toml"])
    assert program.wait() == 1
    assert "Chưa chân mạng nào bật thăm dò" in program.said()


def internet(net: Net, *sites: int) -> tuple[Host, list[Host]]:
    """A SOC at 203.0.113.10 and home routers behind which sites of 192.168.<n>.0/24 come out, each at 203.0.113.<n>."""
    world = net.segment("world", flooding=False)
    soc = net.host("soc", world, "203.0.113.10/24")
    routers = []
    for number in sites:
        router = net.host(f"router{number}", world, f"203.0.113.{number}/24")
        router.shell("echo 1 >/proc/sys/net/ipv4/ip_forward")
        chain = "{ type nat hook postrouting priority 100; }"
        router.shell(f"nft add table ip nat; nft 'add chain ip nat out {chain}'; nft add rule ip nat out oifname eth0 snat to 203.0.113.{number}")
        routers.append(router)
    return soc, routers


def soc_echo(soc: Host, ports: str = "[22, 80]") -> tuple[str, trustme.CA]:
    """The service with a certificate of its own authority; its address."""
    authority = trustme.CA()
    certificate = authority.issue_cert("203.0.113.10")
    certificate.private_key_and_cert_chain_pem.write_to_path(soc.folder / "soc.pem")
    (soc.folder / "soc.pem").chmod(0o600)
    (soc.folder / "token").write_text(TOKEN)
    (soc.folder / "token").chmod(0o600)
    consent = f'addresses = "any"\nports = {ports}\nsigned_by = "Nguyễn Văn A"\nuntil = 2099-12-31\n'
    (soc.folder / "consents.toml").write_text(f'[[sites]]\nsite = "xa-thu"\ntoken_file = "token"\n{consent}')
    argv = [VONGGAC, "soc-echo", "--listen", "203.0.113.10:8471", "--consents", soc.folder / "consents.toml", "--certificate", soc.folder / "soc.pem"]
    soc.popen(argv).wait_for("soc-echo nghe ở https://203.0.113.10:8471", 20)
    return "https://203.0.113.10:8471", authority


OPEN = "import socket as s; l = s.socket(); l.bind(('203.0.113.1', 80)); l.listen(); print('up', flush=True); l.accept()"
ASK = """\
import asyncio, json, ssl, sys
sys.path.insert(0, sys.argv[1])
from collector.clock import SystemClock
from collector.sensors.lines.asker import Asking, Lines

class Sink:
    def put(self, facts):
        for fact in facts:
            print(json.dumps({"kind": type(fact).__name__, **{name: getattr(fact, name) for name in fact.__struct_fields__}}), flush=True)
        return len(facts)

asking = Asking(echo=sys.argv[2], token=sys.argv[3], legs=(), period=1, first=1, knock=sys.argv[5] == "knock")
lines = Lines(asking, Sink(), SystemClock(), ssl.create_default_context(cafile=sys.argv[4]))
for leg in sys.argv[6:]:
    asyncio.run(lines.ask(*leg.split("=")))
    asyncio.run(asyncio.sleep(1.1))
"""


def ask(space: Space, echo: str, authority: trustme.CA, *legs: str, knock: bool = False) -> list[dict]:
    """What the sensor tells, run inside the space."""
    ca = space.folder / "ca.pem"
    authority.cert_pem.write_to_path(ca)
    root = Path(__file__).parents[2]
    said = space.run([sys.executable, "-c", ASK, root, echo, TOKEN, ca, "knock" if knock else "echo", *legs])
    return [json.loads(line) for line in said.splitlines()]


def test_two_legs_behind_one_router_come_out_at_one_address_and_one_gateway(net):
    soc, (router,) = internet(net, 1)
    echo, authority = soc_echo(soc)
    staff, citizen = net.segment("staff", flooding=False), net.segment("citizen", flooding=False)
    space, *_ = probing.legs_of(net, staff, citizen)
    # One switch that routes has one address on all its networks.
    for number, segment in ((1, staff), (2, citizen)):
        segment.plug(router, f"eth{number}", "a4:f4:c2:10:20:01")
        router.shell(f"ip address add 192.168.{number}.1/24 dev eth{number}; ip link set eth{number} up")
        space.shell(f"ip address add 192.168.{number}.2/24 dev leg{number - 1}")
        space.shell(f"ip route add default via 192.168.{number}.1 dev leg{number - 1} metric {number}")
    told = ask(space, echo, authority, "can-bo=leg0", "nguoi-dan=leg1")
    lines = [row for row in told if row["kind"] == "LineTold"]
    assert [(row["leg"], row["address"], row["first_hop"], row["gateway_mac"], row["open_ports"]) for row in lines] == [
        (leg, "203.0.113.1", f"192.168.{number}.1", "a4:f4:c2:10:20:01", None) for number, leg in ((1, "can-bo"), (2, "nguoi-dan"))
    ]
    assert [(row["probe"], row["outcome"]) for row in told if row["kind"] == "ProbeRan"] == [("line", "sent")] * 2


def test_agreed_ports_that_let_in_are_told(net):
    soc, (router,) = internet(net, 1)
    echo, authority = soc_echo(soc)
    inside = net.segment("inside", flooding=False)
    inside.plug(router, "eth1")
    router.shell("ip address add 192.168.1.1/24 dev eth1; ip link set eth1 up")
    router.popen([sys.executable, "-c", OPEN]).wait_for("up")
    space, *_ = probing.legs_of(net, inside, inside)
    space.shell("ip address add 192.168.1.2/24 dev leg0; ip route add default via 192.168.1.1 dev leg0")
    [line, _] = ask(space, echo, authority, "can-bo=leg0", knock=True)
    assert (line["address"], line["knocked"], line["open_ports"]) == ("203.0.113.1", [22, 80], [80])


def test_a_leg_without_a_way_out_is_told_as_such(net):
    soc, _ = internet(net)
    echo, authority = soc_echo(soc)
    space, *_ = probing.legs_of(net, net.segment("one"), net.segment("two"))
    [ran] = ask(space, echo, authority, "can-bo=leg0")
    assert (ran["kind"], ran["outcome"]) == ("ProbeRan", "failed")
    assert ran["detail"]
