"""The time to live that packets of a station come with."""

from collector.decode.flows.hops import AGAIN, MOST, Hops
from collector.decode.pipeline import Pipeline
from model.wirefacts import HopsSeen
from tests.decode.flows.talk import OK, PHONE, SET_URI, V4, V6, Talk, heard
from tests.decode.frames import AT, packet


def hops(said, **timing):
    return [fact for fact in heard(said, **timing) if isinstance(fact, HopsSeen)]


def test_the_senders_time_to_live_is_told_once():
    talk = Talk(49494, hops=63)
    [fact] = hops([*talk.client(SET_URI), *talk.server(OK), *talk.client(SET_URI), *Talk(49494, hops=63, source=50_001).client(SET_URI)])
    assert (fact.mac, fact.ip, fact.ttl) == (PHONE, V4[0], 63)


def test_each_value_and_each_address_is_told():
    found = hops([*Talk(80, hops=64).client(SET_URI), *Talk(80, hops=63, source=2).client(SET_URI), *Talk(80, V6, hops=64, source=3).client(SET_URI)])
    assert [(fact.ip, fact.ttl) for fact in found] == [(V4[0], 64), (V4[0], 63), (V6[0], 64)]


def test_it_is_told_again_after_an_hour():
    pipeline = Pipeline("capture", "lan", 1)
    said = [frame for source in range(3) for frame in Talk(80, source=source).client(SET_URI)]
    assert len([fact for fact in heard(said, pipeline, step=AGAIN) if isinstance(fact, HopsSeen)]) == 3


def test_memory_is_bounded():
    seen = Hops()
    told = sum(len(seen.of(packet(b"", mac=f"02:00:00:00:{turn >> 8:02x}:{turn & 255:02x}"))) for turn in range(MOST + 10))
    assert told == MOST + 10
    assert seen.of(packet(b"", mac="02:00:00:00:00:00", at=AT))  # forgotten, so told again
    assert not seen.of(packet(b"", mac=f"02:00:00:00:{MOST >> 8:02x}:05"))


def test_a_link_without_hardware_addresses_tells_nothing():
    assert Hops().of(packet(b"", mac="")) == ()
