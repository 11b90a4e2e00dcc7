"""Hostile SSDP."""

from collector.decode import ssdp
from tests.fuzz.checks import packet, probe

SEEDS = (
    b"NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nCACHE-CONTROL: max-age=1800\r\nLOCATION: http://192.168.10.31/d.xml\r\n"
    b"NT: upnp:rootdevice\r\nNTS: ssdp:alive\r\nSERVER: Linux UPnP/1.0\r\nUSN: uuid:1::upnp:rootdevice\r\nWAKEUP: MAC=00:e0:4c:10:20:31;Timeout=10\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nST: urn:dial-multiscreen-org:service:dial:1\r\nUSN: uuid:2\r\nEXT:\r\n\r\n",
    b'M-SEARCH * HTTP/1.1\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: ssdp:all\r\nUSER-AGENT: x\r\n\r\n',
)


def fuzz_one(data: bytes) -> None:
    probe(ssdp.decode, packet(data, port=50000, peer_port=1900))
