"""Real DHCP servers, a real DHCP client and a real router advertiser for laboratory hosts."""

from __future__ import annotations

from pathlib import Path

from lab import Host, Process

# udhcpc's own default script rewrites resolv.conf and flushes interfaces; ours takes the address and nothing else.
_TAKE = """\
#!/bin/sh
case "$1" in bound|renew)
  ip address replace "$ip/$mask" dev "$interface"
  ip route replace 224.0.0.0/4 dev "$interface"
  echo "$ip" > "$0.ip" ;;
esac
"""

_RADVD = """\
interface eth0 {{
  AdvSendAdvert on; MinRtrAdvInterval 3; MaxRtrAdvInterval 6;
  prefix {prefix} {{ AdvOnLink on; AdvAutonomous on; }};
}};
"""


def dnsmasq(router: Host, fixed: dict[str, str], *more: str, pool: str = "200,220", net: str = "", gateway: str = "") -> Process:
    """A DHCP server (no DNS) that gives each MAC in `fixed` its address, and one of `pool` to others; `more` options.

    `net` and `gateway` where clients are behind a relay; else its own network, and itself.
    """
    net, gateway = net or str(router.ip).rsplit(".", 1)[0], gateway or str(router.ip)
    first, last = (f"{net}.{end}" for end in pool.split(","))
    argv = ["dnsmasq", "-k", "--no-resolv", "--no-hosts", "--port=0", "--interface=eth0", "--bind-interfaces", "--user=root"]
    argv += [f"--dhcp-range={first},{last},255.255.255.0,8h", f"--dhcp-option=3,{gateway}", f"--dhcp-option=6,{gateway}"]
    argv += ["--dhcp-authoritative", f"--dhcp-leasefile={router.folder}/leases", "--log-facility=-", "--pid-file="]
    # Its answer comes 3 s late when it pings the address first.
    argv += ["--no-ping", "--conf-file=/dev/null", *(f"--dhcp-host={mac},{ip}" for mac, ip in fixed.items()), *more]
    server = router.popen(argv)
    server.wait_for("started")
    return server


def relay(router: Host, server: Host, *others: str) -> Process:
    """dnsmasq as a DHCP relay between the router's clients, by its address and `others`, and a server on another network."""
    argv = ["dnsmasq", "-k", "--no-resolv", "--no-hosts", "--port=0", "--bind-dynamic", "--user=root", "--conf-file=/dev/null"]
    argv += ["--log-facility=-", "--pid-file=", *(f"--dhcp-relay={ip},{server.ip}" for ip in (router.ip, *others))]
    program = router.popen(argv)
    program.wait_for("started")
    return program


def udhcpc(host: Host, name: str, *options: str) -> None:
    """Busybox's client asks once; the host then has its address in `ip`."""
    script = host.folder / "take"
    script.write_text(_TAKE)
    script.chmod(0o755)
    host.run(["udhcpc", "-i", "eth0", "-n", "-q", "-f", "-t", "5", "-T", "2", "-s", script, "-x", f"hostname:{name}", *options])
    host.ip = Path(f"{script}.ip").read_text().strip()


def radvd(router: Host, prefix: str) -> Process:
    """Router advertisements for `prefix`; on SIGTERM a last one with lifetime 0. The host needs IPv6."""
    router.shell("echo 1 >/proc/sys/net/ipv6/conf/all/forwarding")
    conf = router.folder / "radvd.conf"
    conf.write_text(_RADVD.format(prefix=prefix))
    daemon = router.popen(["radvd", "-n", "-m", "stderr", "-d", "1", "-u", "root", "-C", conf, "-p", router.folder / "radvd.pid"])
    daemon.wait_for("started")
    return daemon
