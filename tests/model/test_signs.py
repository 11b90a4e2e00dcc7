"""What stations let be known by the way: kept in any order of arrival, bounded, and merged when two assets were one."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import signs
from model.facts import (
    AddressSeen,
    BridgeSeen,
    BrowserAnnounced,
    Dhcp6ClientSeen,
    Dhcp6ServerSeen,
    DnsAnswered,
    GroupsReported,
    NameAsked,
    NeighbourSeen,
    NetbiosNamed,
    WsdAdvertised,
    WsdAsked,
)
from model.rows import Asset
from model.site import fold
from model.verdict import Subject
from tests.model.making import IPS, LEG, PC, PHONE, TV, Sensor, dump, histories, view_of

SWITCH = "a4:f4:c2:10:20:01"
MACS = st.sampled_from([PC, PHONE])


def kinds() -> st.SearchStrategy[tuple[type, dict[str, Any]]]:
    def of(kind: type, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[type, dict[str, Any]]]:
        return st.tuples(st.just(kind), st.fixed_dictionaries(fields))

    groups = st.lists(st.sampled_from(["224.0.0.251", "239.255.255.250", "239.255.102.18"]), max_size=2).map(tuple)
    return st.one_of(
        of(GroupsReported, mac=MACS, via=st.just("igmp"), version=st.just(3), joined=groups, left=groups),
        of(NetbiosNamed, mac=MACS, name=st.sampled_from(["PC-01", "GOV"]), suffix=st.sampled_from([0, 0x1C]), group=st.booleans(), alive=st.booleans()),
        of(NameAsked, mac=MACS, name=st.sampled_from(["wpad", "gov"]), via=st.sampled_from(["llmnr", "nbns"]), suffix=st.sampled_from([-1, 0x1C])),
        of(BrowserAnnounced, mac=MACS, form=st.sampled_from(["host", "domain"]), name=st.just("PC-01"), version=st.sampled_from(["6.1", "10.0"])),
        of(WsdAdvertised, mac=MACS, endpoint=st.sampled_from(["urn:1", "urn:2"]), types=st.sampled_from([(), ("pub:Computer",)]), alive=st.booleans()),
        of(WsdAsked, mac=MACS, types=st.sampled_from([(), ("pub:Computer",)])),
        of(Dhcp6ClientSeen, mac=MACS, message=st.sampled_from(["solicit", "release"]), fqdn=st.sampled_from(["", "pc-01"])),
        of(Dhcp6ServerSeen, mac=MACS, message=st.sampled_from(["reply", "reconfigure"]), dns=st.sampled_from([(), ("fd00::1",)])),
        of(NeighbourSeen, mac=MACS, via=st.sampled_from(["lldp", "cdp"]), chassis=st.just(SWITCH), port=st.sampled_from(["gi1", "gi2"])),
        of(BridgeSeen, mac=MACS, version=st.just(2), root=st.sampled_from(["", "4096/" + SWITCH, "32768/" + SWITCH]), tree_vlan=st.sampled_from([0, 10])),
        of(AddressSeen, mac=MACS, ip=st.just(IPS[PC])),
    )


@given(histories(20, kinds()), st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_any_order_of_arrival_gives_the_same_rows(facts, random):
    shuffled = facts[:]
    random.shuffle(shuffled)
    assert dump(view_of(shuffled)) == dump(view_of(facts))


def asset_of(view: Any, mac: str = PC) -> Asset:
    return view.assets[view.by_mac[mac]]


def test_what_a_domain_pc_says():
    said = Sensor()
    view = view_of(
        [
            said(NetbiosNamed, mac=PC, name="PC-01", suffix=0x20),
            said(NetbiosNamed, mac=PC, name="GOV", suffix=0, group=True),
            said(NameAsked, mac=PC, name="GOV", suffix=0x1C, via="nbns"),
            said(NameAsked, mac=PC, name="wpad", via="llmnr"),
            said(BrowserAnnounced, mac=PC, form="host", name="PC-01", domain="GOV", version="6.1", server_type=0x11003),
            said(GroupsReported, mac=PC, via="igmp", version=3, joined=("239.255.102.18", "224.0.0.252")),
            said(GroupsReported, 1, mac=PC, via="igmp", version=3, left=("224.0.0.252",)),
            said(WsdAdvertised, mac=PC, endpoint="urn:uuid:1", types=("wsdp:Device", "pub:Computer")),
            said(WsdAdvertised, 1, mac=PC, endpoint="urn:uuid:1", alive=False),
            said(WsdAsked, mac=PC),
            said(Dhcp6ClientSeen, mac=PC, message="solicit", fqdn="pc-01", enterprise=311, vendor_class="MSFT 5.0", parameters=(24, 23, 17, 39)),
            said(Dhcp6ClientSeen, 1, mac=PC, message="release"),
        ]
    )
    told = asset_of(view).signs
    assert {name: held.value for name, held in told.netbios.items()} == {"PC-01<20>": True, "GOV<00>*": True}
    assert set(told.sought) == {"nbns:GOV<1c>", "llmnr:wpad", "wsd:*"}
    assert told.browser["host"].value.version == "6.1"
    assert {group: held.value for group, held in told.groups.items()} == {"239.255.102.18": True, "224.0.0.252": False}
    endpoint = told.wsd["urn:uuid:1"]
    assert not endpoint.alive.value
    assert endpoint.told is not None
    assert endpoint.told.value.types == ("wsdp:Device", "pub:Computer")
    assert told.dhcp6 is not None
    assert told.dhcp6.value.parameters == (24, 23, 17, 39)


def test_a_switch_is_known_on_the_segment_and_a_bridge_port_is_no_device():
    said = Sensor()
    view = view_of(
        [
            said(NeighbourSeen, mac=SWITCH, via="lldp", chassis=SWITCH, port="gi1", name="sw-tang-1", capabilities=("bridge",)),
            said(BridgeSeen, mac="a4:f4:c2:10:20:09", version=2, root="4096/" + SWITCH, bridge="32768/" + SWITCH, port=0x8001, cost=4),
            said(BridgeSeen, mac="a4:f4:c2:10:20:09", version=0, topology_change=True),
        ]
    )
    assert set(view.by_mac) == {SWITCH}
    assert asset_of(view, SWITCH).signs.neighbour["lldp"].value.name == "sw-tang-1"
    segment = view.segments[LEG]
    assert [held.value.port for held in segment.neighbours.values()] == ["gi1"]
    assert {vlan: held.value.root for vlan, held in segment.trees.items()} == {0: "4096/" + SWITCH}


def test_only_what_is_new_is_judged_again():
    said = Sensor()
    view = view_of([said(AddressSeen, mac=PC, ip=IPS[PC])] * 2)
    subject = (Subject("asset", asset_of(view).id),)
    assert fold(view, said(NetbiosNamed, 1, mac=PC, name="PC-01", suffix=0)) == subject
    assert fold(view, said(NetbiosNamed, 2, mac=PC, name="PC-01", suffix=0)) == ()
    assert fold(view, said(NameAsked, 3, mac=PC, name="wpad", via="llmnr")) == ()
    assert fold(view, said(NetbiosNamed, 4, mac=PC, name="PC-01", suffix=0, alive=False)) == subject
    tree = {"mac": SWITCH, "version": 2, "root": "4096/" + SWITCH}
    assert fold(view, said(BridgeSeen, 5, **tree)) == (Subject("segment", LEG),)
    assert fold(view, said(BridgeSeen, 6, **tree)) == ()


def test_look_ups_are_kept_nowhere():
    said = Sensor()
    view = view_of([])
    before = dump(view)
    assert fold(view, said(DnsAnswered, mac=SWITCH, ip="192.168.10.1", name="example.vn.", addresses=("203.0.113.5",), client=IPS[PC])) == ()
    assert dump(view) == before


@pytest.mark.parametrize(
    ("most", "table", "fact"),
    [
        (signs.MAX_GROUPS, "groups", lambda n: (GroupsReported, {"via": "igmp", "version": 2, "joined": (f"239.1.{n // 256}.{n % 256}",)})),
        (signs.MAX_NETBIOS, "netbios", lambda n: (NetbiosNamed, {"name": f"PC-{n}", "suffix": 0})),
        (signs.MAX_SOUGHT, "sought", lambda n: (NameAsked, {"name": f"pc-{n}", "via": "llmnr"})),
        (signs.MAX_ENDPOINTS, "wsd", lambda n: (WsdAdvertised, {"endpoint": f"urn:{n}", "types": ("pub:Computer",)})),
    ],
)
def test_a_flood_leaves_the_latest(most, table, fact):
    said = Sensor()
    facts = []
    for number in range(300):
        kind, fields = fact(number)
        facts.append(said(kind, number, mac=PC, **fields))
    kept = getattr(asset_of(view_of(facts)).signs, table)
    assert len(kept) == most
    assert kept == getattr(asset_of(view_of(reversed(facts))).signs, table)


def test_neighbours_and_trees_of_a_segment_are_bounded():
    said = Sensor()
    ports = [said(NeighbourSeen, n, mac=SWITCH, via="cdp", chassis="sw", port=f"gi{n}") for n in range(300)]
    trees = [said(BridgeSeen, n, mac=SWITCH, version=2, root="4096/" + SWITCH, tree_vlan=n + 1) for n in range(300)]
    segment = view_of([*ports, *trees]).segments[LEG]
    assert (len(segment.neighbours), len(segment.trees)) == (signs.MAX_NEIGHBOURS, signs.MAX_TREES)


def test_two_that_were_one_keep_the_later_word():
    said = Sensor()
    facts = [
        said(GroupsReported, ip=IPS[TV], via="igmp", version=2, joined=("224.0.0.251", "239.255.255.250")),
        said(WsdAdvertised, ip=IPS[TV], endpoint="urn:uuid:1", types=("pub:Computer",)),
        said(Dhcp6ServerSeen, ip=IPS[TV], message="reply", dns=("fd00::1",)),
        said(Dhcp6ClientSeen, ip=IPS[TV], message="solicit", fqdn="tv"),
        said(GroupsReported, 1, mac=TV, via="igmp", version=2, left=("224.0.0.251",)),
        said(WsdAdvertised, 1, mac=TV, endpoint="urn:uuid:1", alive=False),
        *[said(AddressSeen, 2, mac=TV, ip=IPS[TV])] * 2,
    ]
    view = view_of(facts)
    assert len(view.assets) == 1
    told = asset_of(view, TV).signs
    assert {group: held.value for group, held in told.groups.items()} == {"224.0.0.251": False, "239.255.255.250": True}
    assert not told.wsd["urn:uuid:1"].alive.value
    assert told.wsd["urn:uuid:1"].told is not None
    assert told.offer6 is not None
    assert told.dhcp6 is not None


def test_rows_survive_the_journal():
    said = Sensor()
    facts = [said(NetbiosNamed, mac=PC, name="PC-01", suffix=0x20), said(WsdAdvertised, mac=PC, endpoint="urn:1", types=("pub:Computer",))]
    row = asset_of(view_of(facts))
    assert msgspec.json.decode(msgspec.json.encode(row), type=Asset) == row
