"""A small internet in two namespaces: nginx, dnsmasq and the small server on one side, the place to look from on the other. Root and Linux only.

    with Internet(cases) as internet:
        with internet.inside():                # this thread's new sockets are the watcher's
            ...                                # names by internet.dns, certificates by internet.authority

Addresses are from public ranges, so that what the visitor refuses by default is really refused; there is no route out of the two namespaces.
"""

from __future__ import annotations

import contextlib
import ctypes
import datetime
import ipaddress
import json
import os
import shutil
import socket
import ssl
import struct
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

import trustme

from tests.lab.lab import LabError, Net, until
from tests.portals.lab import config, site
from tests.portals.lab.case import Found, world

DNS = "203.162.4.191"
WATCHER = "113.160.0.10"
POOL = ipaddress.ip_network("14.225.16.0/20")
ROOT = Path(__file__).parents[3]

_CLONE_NEWNET = 0x4000_0000
_LIBC = ctypes.CDLL(None, use_errno=True)


class Internet:
    """All the hosts of `cases` and of the world they share, up while used as a context manager."""

    dns = DNS

    def __init__(self, cases: Sequence[Found]) -> None:
        self.cases = list(cases)
        self.hosts = hosts_of([*self.cases, *world()])
        self.addresses = config.addresses(self.hosts, (str(address) for address in POOL.hosts()))
        # Thousands of small files: in memory where there is such a place.
        self.folder = Path(tempfile.mkdtemp(prefix="vonggac-portals-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None))
        self.authority = self.folder / "authority.pem"
        self.took = 0.0

    def __enter__(self) -> Internet:
        began = time.monotonic()
        try:
            self._build()
            self._net = Net()
            self._start()
        except BaseException:
            self.close()
            raise
        self.took = time.monotonic() - began
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Stops everything and leaves nothing behind."""
        if hasattr(self, "_net"):
            self._net.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    @contextlib.contextmanager
    def inside(self) -> Iterator[None]:
        """Within, sockets made by this thread, and threads and processes it starts, are the watcher's."""
        with open("/proc/thread-self/ns/net") as home, open(f"/proc/{self._watcher.pid}/ns/net") as there:
            _enter(there.fileno())
            try:
                yield
            finally:
                _enter(home.fileno())

    def context(self, *, trusting: bool = False) -> ssl.SSLContext:
        """Trusts the authority that signed the portals' certificates; `trusting`: everybody."""
        context = ssl.create_default_context(cafile=str(self.authority))
        if trusting:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context

    def _build(self) -> None:
        tree = self.folder / "tree"
        for host, found in self.hosts.items():
            if found.server(host).exists:
                (tree / host).mkdir(parents=True)
                site.build(found, host, tree / host)
        (self.folder / "keys").mkdir()
        _certify(self.hosts, self.folder)
        (self.folder / "nginx.conf").write_text(config.nginx(self.hosts, self.folder))
        (self.folder / "dnsmasq.conf").write_text(config.dnsmasq(self.hosts, self.addresses, DNS, self.folder))
        (self.folder / "answers.json").write_text(json.dumps({"rules": _answers(self.hosts), "aliases": _dangling(self.hosts)}))

    def _start(self) -> None:
        segment = self._net.segment("internet")
        self._internet = self._net.host("internet", segment, f"{DNS}/32")
        self._watcher = self._net.host("watcher", segment, f"{WATCHER}/32")
        batch = self.folder / "addresses.batch"
        batch.write_text("".join(f"address add {address}/32 dev lo\n" for address in sorted(set(self.addresses.values()))))
        self._internet.shell(f"ip -batch {batch}; ip route add {WATCHER}/32 dev eth0")
        # Everything is a neighbour: who has the address answers, and there is no way further.
        self._watcher.shell("ip route add default dev eth0")
        self._watcher.resolv.write_text(f"nameserver {DNS}\n")
        answers = self._internet.popen(
            [sys.executable, "-m", "tests.portals.lab.answers", str(self.folder / "answers.json"), str(config.ANSWERS_PORT)], {"PYTHONPATH": str(ROOT)}
        )
        self._internet.popen(["dnsmasq", "-C", str(self.folder / "dnsmasq.conf"), "--log-facility=-"])
        nginx = self._internet.popen(["nginx", "-c", str(self.folder / "nginx.conf"), "-p", str(self.folder), "-e", str(self.folder / "nginx-error.log")])
        answers.wait_for("ready")
        with self.inside():
            until(lambda: nginx.popen.poll() is not None or _open(DNS, 443), "nginx", 30)
            until(lambda: ask(DNS, next(iter(self.addresses))) is not None, "dnsmasq")
        if nginx.popen.poll() is not None:
            raise LabError(f"nginx ended: {nginx.said()[-2000:]}{(self.folder / 'nginx-error.log').read_text()[-2000:]}")


def hosts_of(cases: Sequence[Found]) -> dict[str, Found]:
    """Every host with the case it belongs to. Two cases may not have the same one."""
    hosts: dict[str, Found] = {}
    for found in cases:
        for host in found.case.hosts:
            if host in hosts:
                raise LabError(f"{host} belongs to {hosts[host].id} and to {found.id}")
            hosts[host] = found
    return hosts


def ask(server: str, name: str, kind: int = 1) -> tuple[int, int] | None:
    """What a name server says of a name: (code, number of records), None for no answer within half a second."""
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.settimeout(0.5)
        try:
            sender.sendto(struct.pack(">6H", 1, 0x100, 1, 0, 0, 0) + labels + b"\0" + struct.pack(">2H", kind, 1), (server, 53))
            answer = sender.recv(4096)
        except OSError:
            return None
    _, flags, _, records, _, _ = struct.unpack(">6H", answer[:12])
    return flags & 15, records


def _answers(hosts: dict[str, Found]) -> dict[str, list[dict[str, object]]]:
    rules: dict[str, list[dict[str, object]]] = {}
    for host, found in hosts.items():
        folder = found.files(found.server(host).site_of or host)
        if (folder / "answers.toml").is_file():
            listed = tomllib.loads((folder / "answers.toml").read_text())["answer"]
            rules[host] = [{**rule, **({"body": str(folder / rule["body"])} if "body" in rule else {})} for rule in listed]
    return rules


def _dangling(hosts: dict[str, Found]) -> dict[str, str]:
    return {host: server.alias for host, found in hosts.items() if (server := found.server(host)).alias and not server.exists}


def _certify(hosts: dict[str, Found], folder: Path) -> None:
    authority, stranger = trustme.CA(organization_name="Chứng thực thử nghiệm"), trustme.CA(organization_name="Không ai biết")
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    past = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    for host, found in {**hosts, "nobody": None}.items():
        how = found.server(host).certificate if found else "good"
        signer = stranger if how == "self-signed" else authority
        name = "mau.invalid" if how == "other-name" else host
        issued = signer.issue_cert(name, not_after=past if how == "expired" else None, not_before=datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC))
        (folder / "keys" / f"{host}.pem").write_bytes(b"".join(part.bytes() for part in issued.cert_chain_pems))
        issued.private_key_pem.write_to_path(str(folder / "keys" / f"{host}.key"))


def _open(address: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((address, port)) == 0


def _enter(descriptor: int) -> None:
    if _LIBC.setns(descriptor, _CLONE_NEWNET) != 0:
        raise LabError(f"cannot enter a network namespace: {os.strerror(ctypes.get_errno())}")
