"""What the kernel lets through, against what the stage wants."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.bpf import compose, program
from collector.decode.flows.clauses import clauses
from collector.decode.flows.head import FlowDecoder
from collector.decode.flows.stage import Flows
from collector.decode.flows.table import FLOWS
from tests.decode.flows.talk import TAGS, V4, V6, Talk


def nothing(head):
    return ()


ODD = (
    FlowDecoder(name="free", decode=nothing, starts=(b"%1", b"POST ", b"\x16\x03\x01", b"GET /api", b"x"), more=(b"<?xml",), answers=(b"HTTP",)),
    FlowDecoder(name="bound", decode=nothing, starts=(b"\x81", b"CNXN"), ports=(3000, 3001)),
    FlowDecoder(name="whole", decode=nothing, ports=(4352, 1024), answer_limit=10),
    FlowDecoder(name="one_way", decode=nothing, ports=(7250,)),
)
TABLES = {"the table": FLOWS, "odd ones": ODD}
PORTS = sorted({80, 50_000, *(port for rows in TABLES.values() for row in rows for port in row.ports)})
STARTS = sorted({start for rows in TABLES.values() for row in rows for start in (*row.starts, *row.more, *row.answers)})


@cache
def kernel(name):
    return program(compose(clauses(TABLES[name])))


@cache
def stage(name):
    return Flows(TABLES[name])


@pytest.mark.parametrize("name", TABLES)
def test_the_kernel_passes_all_that_the_stage_wants(name):
    @settings(max_examples=300)
    @given(
        st.sampled_from(PORTS),
        st.sampled_from(PORTS),
        st.sampled_from(STARTS) | st.binary(max_size=9),
        st.binary(max_size=6),
        st.sampled_from((V4, V6)),
        st.sampled_from(sorted(TAGS)),
    )
    def attempt(source, port, start, rest, ends, tags):
        text = start + rest
        [frame] = Talk(port, ends, TAGS[tags], source=source).client(text)
        wanted = stage(name).wants(text, 0, len(text), source, port)
        passed = bool(kernel(name).filter(frame))
        assert passed or not wanted
        # What passes and is not wanted only looks like a line of text or a tag.
        assert wanted or not passed or looks_like_text(text)

    attempt()


def looks_like_text(text):
    return all(0x40 <= octet < 0x60 for octet in text[:3]) or text[:1] == b"<" or text[:3] == b"GET"


@pytest.mark.parametrize("ends", [V4, V6])
def test_bulk_stays_outside(ends):
    talk = Talk(443, ends)
    said = [*talk.client(b"\x17\x03\x03" + bytes(1000), bytes(1000), b"\x17", b"", b"he"), *talk.server(bytes(1000), b"picture")]
    assert not [frame for frame in said if kernel("the table").filter(frame)]


def test_without_decoders_there_is_no_clause():
    assert clauses(()) == ()
