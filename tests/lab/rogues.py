"""Starts what a network must not have, and the lawful things that look like it: servers, spoofers, pairs of routers, shares, remote desktops."""

from __future__ import annotations

import sys
from pathlib import Path

from lab import Host, Process, until

WAIT = 30.0
TALK = Path(__file__).with_name("talk.py")

_SAMBA = """\
[global]
workgroup = UBND-XA
netbios name = {name}
interfaces = eth0
bind interfaces only = yes
server role = standalone server
local master = no
lock directory = {folder}
state directory = {folder}
cache directory = {folder}
pid directory = {folder}
private dir = {folder}
"""

_VRRP = """\
global_defs {{
  vrrp_garp_master_refresh 0
}}
vrrp_instance ra {{
  state BACKUP
  interface eth0
  virtual_router_id 7
  priority {priority}
  advert_int 1
  virtual_ipaddress {{
    {ip}
  }}
}}
"""

_NAT = """\
table inet filter {
  chain forward { type filter hook forward priority 0; policy accept; }
  chain miniupnpd { }
  chain prerouting_miniupnpd { }
  chain postrouting_miniupnpd { }
}
"""

_UPNP = """\
ext_ifname=eth1
ext_ip={public}
listening_ip=eth0
http_port=5431
enable_upnp=yes
enable_natpmp=yes
secure_mode=yes
notify_interval=60
uuid=5d0f1b1c-7a55-4e0c-9f5e-1d2a3b4c5d60
allow 1024-65535 192.168.10.0/24 1024-65535
deny 0-65535 0.0.0.0/0 0-65535
upnp_table_name=filter
upnp_nat_table_name=filter
"""


def dhclient(host: Host) -> None:
    """ISC's client takes a lease (its script is `true`); the host then has its address in `ip`."""
    leases = host.folder / "leases"
    client = host.popen(["dhclient", "-1", "-v", "-d", "-sf", "/bin/true", "-lf", leases, "-pf", host.folder / "pid", "eth0"])
    client.wait_for("bound to", WAIT)
    host.ip = client.said().split("bound to ")[1].split()[0]
    client.stop()


def dhcpcd(host: Host) -> None:
    """Roy Marples' client takes an address; the host then has it in `ip`."""
    client = host.popen(["dhcpcd", "-4", "-B", "-1", "-t", "20", "--noarp", "-C", "resolv.conf", "eth0"])
    client.wait_for("leased", WAIT)
    host.ip = client.said().split("leased ")[1].split()[0]


def samba(host: Host, name: str) -> Process:
    """NetBIOS names of a Windows-like server."""
    conf = host.folder / "smb.conf"
    conf.write_text(_SAMBA.format(name=name, folder=host.folder))
    return host.popen(["nmbd", "-F", "-S", "--no-process-group", "-s", conf])


def wsdd(host: Host, name: str) -> Process:
    """WS-Discovery as Windows computers speak it."""
    return host.popen(["wsdd", "-i", "eth0", "-4", "-n", name, "-w", "UBND-XA"])


def keepalived(host: Host, ip: str, priority: int) -> Process:
    """One of a pair of routers that keep one address by VRRP."""
    conf = host.folder / "keepalived.conf"
    conf.write_text(_VRRP.format(ip=ip, priority=priority))
    pids = [f"--pid={host.folder}/k.pid", f"--vrrp_pid={host.folder}/v.pid"]
    return host.popen(["keepalived", "-n", "-l", "-P", "-f", conf, *pids])


def igd(host: Host, public: str) -> Process:
    """miniupnpd on a router whose other side, eth1, has a public-looking address."""
    host.shell("ip link add eth1 type veth peer name line; ip link set line up; ip link set eth1 up; echo 1 >/proc/sys/net/ipv4/ip_forward")
    host.shell(f"ip address add {public}/24 dev eth1")
    rules, conf = host.folder / "nft", host.folder / "miniupnpd.conf"
    rules.write_text(_NAT)
    conf.write_text(_UPNP.format(public=public))
    host.run(["nft", "-f", rules])
    daemon = host.popen(["miniupnpd", "-d", "-f", conf, "-P", host.folder / "miniupnpd.pid"])
    until(lambda: ":5431" in host.run(["ss", "-Hltn"]), "miniupnpd's port", WAIT)
    return daemon


def xvnc(host: Host, security: str = "None") -> Process:
    """A VNC server; `security` is None or VncAuth."""
    argv = ["Xvnc", ":1", "-SecurityTypes", security, "-rfbport", "5900", "-geometry", "320x200", "-interface", str(host.ip)]
    if security != "None":
        password = host.folder / "passwd"
        password.write_bytes(bytes.fromhex("e9a1d2c3b4f50617"))
        argv += ["-rfbauth", str(password)]
    program = host.popen(argv, env={"HOME": str(host.folder)})
    until(lambda: ":5900" in host.run(["ss", "-Hltn"]), "Xvnc's port", WAIT)
    return program


def xrdp(host: Host) -> Process:
    """An RDP server; what is behind it does not matter."""
    program = host.popen(["xrdp", "-n", "-p", "3389"])
    until(lambda: ":3389" in host.run(["ss", "-Hltn"]), "xrdp's port", WAIT)
    return program


def speaks(host: Host) -> None:
    """Two questions to all, for addresses that nobody has: a station heard once only is none yet."""
    net = str(host.ip).rpartition(".")[0]
    host.shell(f"for n in 253 254; do ping -c 1 -W 0.2 -q {net}.$n >/dev/null || true; done")


def outside(router: Host, *names: str) -> str:
    """The world behind a router: these names lead to one address of its, by dnsmasq; the address."""
    router.shell("ip address add 203.0.113.9/32 dev lo")
    argv = ["dnsmasq", "-k", "--no-resolv", "--no-hosts", "--interface=eth0", "--bind-interfaces", "--user=root", "--conf-file=/dev/null", "--pid-file="]
    router.popen([*argv, "--log-facility=-", *(f"--address=/{name}/203.0.113.9" for name in names)]).wait_for("started")
    return "203.0.113.9"


def behind(pc: Host, router: Host) -> None:
    """The PC goes out and looks names up by that router."""
    pc.shell(f"ip route add default via {router.ip}; echo nameserver {router.ip} >/etc/resolv.conf")


def talk(host: Host, *what: str) -> str:
    """A part of talk.py, to its end."""
    return host.run([sys.executable, TALK, *what])


def talking(host: Host, *what: str) -> Process:
    """A part of talk.py that serves."""
    program = host.popen([sys.executable, TALK, *what])
    program.wait_for("ready", WAIT)
    return program
