"""Hostile QUIC Initials: closed ones as they come, and frames as they are after opening."""

from collector.decode.remote import quic, tls
from tests.decode.remote import shapes
from tests.fuzz.checks import packet, probe

HELLO = shapes.hello("relay.anydesk.com")
SEEDS = (
    shapes.initial(shapes.crypto(0, HELLO)),
    shapes.initial(shapes.crypto(20, HELLO[20:]) + shapes.crypto(0, HELLO[:20]), shapes.V2),
    shapes.crypto(0, HELLO) + b"\2\5\0\1\0\2\2" + b"\1" + bytes(20),
)


def fuzz_one(data: bytes) -> None:
    given = packet(data, port=50000, peer_port=443, peer_ip="203.0.113.9")
    probe(quic.alone, given)
    frames = quic.crypto_frames(data)
    assert frames == quic.crypto_frames(data)
    hello = quic.Hello()
    for offset, piece in frames:
        hello.put(offset, piece)
    assert len(hello.joined()) <= 8192
    assert all(tls.server_name(message.body).isascii() or "\ufffd" in tls.server_name(message.body) for message in tls.messages(hello.joined()))
    # The bytes as an Initial's own payload, so that mutations reach what is behind the encryption.
    probe(quic.alone, packet(shapes.initial(data[:1100]), port=50000, peer_port=443, peer_ip="203.0.113.9"))
