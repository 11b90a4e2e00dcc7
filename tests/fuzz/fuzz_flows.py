"""Hostile connections: the bytes cut into segments at their own say, in any order, both ways, through the stage and every flow decoder."""

from collector.decode.error import DecodeError
from collector.decode.flows.head import Head
from collector.decode.flows.stage import Flows
from collector.decode.flows.table import FLOWS
from tests.fuzz.checks import check, packet

SOAP = b"""POST /c HTTP/1.1\r\nSOAPACTION: "urn:schemas-upnp-org:service:AVTransport:1#SetAVTransportURI"\r\nContent-Length: 43\r\n\r\n"""
REQUESTS = (
    SOAP + b"<CurrentURI>http://a/&#xe1;&amp;b</CurrentURI>",
    b"POST /apps/YouTube HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nv=a\r\n0\r\n\r\n",
    b"POST /launch/12?u=http%3A%2F%2Fa HTTP/1.1\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
    b"GET /api/v2/channels/samsung.remote.control?name=VFY= HTTP/1.1\r\nUpgrade: websocket\r\n\r\n",
    b'POST /jsonrpc HTTP/1.1\r\nContent-Length: 53\r\n\r\n{"method":"Player.Open","params":{"item":{"file":"a"}}}',
    b"POST /play HTTP/1.1\r\nX-Apple-Session-ID: 1\r\nContent-Length: 40\r\n\r\nbplist00\xd1\x01\x02\x5f\x10\x10Content-Location\x5f\x10\x08http://a",
    b"ANNOUNCE rtsp://a/1 RTSP/1.0\r\nDACP-ID: 1\r\n\r\nRTSP/1.0 453 No\r\n\r\n",
)
MAPPING = b"""POST /ctl HTTP/1.1\r\nSOAPAction: "urn:schemas-upnp-org:service:WANIPConnection:1#%s"\r\nContent-Length: %d\r\n\r\n%s"""
PORT = b"<NewExternalPort>80</NewExternalPort><NewProtocol>TCP</NewProtocol>"
CLIENT_PORT = PORT + b"<NewInternalClient>192.168.10.31</NewInternalClient><NewInternalPort>80</NewInternalPort><NewLeaseDuration>60</NewLeaseDuration>"
REQUESTS += (
    MAPPING % (b"AddPortMapping", len(CLIENT_PORT), CLIENT_PORT),
    MAPPING % (b"DeletePortMapping", len(PORT), PORT),
    MAPPING % (b"GetSpecificPortMappingEntry", len(PORT), PORT) + b"HTTP/1.1 200 OK\r\n\r\n" + CLIENT_PORT,
)
MESSAGES = (
    b"PJLINK 0\r",
    b"PJLINK 1 498e4a67\r",
    b"NTCONTROL 1 3f9a01bc\r",
    b"ESC/VP.net\x10\x03\0\0\x20\0" * 2,
    b"%1POWR 0\r%1POWR=OK\r",
    b"5d8409bc1c3fa39749434aa3a5c38682%1INPT 31\r",
    b"00IIS:HD1\r",
    b'\x81\x9d\0\0\0\0{"type":"request","uri":"ssap://system/turnOff"}',
    b'\x81\xb9\0\0\0\0{"method":"ms.remote.control","params":{"DataOfCmd":"K"}}',
    b'{"method":"Player.Open","params":{"item":{"file":"a"}}}{"error":{}}',
    b"\x00\x09\x01\x01\x00\x00\x02P\x00\x00\x07\x01\x03\x04\x00\x00",
    b"CNXN\x01\0\0\1\0\0\x10\0\7\0\0\0\x32\2\0\0\xbc\xb1\xa7\xb1host::\0",
    b"\x16\x03\x01\x00\x10\x01" + bytes(20),
)
# Each whole in one segment, and in pieces of nine bytes, both to each port in turn.
SEEDS = tuple(bytes([step, way]) + text for text in (*REQUESTS, *MESSAGES) for step, way in ((255, 0), (9, 3), (40, 6), (60, 12)))
CLIENT = {"protocol": 6, "mac": "00:e0:4c:10:20:31", "peer_mac": "00:06:5b:10:20:21", "ip": "192.168.10.31", "peer_ip": "192.168.10.21"}
SERVER = {"protocol": 6, "mac": "00:06:5b:10:20:21", "peer_mac": "00:e0:4c:10:20:31", "ip": "192.168.10.21", "peer_ip": "192.168.10.31"}
PORTS = tuple(dict.fromkeys((80, *(port for row in FLOWS for port in row.ports))))


def fuzz_one(data: bytes) -> None:
    for row in FLOWS:
        head = Head(packet(b"", **CLIENT, port=50000, peer_port=(row.ports or (80,))[0]), data[: row.limit], data[len(data) // 2 :][: row.answer_limit], 1)
        for fact in _told(row, head):
            check(fact)
    assert _followed(data) == _followed(data)


def _told(row, head):
    try:
        first, again = row.decode(head), row.decode(head)
    except DecodeError as fault:
        return fault.facts
    assert first == again, "the same bytes gave other facts"
    return first or ()


def _followed(data):
    """The first byte is how long a segment is, the second its order and port; the rest is said."""
    step, way, text = max(1, data[0] if data else 1), data[1] if len(data) > 1 else 0, data[2:1200]
    stage, port, facts = Flows(FLOWS, most_flows=4, most_bytes=10_000), PORTS[way % len(PORTS)], []
    pieces = [(at, text[at : at + step + (way & 3)]) for at in range(0, len(text), step)]
    for at, piece in reversed(pieces) if way & 4 else pieces:
        client = {**CLIENT, "port": 50000, "peer_port": port}
        server = {**SERVER, "port": port, "peer_port": 50000}
        given = packet(piece, **(server if way & 8 and at // step % 2 else client), number=0xFFFFFFF0 + at & 0xFFFFFFFF)
        try:
            facts += stage.decode(given)
        except DecodeError as fault:
            facts += fault.facts
    assert len(stage) <= 4
    for fact in facts:
        check(fact)
    return facts
