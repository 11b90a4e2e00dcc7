"""Cameras that answer their maker's search: what they call themselves, and nothing of the tool that asks."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.decode import cameras
from detectors.unlisted_device import UnlistedDevice
from model.classes.judge import classify
from model.facts import WsdAdvertised
from model.verdict import Severity, Subject
from tests.decode.frames import AT, TV, TV_IP, decode, ethernet, ipv4, only, packet, udp
from tests.model.making import LEG, declared, registered, view_of

SADP = (
    '<?xml version="1.0" encoding="UTF-8"?>\r\n<ProbeMatch>\r\n<Uuid>13A888A9-F1B1-4020-AE9F-05607682D23B</Uuid>\r\n<Types>inquiry</Types>\r\n'
    "<DeviceType>139264</DeviceType>\r\n<DeviceDescription>{}</DeviceDescription>\r\n<DeviceSN>DS-2CD2042WD-I20160101AAWR123456789</DeviceSN>\r\n"
    "<CommandPort>8000</CommandPort>\r\n<HttpPort>80</HttpPort>\r\n<MAC>c0-56-e3-00-00-31</MAC>\r\n<IPv4Address>192.168.10.31</IPv4Address>\r\n"
    "<Activated>true</Activated>\r\n</ProbeMatch>\r\n"
)
QUESTION = b'<?xml version="1.0" encoding="utf-8"?><Probe><Uuid>13A888A9</Uuid><Types>inquiry</Types></Probe>'


def sadp(model: str = "DS-2CD2042WD-I") -> bytes:
    return SADP.format(model).encode()


def dhip(method: str = "client.notifyDevInfo", **device: str) -> bytes:
    info = {"DeviceClass": "IPC", "DeviceType": "IPC-HFW1230S", "SerialNo": "5A01F2BPAZ00001", "Vendor": "General", "HttpPort": 80, "Port": 37777, **device}
    text = json.dumps({"mac": "a0:bd:1d:00:00:31", "method": method, "params": {"deviceInfo": info}}).encode() + b"\n\0"
    length = len(text).to_bytes(4, "little") + bytes(4)
    return b"\x20\0\0\0DHIP" + bytes(8) + length * 2 + text


def sent(payload: bytes, port: int) -> bytes:
    return ethernet(0x0800, ipv4(udp(payload, port, port), source=TV_IP, target="239.255.255.250"), source=TV, target="01:00:5e:7f:ff:fa")


@pytest.mark.parametrize(
    ("payload", "port", "told"),
    [
        (sadp(), 37_020, "sadp:DS-2CD2042WD-I"),
        (sadp("DS-7608NI-K2").replace(b"ProbeMatch>", b"Hello>"), 37_020, "sadp:DS-7608NI-K2"),
        (sadp().replace(b"DeviceDescription", b"Other"), 37_020, "sadp:139264"),
        (dhip(), 37_810, "dhip:IPC IPC-HFW1230S"),
        (dhip(DeviceClass="NVR", DeviceType=""), 37_810, "dhip:NVR"),
    ],
)
def test_a_camera_says_what_it_is(payload, port, told):
    fact = only(decode(sent(payload, port)), WsdAdvertised)
    assert (fact.mac, fact.ip, fact.endpoint, fact.types, fact.alive) == (TV, TV_IP, f"{told[:4]}:{TV}", (told,), True)
    # Its serial number is nobody's business here.
    assert "20160101" not in str(fact)
    assert "PAZ00001" not in str(fact)


@pytest.mark.parametrize("payload", [QUESTION, dhip("DHDiscover.search"), sadp("").replace(b"139264", b""), b"", b"\x20\0\0\0DHIP", dhip()[:60]])
def test_a_question_and_half_an_answer_tell_nothing(payload):
    assert cameras.decode(packet(payload)) == ()


@pytest.mark.parametrize("payload", [sadp(), dhip()])
@given(cut=st.integers(0, 700), put=st.binary(max_size=40))
def test_whatever_comes_is_a_fact_or_nothing(payload, cut, put):
    for fact in cameras.decode(packet(payload[:cut] + put + payload[cut:])):
        assert len(fact.types[0]) <= 256


def test_a_camera_nobody_listed_on_the_staff_network_is_high():
    facts = [fact for at in (AT, AT + 1) for fact in decode(sent(sadp(), 37_020))]
    known = declared(zones={"lab": "staff", LEG: "staff"}, register=(registered("10:b6:76:00:00:11"),))
    view = view_of(facts, known)
    asset = view.assets[view.by_mac[TV]]
    assert (classify(asset).name, classify(asset).grade.value) == ("camera", "confirmed")
    verdict = UnlistedDevice().judge(view, Subject("asset", asset.id))
    assert verdict is not None
    assert verdict.severity is Severity.HIGH
