"""From frames to numbered facts: dispatch, counters, choice of decoders."""

from itertools import count

import pytest

from collector.decode import frame
from collector.decode.pipeline import Pipeline
from collector.decode.table import TABLE, UnknownDecoder
from model.facts import AddressSeen, ServiceAsked, UpnpAsked
from tests.decode import frames
from tests.decode.frames import AT, PC, PC_IP, TV, TV_IP, ethernet

ARP = ethernet(0x0806, frames.arp())
SEARCH = b"M-SEARCH * HTTP/1.1\r\nST: ssdp:all\r\n\r\n"
SSDP = ethernet(0x0800, frames.ipv4(frames.udp(SEARCH, 50000, 1900), target="239.255.255.250"))
QUESTION = bytes(4) + b"\x00\x01" + bytes(6) + b"\x08_airplay\x04_tcp\x05local\x00\x00\x0c\x00\x01"
MDNS = ethernet(0x0800, frames.ipv4(frames.udp(QUESTION, 5353, 5353)))
BULK = ethernet(0x0800, frames.ipv4(frames.tcp(443, 50000, 0x18, bytes(1000)), 6, TV_IP, PC_IP), target=PC)


def test_facts_are_stamped_and_numbered_in_order():
    pipeline = Pipeline("capture", "lan", 1)
    facts = [fact for data in (ARP, BULK, SSDP, MDNS) for fact in pipeline.decode(AT, data)]
    assert [type(fact) for fact in facts] == [AddressSeen, AddressSeen, UpnpAsked, AddressSeen, ServiceAsked]
    assert [fact.sequence for fact in facts] == [1, 2, 3, 4, 5]
    assert {(fact.at, fact.sensor, fact.leg, fact.mac, fact.ip) for fact in facts} == {(AT, "capture", "lan", TV, TV_IP)}


def test_pipelines_of_one_sensor_can_share_their_numbers():
    numbers = count(7)
    first, second = (Pipeline("capture", "lan", link, sequence=numbers) for link in (1, 113))
    assert [fact.sequence for fact in (*first.decode(AT, ARP), *second.decode(AT, b""), *first.decode(AT, ARP))] == [7, 8]


def test_counters():
    pipeline = Pipeline("capture", "lan", 1)
    for data in (ARP, BULK, b"", ARP[:30], ethernet(0x0800, b"\x60" + bytes(30)), MDNS, MDNS[:60]):
        pipeline.decode(AT, data)
    assert (pipeline.decoded, pipeline.undecodable, pipeline.fragments) == (2, 4, 0)


def test_what_the_address_proves_survives_a_broken_message():
    pipeline = Pipeline("capture", "lan", 1)
    [fact] = pipeline.decode(AT, MDNS[:60])
    assert isinstance(fact, AddressSeen)
    assert pipeline.undecodable == 1


def test_nothing_is_made_of_what_nobody_wants():
    pipeline = Pipeline("capture", "lan", 1)
    assert pipeline.decode(AT, BULK) is pipeline.decode(AT, ethernet(0x88B6, bytes(50)))
    assert (pipeline.decoded, pipeline.undecodable) == (0, 0)


@pytest.mark.parametrize(
    ("decoders", "kinds"),
    [
        (["arp"], [AddressSeen]),
        (["ssdp"], [UpnpAsked]),
        (["onlink"], [AddressSeen, AddressSeen]),
        (["mdns", "ssdp"], [UpnpAsked, ServiceAsked]),
        ([], []),
    ],
)
def test_only_chosen_decoders_run(decoders, kinds):
    pipeline = Pipeline("capture", "lan", 1, decoders)
    facts = [fact for data in (ARP, BULK, SSDP, MDNS) for fact in pipeline.decode(AT, data)]
    assert [type(fact) for fact in facts] == kinds


def test_an_unknown_decoder_is_named_with_those_there_are():
    with pytest.raises(UnknownDecoder, match=r"mdsn.*mdns"):
        Pipeline("capture", "lan", 1, ["mdsn"])


def test_vlan_reaches_every_fact():
    tagged = ethernet(0x0800, MDNS[14:], (0x88A8, 100), (0x8100, 10))
    facts = Pipeline("capture", "lan", 1).decode(AT, tagged)
    assert [fact.vlan for fact in facts] == [(100, 10), (100, 10)]


@pytest.mark.parametrize("link", sorted(frame.LINKS))
@pytest.mark.parametrize("data", [b"", b"\x00", bytes(13), bytes(64), b"\xff" * 64, b"\x45" * 64, b"\x60" * 64])
def test_any_bytes_on_any_link(link, data):
    pipeline = Pipeline("capture", "lan", link)
    assert list(pipeline.decode(AT, data)) == []
    assert pipeline.decoded == 0
    assert pipeline.undecodable == 1 or data, "a frame of nothing is no frame"


def test_no_two_decoders_that_run_together_ask_for_the_same():
    together = [row for row in TABLE if not row.by_name]
    for field in ("kinds", "ip_protocols", "icmp6_types", "udp_ports", "udp_starts", "udp_marks", "tcp_answers"):
        keys = [key for row in together for key in getattr(row, field)]
        assert len(keys) == len(set(keys)), field
    assert sum(row.groups for row in TABLE) <= 1
