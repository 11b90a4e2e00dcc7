"""Hostile DNS questions and answers, where names of the tables are looked for."""

from collector.decode.remote import lookups
from tests.decode.remote import shapes
from tests.fuzz.checks import packet, probe
from tests.fuzz.fuzz_dns import SEEDS as _NAMES

KMS = "_vlmcs._tcp.tanan.gov.vn"
SEEDS = (
    shapes.answers("router7.teamviewer.com"),
    shapes.answers(KMS, 33, shapes.srv(KMS, "kms.tanan.gov.vn"), 1, shapes.resource("kms.tanan.gov.vn", 1, bytes((10, 0, 0, 9)))),
    *_NAMES,
)


def fuzz_one(data: bytes) -> None:
    probe(lookups.decode, packet(data, port=53, peer_port=50000, peer_ip="192.168.10.21", peer_mac="00:06:5b:10:20:21"))
    probe(lookups.decode, packet(data, port=50000, peer_port=53))
