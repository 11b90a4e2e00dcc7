"""Hostile frames on every link type, through all layers and all decoders."""

from collector.decode import frame
from collector.decode.pipeline import Pipeline
from tests.fuzz import (
    fuzz_arp,
    fuzz_browser,
    fuzz_cameras,
    fuzz_cdp,
    fuzz_dhcp4,
    fuzz_dhcp6,
    fuzz_icmp6,
    fuzz_igmp,
    fuzz_lldp,
    fuzz_llmnr,
    fuzz_mdns,
    fuzz_mld,
    fuzz_nbns,
    fuzz_pjlink,
    fuzz_ssdp,
    fuzz_stp,
    fuzz_tcp,
    fuzz_wsd,
)
from tests.fuzz.checks import AT, check

_ETHERNET = bytes.fromhex("01005e0000fb00e04c102031")
_TAGGED = _ETHERNET + bytes.fromhex("88a800648100000a")


def _ip4(protocol: int, payload: bytes) -> bytes:
    size = (20 + len(payload)).to_bytes(2, "big")
    return b"\x08\x00\x45\x00" + size + bytes(4) + b"\xff" + bytes([protocol]) + bytes.fromhex("0000c0a80a1fe00000fb") + payload


def _ip6(chain: bytes, following: int, payload: bytes) -> bytes:
    size = (len(chain) + len(payload)).to_bytes(2, "big")
    addresses = bytes.fromhex("fe800000000000000000000000000031ff0200000000000000000000000000fb")
    return b"\x86\xdd\x60\x00\x00\x00" + size + bytes([following, 255]) + addresses + chain + payload


def _udp(source: int, target: int, payload: bytes) -> bytes:
    return source.to_bytes(2, "big") + target.to_bytes(2, "big") + (8 + len(payload)).to_bytes(2, "big") + bytes(2) + payload


def _llc(header: str, payload: bytes) -> bytes:
    body = bytes.fromhex(header) + payload
    return len(body).to_bytes(2, "big") + body


_ROUTER_ALERT = bytes.fromhex("3a00050200000100")
_BODIES = (
    *(b"\x08\x06" + seed for seed in fuzz_arp.SEEDS),
    *(_ip4(17, _udp(68, 67, seed)) for seed in fuzz_dhcp4.SEEDS),
    *(_ip4(17, _udp(5353, 5353, seed)) for seed in fuzz_mdns.SEEDS),
    *(_ip4(17, _udp(49153, 50000, seed)) for seed in fuzz_ssdp.SEEDS),
    *(_ip4(17, _udp(4352, 4352, seed)) for seed in fuzz_pjlink.SEEDS),
    *(_ip4(6, seed) for seed in fuzz_tcp.SEEDS),
    *(_ip6(b"", 58, seed) for seed in fuzz_icmp6.SEEDS),
    *(_ip6(b"", 17, _udp(546, 547, seed)) for seed in fuzz_dhcp6.SEEDS),
    *(_ip6(_ROUTER_ALERT, 0, seed) for seed in fuzz_mld.SEEDS),
    *(_ip4(2, seed) for seed in fuzz_igmp.SEEDS),
    *(_ip4(17, _udp(5355, 50000, seed)) for seed in fuzz_llmnr.SEEDS),
    *(_ip4(17, _udp(137, 137, seed)) for seed in fuzz_nbns.SEEDS),
    *(_ip4(17, _udp(138, 138, seed)) for seed in fuzz_browser.SEEDS),
    *(_ip4(17, _udp(50000, 3702, seed)) for seed in fuzz_wsd.SEEDS),
    *(_ip4(17, _udp(37020, 37020, seed)) for seed in fuzz_cameras.SEEDS),
    *(b"\x88\xcc" + seed for seed in fuzz_lldp.SEEDS),
    *(_llc("aaaa0300000c2000", seed) for seed in fuzz_cdp.SEEDS),
    *(_llc("424203", seed) for seed in fuzz_stp.SEEDS),
    *(_ip6(b"\x2c\x00" + bytes(6) + b"\x11\x00\x00\x01" + bytes(4), 0, _udp(5353, 5353, seed)) for seed in fuzz_mdns.SEEDS),
)
SEEDS = tuple(start + body for body in _BODIES for start in (_ETHERNET, _TAGGED))


def fuzz_one(data: bytes) -> None:
    for link in frame.LINKS:
        pipeline = Pipeline("capture", "lan", link)
        facts = pipeline.decode(AT, data)
        assert [fact.sequence for fact in facts] == list(range(1, len(facts) + 1))
        assert pipeline.decoded + pipeline.undecodable <= 1
        for fact in facts:
            check(fact)
