"""The stage: heads, answers, what repeats or comes late, and its bounds."""

import pytest

from collector.decode.error import DecodeError
from collector.decode.flows.clauses import LONGEST
from collector.decode.flows.head import FlowDecoder
from collector.decode.flows.stage import Flows
from collector.decode.pipeline import Pipeline
from model.facts import NameSeen
from tests.decode.flows.talk import MEDIA, OK, SET_URI, TAGS, V4, V6, Talk, http, pushes, settled, soap
from tests.decode.frames import AT, packet

SECOND = 1_000_000_000
SHORT = b"%1POWR 0\r"


class Reader:
    """Keeps what it was handed, each thing once: a first segment is also tried by itself. Says what it is told to."""

    def __init__(self, say=lambda head: None):
        self.heads, self.say = [], say

    def __call__(self, head):
        if (head.data, head.answer) not in self.heads[-1:]:
            self.heads.append((head.data, head.answer))
        return self.say(head)


def told(head):
    return [NameSeen(at=head.at, name=f"{head.data!r} {head.answer!r}", via="mdns")]


def stage_of(reader, **fields):
    given = {"starts": (b"HELO",), "answers": (b"OK",)} | fields
    return Flows([FlowDecoder(name="probe", decode=reader, **given)])


def say(stage, payload, number=100, at=AT, source=50_000, port=7000, server=False, **fields):
    ends = ("192.168.10.101", "192.168.10.34")
    sides = {"ip": ends[server], "peer_ip": ends[not server], "port": (source, port)[server], "peer_port": (source, port)[not server]}
    given = packet(payload, number=number, protocol=6, at=at, **sides | fields)
    return [fact for fact in stage.decode(given) if isinstance(fact, NameSeen)]


def test_a_head_grows_until_the_decoder_has_enough():
    reader = Reader(lambda head: told(head) if head.data.endswith(b"!") else None)
    stage = stage_of(reader, more=(b"more",))
    assert not say(stage, b"HELO ")
    [fact] = say(stage, b"more!", 105)
    assert fact.name == "b'HELO more!' b''"
    assert reader.heads == [(b"HELO ", b""), (b"HELO more!", b"")]


def test_a_decoder_that_finds_nothing_is_asked_no_more():
    reader = Reader(lambda head: ())
    stage = stage_of(reader, more=(b"more",))
    say(stage, b"HELO ")
    assert len(stage) == 0
    say(stage, b"more!", 105)
    assert len(reader.heads) == 1


def test_the_answer_is_told_once_more_and_then_no_more():
    reader = Reader(told)
    stage = stage_of(reader, answer_limit=20)
    assert [fact.name for fact in say(stage, b"HELO")] == ["b'HELO' b''"]
    assert [fact.name for fact in say(stage, b"OK 1", 900, server=True)] == ["b'HELO' b'OK 1'"]
    assert not say(stage, b"OK 2", 904, server=True)


def test_an_answer_that_changes_nothing_is_waited_on():
    stage = stage_of(lambda head: [NameSeen(at=1, name="agreed" if b"!" in head.answer else "asked", via="mdns")], answer_limit=20)
    assert [fact.name for fact in say(stage, b"HELO")] == ["asked"]
    assert not say(stage, b"OK..", 900, server=True)
    assert [fact.name for fact in say(stage, b"OK.!", 904, server=True)] == ["agreed"]


def test_each_message_of_a_connection_is_a_head_with_its_own_answer():
    reader = Reader(told)
    stage = stage_of(reader, answer_limit=20)
    say(stage, b"HELO1", 100)
    say(stage, b"OK 1", 900, server=True)
    assert [fact.name for fact in say(stage, b"HELO2", 105)] == ["b'HELO2' b''"]
    assert [fact.name for fact in say(stage, b"OK 2", 1500, server=True)] == ["b'HELO2' b'OK 2'"]  # the bodies between did not pass


def test_a_message_after_one_that_was_lost_in_part():
    reader = Reader(lambda head: told(head) if head.data.endswith(b"!") else None)
    stage = stage_of(reader, more=(b"more",))
    say(stage, b"HELO1", 100)
    assert [fact.name for fact in say(stage, b"HELO2!", 3000)] == ["b'HELO2!' b''"]


def test_a_repeated_segment_tells_nothing_again():
    reader = Reader(told)
    stage = stage_of(reader)
    assert say(stage, b"HELO")
    assert not say(stage, b"HELO")
    assert stage.counts.repeated == 1
    assert len(reader.heads) == 1


def test_overlap_is_counted_and_the_first_wins():
    reader = Reader()
    stage = stage_of(reader, ports=(7000,), starts=(), answers=())
    say(stage, b"PLAY a", 100)
    say(stage, b"XXXXXX b", 104)
    assert reader.heads[-1] == (b"PLAY aXXXX b", b"")
    assert stage.counts.overlapped == 1


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (1, 2, 0), (2, 0, 1), (0, 2, 1)])
def test_segments_in_any_order(order):
    reader = Reader(lambda head: told(head) if head.data.endswith(b"!") else None)
    stage = stage_of(reader, ports=(7000,), starts=(), answers=())
    pieces = [(b"one ", 100), (b"two ", 104), (b"three!", 108)]
    facts = [fact for place in order for fact in say(stage, *pieces[place])]
    assert facts[-1].name == "b'one two three!' b''"


def test_a_further_segment_before_the_one_it_continues():
    stage = stage_of(lambda head: told(head) if head.data.endswith(b"!") else None, more=(b"more",))
    assert not say(stage, b"more!", 104)
    assert [fact.name for fact in say(stage, b"HELO", 100)] == ["b'HELOmore!' b''"]


def test_a_hole_that_nothing_fills_does_not_deafen():
    stage = stage_of(lambda head: told(head) if head.data.endswith(b"\r") else None, ports=(7000,), starts=(), answers=())
    say(stage, b"broken off", 100)
    facts = [fact for turn in range(12) for fact in say(stage, b"on\r", 1000 + 4 * turn)]
    assert facts


def test_a_server_that_speaks_first_is_heard():
    reader = Reader(told)
    stage = stage_of(reader, ports=(7000,), starts=(), answers=(), answer_limit=50)
    assert not say(stage, b"READY", 900, server=True)
    assert [fact.name for fact in say(stage, b"GO")] == ["b'GO' b'READY'"]


def test_who_hears_an_answer_does_not_take_it_for_a_message():
    reader = Reader()
    stage = stage_of(reader, starts=(b"RFB ",), answers=(b"RFB ",), answer_limit=20)
    say(stage, b"RFB 003.008\n", 900, server=True)
    say(stage, b"RFB 003.003\n", 100)
    assert reader.heads == [(b"RFB 003.008\n", b""), (b"RFB 003.008\n", b"RFB 003.003\n")]


def test_at_its_limit_a_head_is_given_up_and_the_next_segment_begins_anew():
    reader = Reader()
    stage = stage_of(reader, ports=(7000,), starts=(), answers=(), limit=10)
    say(stage, b"12345678", 100)
    say(stage, b"90abcd", 108)
    assert reader.heads[-1] == (b"1234567890", b"")
    assert stage.counts.cut == 1
    say(stage, b"new", 114)
    assert reader.heads[-1] == (b"new", b"")


def test_silence_ends_a_connection():
    reader = Reader()
    stage = stage_of(reader, ports=(7000,), starts=(), answers=(), seconds=10)
    say(stage, b"old", 100)
    say(stage, b"new", 103, at=AT + 11 * SECOND)
    assert reader.heads[-1] == (b"new", b"")


def test_time_that_runs_back_ends_it_too():
    reader = Reader()
    stage = stage_of(reader, ports=(7000,), starts=(), answers=())
    say(stage, b"old", 100)
    say(stage, b"new", 103, at=AT - 3600 * SECOND)
    assert reader.heads[-1] == (b"new", b"")


def test_the_same_ports_with_other_numbers_are_another_connection():
    stage = stage_of(told)
    assert say(stage, b"HELO", 3_000_000_000)
    assert say(stage, b"HELO", 2_000_000_000)


def test_what_broke_off_keeps_its_facts_and_is_counted():
    def broken(head):
        raise DecodeError("no", told(head))

    stage = stage_of(broken)
    with pytest.raises(DecodeError) as caught:
        say(stage, b"HELO")
    assert len(caught.value.facts) == 2  # its own, and the time to live
    assert stage.counts.broken == 1


def test_a_hundred_thousand_connections_stay_within_bounds():
    stage = Flows([FlowDecoder(name="probe", decode=lambda head: None, starts=(b"HELO",))], 500, 100_000)
    for turn in range(100_000):
        say(stage, b"HELO" + bytes(400), source=turn & 0xFFFF, port=turn >> 16)
    held = sum(flow.size for flow in stage._flows.values())
    assert len(stage) <= 500
    assert held <= 100_000
    assert held == stage._bytes
    assert stage.counts.flows == 100_000
    assert stage.counts.dropped == 100_000 - len(stage)


def test_in_a_flood_who_was_heard_last_is_still_followed():
    stage = Flows([FlowDecoder(name="probe", decode=lambda head: told(head) if head.data.endswith(b"!") else None, starts=(b"HELO",), more=(b"more",))], 100)
    for turn in range(1000):
        say(stage, b"HELO", source=turn)
        if turn % 50 == 0:
            say(stage, b"HELO", 100, source=60_000)
    assert [fact.name for fact in say(stage, b"more!", 104, source=60_000)] == ["b'HELOmore!' b''"]


@pytest.mark.parametrize("tags", TAGS)
@pytest.mark.parametrize("ends", [V4, V6])
def test_pushes_at_every_depth_of_tags_and_in_both_families(ends, tags):
    talk = Talk(49494, ends, TAGS[tags])
    [fact] = settled([*talk.client(SET_URI), *talk.server(OK)])
    assert (fact.url, fact.accepted, fact.ip, fact.screen_ip) == (MEDIA, True, *ends)
    assert fact.vlan == tuple(number for _, number in TAGS[tags])


def test_a_frame_mirrored_twice_is_one_push():
    for tags in TAGS.values():  # the memo of repeated frames must not tell a connection's facts again
        talk = Talk(49494, tags=tags)
        said = talk.client(SET_URI)
        assert len(pushes([*said, *said, *said])) == 1


def test_keep_alive_tells_each_request_with_its_answer():
    talk = Talk(49494)
    refused = http("HTTP/1.1 500 Internal Server Error", body=b"<s:Envelope>no</s:Envelope>")
    said = [*talk.client(SET_URI), *talk.server(OK), *talk.client(soap("Play")), *talk.server(refused), *talk.client(soap("Stop")), *talk.server(OK)]
    assert [(fact.action, fact.accepted) for fact in settled(said)] == [("SetAVTransportURI", True), ("Play", False), ("Stop", True)]


def test_numbers_that_run_round_within_a_request():
    talk = Talk(4352, number=0xFFFFFFFC)
    [fact] = settled([*talk.client(SHORT[:4], SHORT[4:]), *talk.server(b"%1POWR=OK\r")])
    assert (fact.action, fact.accepted) == ("POWR 0", True)


def test_a_pipeline_counts_what_it_follows():
    pipeline = Pipeline("capture", "lan", 1)
    talk = Talk(49494)
    pushes([*talk.client(SET_URI), *talk.server(OK)], pipeline)
    assert (pipeline.flows.counts.flows, pipeline.flows.counts.segments, len(pipeline.flows)) == (1, 2, 1)


def test_a_port_that_is_read_whole_is_not_read_for_bulk():
    stage = stage_of(told, ports=(7000,), starts=(), answers=())
    assert stage.wants(bytes(LONGEST), 0, LONGEST, 50_000, 7000)
    assert not stage.wants(bytes(LONGEST + 1), 0, LONGEST + 1, 50_000, 7000)
