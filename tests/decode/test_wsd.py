"""WS-Discovery: what a device says it is, in XML that a stranger wrote."""

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.decode import wsd
from collector.decode.error import DecodeError
from model.facts import NameSeen, WsdAdvertised, WsdAsked
from tests import corpus
from tests.decode import frames
from tests.decode.frames import TV, TV_IP, only, packet
from tests.fuzz.fuzz_wsd import BOMBS, message

ADDRESS = "<wsa:EndpointReference><wsa:Address>urn:uuid:1</wsa:Address></wsa:EndpointReference>"
WORD = st.text("abcdefghijklmnopqrstuvwxyz0123456789:/.&-_", min_size=1, max_size=60).filter(lambda word: ":" not in word[:9])
SPACES = {
    "wsdp:Device": "http://schemas.xmlsoap.org/ws/2006/02/devprof",
    "pub:Computer": "http://schemas.microsoft.com/windows/pub/2005/07",
    "wprt:PrintDeviceType": "http://schemas.microsoft.com/windows/2006/08/wdp/print",
    "dn:NetworkVideoTransmitter": "http://www.onvif.org/ver10/network/wsdl",
}


def said(raw):
    return wsd.decode(packet(raw, port=50000))


@given(
    action=st.sampled_from(["Hello", "ProbeMatches", "ResolveMatches"]),
    types=st.lists(st.sampled_from(sorted(SPACES)), min_size=1, max_size=4, unique=True),
    scopes=st.lists(WORD, max_size=3),
    locations=st.lists(WORD, max_size=3),
    endpoint=WORD,
    quote=st.sampled_from("\"'"),
)
def test_round_trip(action, types, scopes, locations, endpoint, quote):
    """Written with prefixes of the sender's own choice, as every maker does."""
    given_prefix = {kind: f"n{number}" for number, kind in enumerate(types)}
    spaces = " ".join(f"xmlns:{prefix}={quote}{SPACES[kind]}{quote}" for kind, prefix in given_prefix.items())
    written = " ".join(f"{prefix}:{kind.partition(':')[2]}" for kind, prefix in given_prefix.items())
    parts = f"<a:EndpointReference><a:Address>\n {escape(endpoint)} </a:Address></a:EndpointReference><d:Types {spaces}>{written}</d:Types>"
    parts += f"<d:Scopes>{escape(' '.join(scopes))}</d:Scopes><d:XAddrs>{escape(' '.join(locations))}</d:XAddrs>"
    match = action.replace("Matches", "Match")
    body = f"<d:{match}>{parts}</d:{match}>"
    fact = only(said(message(action, f"<d:{action}>{body}</d:{action}>" if match != action else body)), WsdAdvertised)
    assert (fact.mac, fact.ip, fact.endpoint, fact.alive) == (TV, TV_IP, endpoint, True)
    assert (fact.types, fact.scopes, fact.locations) == (tuple(types), tuple(scopes), tuple(locations))


def test_goodbye():
    fact = only(said(message("Bye", f"<wsd:Bye>{ADDRESS}</wsd:Bye>")), WsdAdvertised)
    assert (fact.endpoint, fact.alive, fact.types) == ("urn:uuid:1", False, ())


def test_who_asks_is_no_device():
    probe = message("Probe", "<wsd:Probe><wsd:Types>x:NetworkVideoTransmitter</wsd:Types></wsd:Probe>")
    assert said(probe) == (WsdAsked(at=frames.AT, mac=TV, ip=TV_IP, types=("dn:NetworkVideoTransmitter",)),)
    assert said(message("Probe", "<wsd:Probe/>"))[0].types == ()


def test_a_camera_gives_its_name():
    scopes = "<wsd:Scopes>onvif://www.onvif.org/location/hall onvif://www.onvif.org/name/Camera%20cổng</wsd:Scopes>"
    facts = said(message("Hello", f"<wsd:Hello>{ADDRESS}{scopes}</wsd:Hello>"))
    assert (only(facts, NameSeen).name, only(facts, NameSeen).via) == ("Camera cổng", "wsd")


def test_several_endpoints_in_one_answer_do_not_mix():
    rows = [f"<m><wsa:Address>urn:{n}</wsa:Address><wsd:Types>pub:Computer{n}</wsd:Types></m>".replace("m>", "wsd:ProbeMatch>") for n in range(12)]
    facts = said(message("ProbeMatches", "".join(rows)))
    assert [(fact.endpoint, fact.types) for fact in facts] == [(f"urn:{n}", (f"pub:Computer{n}",)) for n in range(8)]


@pytest.mark.parametrize(
    ("types", "told"),
    [
        ("pub:Computer", "pub:Computer"),
        ("unknown:Thing", "unknown:Thing"),  # a prefix nobody declared
        ("Thing", "Thing"),
        ("y:Thing", "{urn:maker}Thing"),
    ],
)
def test_namespaces(types, told):
    raw = message("Hello", f'<wsd:Hello xmlns:y="urn:maker">{ADDRESS}<wsd:Types>{types}</wsd:Types></wsd:Hello>')
    assert only(said(raw), WsdAdvertised).types == (told,)


def test_comments_and_other_elements_hide_nothing():
    raw = message("Hello", f"<!-- <wsd:Bye> --><wsd:Hello>{ADDRESS}<x:y a='1'/><wsd:Types><!-- a --> pub:Computer</wsd:Types></wsd:Hello>")
    assert only(said(raw), WsdAdvertised).types == ("pub:Computer",)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"not xml",
        b"<html></html>",
        message("Resolve", f"<wsd:Resolve>{ADDRESS}</wsd:Resolve>"),
        message("ProbeMatches", "<wsd:ProbeMatches/>"),
    ],
)
def test_what_says_nothing(raw):
    assert said(raw) == ()


@pytest.mark.parametrize(
    "raw",
    [
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>' + message("Hello", "<wsd:Hello>&b;</wsd:Hello>"),
        b"<" + b" " * 20_000 + b">",
        message("Hello", "<wsd:Hello></wsd:Hello>"),
        message("Bye", "<wsd:Bye><wsd:Types>a</wsd:Types></wsd:Bye>"),
    ],
)
def test_malformed(raw):
    with pytest.raises(DecodeError):
        said(raw)


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_become_little(name):
    raw = message("Hello", BOMBS[name] + f"<wsd:Hello>{ADDRESS}</wsd:Hello>")
    assert len(raw) < 16_384
    try:
        facts = said(raw)
    except DecodeError as fault:
        facts = fault.facts
    assert len(facts) <= 9
    for fact in facts:
        assert all(len(word) <= 1024 for word in (*getattr(fact, "types", ()), *getattr(fact, "scopes", ())))
        assert len(getattr(fact, "types", ())) <= 32


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "mac", "endpoint"),
    [
        ("suricata-verify__base64-decode-5885-input.pcap", "12:a9:86:6c:77:de", "urn:uuid:90059c37-1320-41a4-b58d-2b75a9850d2f"),
        ("mercury__emix.pcap", None, "urn:uuid:a281eb27-fcc6-4a3f-8764-863293301506"),
    ],
)
def test_windows_says_hello_and_goodbye(name, mac, endpoint):
    found = [fact for fact in frames.facts_of(corpus.capture(name)) if isinstance(fact, WsdAdvertised)]
    assert {fact.endpoint for fact in found} == {endpoint}
    assert {fact.types for fact in found if fact.alive} == {("wsdp:Device", "pub:Computer")}
    assert mac in {None, *(fact.mac for fact in found)}
    assert {fact.alive for fact in found} == ({True, False} if name.startswith("mercury") else {True})
