"""PCs and phones whose frames scapy builds from descriptions, sent from laboratory hosts of their own.

The host's kernel only holds the address, so that ARP and TCP are answered; what makes a PC or a phone is built here.
"""

from __future__ import annotations

import socket
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from lab import Host, LabError
from scapy.layers.dhcp import BOOTP, DHCP
from scapy.layers.dns import DNS, DNSQR, DNSRR
from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import ARP, Ether
from scapy.layers.netbios import NBNSHeader, NBNSRegistrationRequest
from scapy.packet import Packet, Raw

EVERYBODY = "ff:ff:ff:ff:ff:ff"
ETH_P_ALL = 3


@dataclass(frozen=True)
class Kind:
    """What tells an operating system apart on the wire: DHCP class (option 60), wishes (55), initial TTL."""

    vendor_class: str
    wishes: Sequence[int]
    ttl: int
    tells_name: bool = True


# Wish lists as public DHCP fingerprints give them: Windows 10/11, Android 14, iOS 17.
WINDOWS = Kind("MSFT 5.0", (1, 3, 6, 15, 31, 33, 43, 44, 46, 47, 119, 121, 249, 252), 128)
ANDROID = Kind("android-dhcp-14", (1, 3, 6, 15, 26, 28, 51, 58, 59, 43, 114, 108), 64, tells_name=False)
IPHONE = Kind("", (1, 121, 3, 6, 15, 108, 114, 119, 252), 64)


class Station:
    """A PC or a phone on a laboratory host."""

    def __init__(self, host: Host, kind: Kind, name: str) -> None:
        self.host = host
        self.kind = kind
        self.name = name
        self.mac = host.mac
        self.raw = host.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        self.raw.bind((host.interface, 0))
        self.raw.settimeout(5)
        self.answers: list[socket.socket] = []

    @property
    def ip(self) -> str:
        """Its address; LabError before it has one."""
        if self.host.ip is None:
            raise LabError(f"{self.name} has no address yet")
        return self.host.ip

    def send(self, frame: Packet) -> None:
        """Put one frame on the wire as it is."""
        self.raw.send(bytes(frame))

    def to_group(self, group: str, port: int, payload: Packet | bytes, *, source: int, ttl: int) -> None:
        """One UDP datagram to a multicast group, or to everybody if `group` ends in .255."""
        last = [int(part) for part in group.split(".")]
        to_mac = EVERYBODY if last[3] == 255 else "01:00:5e:{:02x}:{:02x}:{:02x}".format(last[1] & 0x7F, *last[2:])
        body = Raw(payload) if isinstance(payload, bytes) else payload
        frame = Ether(src=self.mac, dst=to_mac) / IP(src=self.ip, dst=group, ttl=ttl) / UDP(sport=source, dport=port) / body
        self.send(frame)

    # --- addresses

    def join(self) -> None:
        """DISCOVER, OFFER, REQUEST, ACK; then the kernel takes the address and it is announced by ARP."""
        offer = self._asked_dhcp("discover", [])
        server = next(value for key, *value in _options(offer) if key == "server_id")[0]
        ack = self._asked_dhcp("request", [("server_id", server), ("requested_addr", offer.yiaddr)])
        self.host.ip = ack.yiaddr
        self.host.shell(f"ip address add {ack.yiaddr}/24 dev eth0; ip route replace 224.0.0.0/4 dev eth0")
        for sender in ("0.0.0.0", ack.yiaddr):  # probe, then announcement (RFC 5227)
            self.send(Ether(src=self.mac, dst=EVERYBODY) / ARP(op=1, hwsrc=self.mac, psrc=sender, pdst=ack.yiaddr))

    def ask_again(self) -> None:
        """The request of a PC that comes back and wishes for the address it had, from whichever server (INIT-REBOOT, RFC 2131 §4.3.2)."""
        self._asked_dhcp("request", [("requested_addr", self.ip)])

    def _asked_dhcp(self, step: str, more: list[tuple[str, str]]) -> BOOTP:
        kind = self.kind
        hardware = bytes.fromhex(self.mac.replace(":", ""))
        options: list[tuple[str, object] | str] = [("message-type", step), ("client_id", b"\x01" + hardware), *more]
        if kind.tells_name:
            options.append(("hostname", self.name))
        if kind.vendor_class:
            options.append(("vendor_class_id", kind.vendor_class))
        options += [("param_req_list", list(kind.wishes)), "end"]
        xid = zlib.crc32(self.mac.encode())
        bootp = BOOTP(chaddr=hardware + bytes(10), xid=xid) / DHCP(options=options)
        ip = IP(src="0.0.0.0", dst="255.255.255.255", ttl=kind.ttl)
        self.send(Ether(src=self.mac, dst=EVERYBODY) / ip / UDP(sport=68, dport=67) / bootp)
        return self._dhcp_answer(xid)

    def _dhcp_answer(self, xid: int) -> BOOTP:
        end = time.monotonic() + 10
        while time.monotonic() < end:
            answer = Ether(self.raw.recv(2000)).getlayer(BOOTP)
            if isinstance(answer, BOOTP) and answer.op == 2 and answer.xid == xid:
                return answer
        raise LabError(f"no DHCP server answers {self.name}")

    # --- Windows

    def start_windows(self, group: str) -> None:
        """What a Windows PC says after start: NetBIOS names, LLMNR and mDNS checks of its own name, UPnP and printer searches."""
        broadcast = self.ip.rsplit(".", 1)[0] + ".255"
        for number, (name, suffix) in enumerate([(self.name, 0x00), (self.name, 0x20), (group, 0x00)]):
            padded = name.upper().ljust(15)[:15].encode() + bytes([suffix])
            flags = 0xE000 if name == group else 0x6000
            registration = NBNSRegistrationRequest(QUESTION_NAME=padded, RR_NAME=0xC00C, NB_ADDRESS=self.ip)
            header = NBNSHeader(NAME_TRN_ID=0x8000 + number, OPCODE=5, NM_FLAGS=0x11, QDCOUNT=1, ARCOUNT=1)
            registration.G, registration.OWNER_NODE_TYPE = int(flags == 0xE000), 0
            self.to_group(broadcast, 137, header / registration, source=137, ttl=128)
        self.ask_llmnr(self.name, "ALL")
        self.ask_mdns([f"{self.name}.local"], qtype="ALL")
        self.say_mdns([DNSRR(rrname=f"{self.name}.local", type="A", rclass=0x8001, ttl=60, rdata=self.ip)])
        self.search("urn:schemas-upnp-org:device:InternetGatewayDevice:1", agent="Microsoft-Windows/10.0 UPnP/1.0")

    def ask_llmnr(self, name: str, qtype: str = "A") -> None:
        """One LLMNR question (RFC 4795)."""
        self.to_group("224.0.0.252", 5355, DNS(id=_id(name), rd=0, qd=[DNSQR(qname=name, qtype=qtype)]), source=61355, ttl=1)

    # --- discovery

    def ask_mdns(self, names: Sequence[str], qtype: str = "PTR") -> None:
        """One mDNS question for all these names, answers by multicast."""
        questions = [DNSQR(qname=name, qtype=qtype) for name in names]
        self.to_group("224.0.0.251", 5353, DNS(id=0, rd=0, qd=questions), source=5353, ttl=255)

    def say_mdns(self, records: Sequence[DNSRR]) -> None:
        """One mDNS answer nobody asked for."""
        message = DNS(id=0, qr=1, aa=1, rd=0, qd=[], an=list(records))
        self.to_group("224.0.0.251", 5353, message, source=5353, ttl=255)

    def search(self, target: str, agent: str = "Google Chrome/126.0.0.0 Windows") -> None:
        """One SSDP search; the answers come to a port that is kept open, as else the kernel would refuse them by ICMP."""
        answers = self._open_port()
        lines = ["M-SEARCH * HTTP/1.1", "HOST: 239.255.255.250:1900", 'MAN: "ssdp:discover"', "MX: 1", f"ST: {target}"]
        text = "\r\n".join([*lines, f"USER-AGENT: {agent}", "", ""])
        self.to_group("239.255.255.250", 1900, text.encode(), source=answers, ttl=4)

    def search_projectors(self) -> None:
        """The PJLink class 2 search, to everybody."""
        broadcast = self.ip.rsplit(".", 1)[0] + ".255"
        port = self._open_port(4352)
        self.to_group(broadcast, 4352, b"%2SRCH\r", source=port, ttl=self.kind.ttl)

    def fetch(self, ip: str, port: int, request: bytes, until: bytes = b"") -> bytes:
        """Connect, send, read till the other side ends or `until` is seen; what came."""
        got = b""
        with self.host.socket(socket.AF_INET, socket.SOCK_STREAM) as stream:
            stream.settimeout(5)
            stream.connect((ip, port))
            stream.sendall(request)
            while part := stream.recv(65536):
                got += part
                if until and until in got:
                    break
        return got

    def close(self) -> None:
        """Give its sockets back."""
        for kept in [self.raw, *self.answers]:
            kept.close()

    def _open_port(self, port: int = 0) -> int:
        opened = self.host.socket(socket.AF_INET, socket.SOCK_DGRAM)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((self.ip, port))
        self.answers.append(opened)
        return int(opened.getsockname()[1])


# What these devices ask a network they have just joined, or when somebody opens the casting menu.
IPHONE_ASKS = ["_airplay._tcp.local", "_raop._tcp.local", "_googlecast._tcp.local", "_companion-link._tcp.local"]
CAST_ASKS = ["_googlecast._tcp.local"]
DIAL_TARGET = "urn:dial-multiscreen-org:service:dial:1"
RENDERER_TARGET = "urn:schemas-upnp-org:device:MediaRenderer:1"
ROKU_TARGET = "roku:ecp"


def _options(answer: BOOTP) -> list[tuple[str, str]]:
    return [option for option in answer[DHCP].options if isinstance(option, tuple)]


def _id(text: str) -> int:
    return zlib.crc32(text.encode()) & 0xFFFF
