"""Protocols that join two computers, message by message, through the kernel's filter and a pipeline: which end, how guarded, how far it went."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.decode.flows.head import Head
from collector.decode.flows.table import FLOWS
from collector.decode.remote import kms, radmin, rdp, rfb, rustdesk, teamviewer
from collector.decode.remote.lately import QUIET, Lately
from collector.decode.remote.table import FLOWS as REMOTE
from model.times import SECOND
from model.wirefacts import ActivationSought, RemoteSeen, ScreenPushed
from tests.decode.flows.talk import TAGS, V4, V6, Talk, heard
from tests.decode.remote import shapes
from tests.fuzz.checks import AT, packet

OUT = ("192.168.10.101", "203.0.113.7")
IN = ("203.0.113.7", "192.168.10.34")
NOBODY = ("203.0.113.7", "198.51.100.9")
GREETING = b"RFB 003.008\n"


def seen(frames):
    return [fact for fact in heard(frames) if isinstance(fact, RemoteSeen | ActivationSought)]


def ends(facts, stage=None):
    return {(fact.ip, fact.inbound, fact.peer_ip) for fact in facts if stage in (None, fact.stage)}


BOTH = {(V4[0], False, V4[1]), (V4[1], True, V4[0])}


# RFB


def vnc(talk, types=b"\2\2\x10", chosen=b"\2", result=bytes(4), version=GREETING):
    """A log-in with a VNC password and the first messages after it, in the order of the wire."""
    frames = talk.server(version) + talk.client(version) + talk.server(types) + talk.client(chosen)
    frames += talk.server(bytes(range(16))) + talk.client(bytes(range(16))) + talk.server(result)
    return frames + talk.client(b"\1") + talk.server(bytes(24)) + talk.client(bytes(20), b"\3\0" + bytes(8))


def open_vnc(talk):
    """The same where nobody is asked for a password."""
    frames = talk.server(GREETING) + talk.client(GREETING) + talk.server(b"\1\1") + talk.client(b"\1") + talk.server(bytes(4))
    return frames + talk.client(b"\1") + talk.server(bytes(30)) + talk.client(bytes(20))


@pytest.mark.parametrize("tags", TAGS.values(), ids=TAGS)
@pytest.mark.parametrize("pair", [V4, V6], ids=["ipv4", "ipv6"])
def test_a_vnc_session_is_told_at_both_ends_with_its_guard(tags, pair):
    facts = seen(vnc(Talk(5900, ends=pair, tags=tags)))
    assert {(fact.product, fact.via, fact.port) for fact in facts} == {("vnc", "payload", 5900)}
    assert ends(facts, "session") == {(pair[0], False, pair[1]), (pair[1], True, pair[0])}
    assert {fact.security for fact in facts if fact.stage == "session"} == {"vncauth"}
    assert all(fact.vlan == tuple(tag & 0xFFF for _, tag in tags) for fact in facts)


def test_a_vnc_server_without_a_password_says_so():
    facts = seen(open_vnc(Talk(5901)))
    assert {(fact.stage, fact.security) for fact in facts} == {("connecting", ""), ("connecting", "none"), ("session", "none")}


def test_a_wrong_password_is_no_session():
    facts = seen(vnc(Talk(5900), result=b"\0\0\0\1"))
    assert {fact.stage for fact in facts} == {"connecting"}


def test_the_old_version_tells_its_guard_in_four_bytes():
    old = b"RFB 003.003\n"
    talk = Talk(5900)
    frames = talk.server(GREETING) + talk.client(old) + talk.server(b"\0\0\0\1") + talk.client(b"\1") + talk.server(bytes(30)) + talk.client(bytes(20))
    assert {(fact.stage, fact.security) for fact in seen(frames)} >= {("connecting", "none"), ("session", "none")}


@pytest.mark.parametrize(("types", "security"), [(b"\2\x1e\x23", "apple"), (b"\1\x13", "tls"), (b"\3\x13\2\1", "none"), (b"\1\x63", "other")])
def test_of_several_guards_the_weakest_counts(types, security):
    talk = Talk(5900)
    facts = seen(talk.server(GREETING) + talk.client(GREETING) + talk.server(types))
    assert {fact.security for fact in facts} == {"", security}


def test_on_another_port_the_greetings_tell():
    talk = Talk(15900)
    frames = talk.server(GREETING)
    assert [(fact.stage, fact.ip) for fact in seen(frames)] == [("listening", V4[1])]
    assert ends(seen(frames + talk.client(GREETING)), "connecting") == BOTH


def test_where_the_viewer_alone_is_heard_his_greeting_tells():
    assert ends(seen(Talk(5900).client(GREETING)), "connecting") == BOTH


@pytest.mark.parametrize("text", [b"RFB 003.008", b"RFB abc.def\n", b"RFB 00", b"\n" * 12])
def test_what_only_begins_alike_is_no_vnc(text):
    talk = Talk(5900)
    assert seen(talk.server(text) + talk.client(text)) == []


# RDP


def rdp_session(talk, confirm, sent):
    frames = talk.client(shapes.RDP_REQUEST) + talk.server(confirm)
    return frames + talk.client(*(bytes((0x17, 3, 3)) + bytes(497) for _ in range(sent // 500)))


@pytest.mark.parametrize(
    ("confirm", "security"),
    [(shapes.RDP_NLA, "nla"), (shapes.RDP_NEEDS_NLA, "nla"), (shapes.RDP_TLS, "tls"), (shapes.RDP_PLAIN, "standard"), (shapes.RDP_BARE, "standard")],
)
@pytest.mark.parametrize("port", [3389, 33890])
def test_an_rdp_server_tells_its_guard(confirm, security, port):
    talk = Talk(port)
    facts = seen(talk.client(shapes.RDP_REQUEST) + talk.server(confirm))
    assert ends(facts, "connecting") == BOTH
    assert {fact.security for fact in facts} == {"", security}


def test_the_persons_name_in_the_request_is_kept_nowhere():
    assert b"nguyenvana" in shapes.RDP_REQUEST
    assert "nguyenvana" not in str(heard(rdp_session(Talk(3389), shapes.RDP_NLA, 5000)))


@pytest.mark.parametrize(("confirm", "login", "more"), [(shapes.RDP_NLA, 2500, 4000), (shapes.RDP_PLAIN, 1000, 1500)])
def test_a_log_in_is_no_session_and_what_follows_it_is(confirm, login, more):
    assert {fact.stage for fact in seen(rdp_session(Talk(3389), confirm, login))} == {"connecting"}
    assert ends(seen(rdp_session(Talk(3389), confirm, more)), "session") == BOTH


@pytest.mark.parametrize("port", [3389, 102])
def test_other_protocols_over_the_same_transport_are_not_rdp(port):
    talk = Talk(port)
    # An industrial controller is asked so: a connection request with two parameters and neither cookie nor negotiation.
    other = shapes.tpkt(0xE0, b"\xc0\1\x0a\xc1\2\1\0\xc2\2\1\2")
    facts = seen(talk.client(other) + talk.server(shapes.tpkt(0xD0, b"\xc0\1\x0a")))
    assert bool(facts) is (port == 3389)


@pytest.mark.parametrize("text", [b"\3\0\0\x13\x0e\xd0", b"\3\0\0\4", b"\3\0\0\x24\x1f\xe0" + bytes(5), shapes.RDP_NLA, bytes(40)])
def test_a_broken_request_is_none(text):
    assert seen(Talk(3389).client(text)) == []


@pytest.mark.parametrize(("flags", "port", "found"), [(1, 3389, True), (5, 3389, True), (4, 3389, False), (1, 4000, False)])
def test_rdp_over_udp_is_known_by_its_hello(flags, port, found):
    client = {"port": 50000, "peer_port": port, "peer_ip": "192.168.10.21", "peer_mac": "00:06:5b:10:20:21"}
    given = packet(shapes.rdp_udp(flags & 1 | flags & 4), **client)
    server = packet(shapes.rdp_udp(flags), port=port, peer_port=50000, peer_ip="192.168.10.21", peer_mac="00:06:5b:10:20:21")
    facts = rdp.datagram(server if flags & 4 else given)
    assert {fact.inbound for fact in facts} == ({True, False} if found else set())


# Which ends are of this network


@pytest.mark.parametrize(
    ("pair", "told"),
    [(OUT, {(OUT[0], False, "")}), (IN, {(IN[1], True, "")}), (NOBODY, {(NOBODY[0], False, ""), (NOBODY[1], True, "")})],
)
def test_only_ends_of_this_network_are_told_and_only_such_peers_are_named(pair, told):
    assert ends(seen(vnc(Talk(5900, ends=pair)))) == told


def test_what_goes_to_the_address_that_routers_share_is_for_somebody_behind_them():
    head = Head(packet(b"", mac="00:06:5b:10:20:21", peer_mac="00:00:0c:07:ac:29", ip=V4[0], peer_ip=V4[1], port=50000, peer_port=5900), GREETING, GREETING, AT)
    [fact] = rfb.decode(head)
    assert (fact.ip, fact.peer_ip, fact.peer_mac) == (V4[0], V4[1], "")


# Radmin, TeamViewer, RustDesk, KMS


def test_radmin_is_known_by_its_frames():
    talk = Talk(4899)
    frames = talk.client(shapes.radmin(b"\x08")) + talk.server(shapes.radmin(b"\x08\2\0\0\x0a" + bytes(32)))
    assert ends(seen(frames), "connecting") == BOTH
    frames += talk.client(shapes.radmin(b"\x1b" + bytes(99)), shapes.radmin(b"\x1b" + bytes(99)))
    assert ends(seen(frames), "session") == BOTH


@pytest.mark.parametrize("text", [b"\1\0\0\0\1\0\0\0\x09\x08", b"\1\0\0\0\0\0\0\0\0\0", b"\1\xff\xff\xff\xff\0\0\0\0\0", b"\2" + bytes(12)])
def test_a_frame_with_a_wrong_sum_is_not_radmins(text):
    talk = Talk(4899)
    assert seen(talk.client(text) + talk.server(text)) == []
    assert not radmin.is_frame(text)


@pytest.mark.parametrize(("port", "message"), [(5938, shapes.teamviewer(10)), (443, shapes.teamviewer(10)), (80, shapes.teamviewer2(60))])
def test_teamviewer_speaks_its_own_protocol_on_any_port(port, message):
    [fact] = seen(Talk(port, ends=OUT).client(message))
    assert (fact.product, fact.stage, fact.via, fact.ip, fact.port) == ("teamviewer", "connecting", "payload", OUT[0], port)
    [answer] = seen(Talk(port, ends=OUT).server(message))
    assert (answer.ip, answer.stage) == (OUT[0], "connecting")


def test_two_bytes_by_chance_are_not_teamviewer():
    assert seen(Talk(443, ends=OUT).client(b"\x17\x24" + b"\xff" * 200, b"\x11\x30" + b"\xff" * 200)) == []
    assert seen(Talk(443, ends=OUT).client(shapes.teamviewer(10) + b"and something else")) == []


def test_data_between_partners_is_a_session():
    assert {fact.stage for fact in seen(Talk(5938, ends=OUT).client(shapes.teamviewer(90)))} == {"session"}
    pair = {"port": 40000, "peer_port": 40001, "peer_ip": "203.0.113.7"}
    assert [fact.stage for fact in teamviewer.datagram(packet(shapes.teamviewer_datagram(71), **pair))] == ["connecting"]
    assert [fact.stage for fact in teamviewer.datagram(packet(shapes.teamviewer_datagram(0x70, 2), **pair))] == ["session"]
    assert teamviewer.datagram(packet(shapes.teamviewer_datagram(0x70)[:19], **pair)) == ()


def test_teamviewers_way_through_a_web_proxy_is_known():
    request = b"GET /din.aspx?s=00000000&id=0&client=DynGate&rnd=1&p=10000001 HTTP/1.1\r\nHost: 203.0.113.7\r\n\r\n"
    assert [(fact.product, fact.via) for fact in seen(Talk(80, ends=OUT).client(request))] == [("teamviewer", "http")]
    assert seen(Talk(80, ends=OUT).client(b"GET /dinner.html HTTP/1.1\r\nHost: a\r\n\r\n")) == []


def test_rustdesk_registers_and_its_relay_joins():
    register = shapes.framed(shapes.rendezvous(18, b"\x0a\x09123456789"))
    talk = Talk(21117, ends=OUT)
    frames = talk.client(register)
    assert [(fact.product, fact.stage) for fact in seen(frames)] == [("rustdesk", "connecting")]
    frames += talk.server(bytes(300)) + talk.client(bytes(300))
    assert {fact.stage for fact in seen(frames)} == {"connecting", "session"}
    assert seen(Talk(21116, ends=OUT).client(b"\x50 something else entirely")) == []


@pytest.mark.parametrize(("text", "field"), [(shapes.RUSTDESK_PING, 22), (shapes.rendezvous(6, b"ab"), 6), (b"\x32\5ab", 0), (b"", 0), (b"\xff" * 9, 0)])
def test_a_rustdesk_message_is_one_field_to_its_end(text, field):
    assert rustdesk.field_of(text) == field


def test_a_lan_call_says_that_the_program_listens_and_gives_no_name_away():
    given = packet(shapes.RUSTDESK_PONG, port=21119, peer_port=50000, peer_ip="192.168.10.21", peer_mac="00:06:5b:10:20:21")
    [fact] = rustdesk.datagram(given)
    assert (fact.stage, fact.via, fact.ip) == ("listening", "lan", "192.168.10.31")
    assert "hoa" not in str(fact)


@pytest.mark.parametrize("port", [1688, 41688])
def test_kms_is_known_by_its_interface_on_any_port(port):
    facts = seen(Talk(port, ends=OUT).client(shapes.KMS_BIND))
    assert [(fact.via, fact.source, fact.server_ip, fact.server_mac, fact.ip) for fact in facts] == [("rpc", "", OUT[1], "", OUT[0])]


def test_a_kms_server_inside_is_told_too():
    client, server = seen(Talk(1688).client(shapes.KMS_BIND))
    assert (client.ip, client.server_ip, server.ip, server.server_ip) == (V4[0], V4[1], V4[1], V4[1])
    assert server.mac == server.server_mac == client.server_mac


def test_sound_on_the_same_port_is_not_kms():
    other = shapes.KMS_BIND.replace(kms._KMS, bytes(16))
    assert seen(Talk(1688).client(b"\x80\x60\0\1" + bytes(160), other)) == []


# However it is cut

WHOLE = {
    "vnc": (
        5900,
        [(False, GREETING), (True, GREETING), (False, b"\1\1"), (True, b"\1"), (False, bytes(4)), (True, b"\1"), (False, bytes(30)), (True, bytes(20))],
    ),
    "rdp": (3389, [(True, shapes.RDP_REQUEST), (False, shapes.RDP_NLA), (True, bytes(1100)), (True, bytes(1100)), (True, bytes(1100)), (True, bytes(1100))]),
    "radmin": (4899, [(True, shapes.radmin(b"\x08")), (False, shapes.radmin(b"\x08" + bytes(36))), (True, bytes(300))]),
}


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("size", [1, 2, 3, 5, 11, 400])
def test_a_session_is_found_however_its_segments_are_cut(name, size):
    port, talked = WHOLE[name]
    talk, frames = Talk(port), []
    for of_client, text in talked:
        pieces = [text[at : at + size] for at in range(0, len(text), size)]
        frames += talk.client(*pieces) if of_client else talk.server(*pieces)
    assert ends(seen(frames), "session") == BOTH


@given(st.binary(max_size=120), st.binary(max_size=120))
def test_every_reader_answers_any_bytes(data, answer):
    for row in REMOTE:
        for port in row.ports or (443,):
            head = Head(packet(b"", port=50000, peer_port=port, peer_ip="192.168.10.21", peer_mac="00:06:5b:10:20:21"), data, answer, AT)
            assert row.decode(head) == row.decode(head)


def test_each_row_is_followed_by_the_stage():
    assert {row.name for row in REMOTE} <= {row.name for row in FLOWS}


# What was told a moment ago


def remote(second=0, **fields):
    return RemoteSeen(at=AT + second * SECOND, mac=packet(b"").mac, product="teamviewer", stage="session", via="payload", **fields)


def test_the_same_is_told_once_in_a_while():
    lately = Lately()
    told = [bool(lately.fresh([remote(second)])) for second in range(25)]
    assert [second for second, news in enumerate(told) if news] == [0, 10, 20]
    assert lately.fresh([remote(25, port=5938)])
    assert QUIET == 10 * SECOND


def test_other_facts_are_told_always_and_memory_is_bounded():
    lately = Lately()
    pushed = ScreenPushed(at=AT, mac=packet(b"").mac, family="dlna", kind="command")
    assert lately.fresh([pushed, pushed]) == [pushed, pushed]
    for port in range(5000):
        lately.fresh([remote(port=port)])
    assert len(lately) <= 512
