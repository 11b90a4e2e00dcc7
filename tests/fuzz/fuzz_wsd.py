"""Hostile WS-Discovery: XML from strangers."""

from collector.decode import wsd
from tests.fuzz.checks import packet, probe

_HEAD = (
    '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope"'
    ' xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:wsd="http://schemas.xmlsoap.org/ws/2005/04/discovery"'
    ' xmlns:wsdp="http://schemas.xmlsoap.org/ws/2006/02/devprof" xmlns:pub="http://schemas.microsoft.com/windows/pub/2005/07"'
    ' xmlns:x="http://www.onvif.org/ver10/network/wsdl">'
    "<soap:Header><wsa:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/{}</wsa:Action></soap:Header><soap:Body>"
)
_ENDPOINT = "<wsa:EndpointReference><wsa:Address>urn:uuid:1</wsa:Address></wsa:EndpointReference>"


def message(action: str, body: str) -> bytes:
    """A whole envelope."""
    return (_HEAD.format(action) + body + "</soap:Body></soap:Envelope>").encode()


# What is known to blow XML readers up, within the longest message that is read.
BOMBS = {
    "nesting": "<a>" * 5000,
    "open tags": "<a " * 5000,
    "open comments": "<!--" * 3800,
    "one attribute": "<a " + "x" * 15_000,
    "declarations": "".join(f'<a xmlns:p{n}="urn:{n}"/>' for n in range(500)),
    "spaces before equals": "xmlns:a" + " " * 15_000,
    "a namespace used often": f'<a xmlns:p="{"n" * 250}">' + "<wsd:Types>p:a</wsd:Types>" * 500,
    "words": "<wsd:Hello><wsd:Types>" + "a " * 7000 + "</wsd:Types></wsd:Hello>",
    "entities": "<wsd:Types>" + "&amp;" * 3000 + "</wsd:Types>",
}
SEEDS = (
    message("Hello", f"<wsd:Hello>{_ENDPOINT}<wsd:Types>wsdp:Device pub:Computer</wsd:Types></wsd:Hello>"),
    message("Bye", f"<wsd:Bye>{_ENDPOINT}</wsd:Bye>"),
    message("Probe", "<wsd:Probe><wsd:Types>x:NetworkVideoTransmitter</wsd:Types></wsd:Probe>"),
    message(
        "ProbeMatches",
        f"<wsd:ProbeMatches><!-- > --><wsd:ProbeMatch>{_ENDPOINT}<wsd:Types>x:NetworkVideoTransmitter</wsd:Types>"
        "<wsd:Scopes>onvif://www.onvif.org/name/Cam%201 onvif://www.onvif.org/hardware/A&amp;B</wsd:Scopes>"
        "<wsd:XAddrs>http://192.168.10.31/onvif</wsd:XAddrs></wsd:ProbeMatch></wsd:ProbeMatches>",
    ),
    *(message("Hello", bomb) for bomb in BOMBS.values()),
)


def fuzz_one(data: bytes) -> None:
    probe(wsd.decode, packet(data, port=50000, peer_port=3702, peer_ip="239.255.255.250"))
