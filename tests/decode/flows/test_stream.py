"""Bytes put in order: any cutting, any order, any repetition, and what nobody can change once it was read."""

from hypothesis import given
from hypothesis import strategies as st

from collector.decode.flows.stream import Stream

TEXT = bytes(range(1, 101))


def put(stream, number, payload):
    return stream.put(stream.offset(number), payload)


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(1, 40)), max_size=30), st.integers(0, 2**32 - 1), st.randoms(use_true_random=False))
def test_any_order_of_overlapping_pieces_gives_the_text(cuts, start, dice):
    pieces = [(place, TEXT[place : place + size]) for place, size in cuts] + [(place, TEXT[place : place + 20]) for place in range(0, 100, 20)]
    rest = pieces[:]
    dice.shuffle(rest)
    stream = Stream(4096)
    stream.offset(start)
    for place, piece in rest:
        put(stream, start + place & 0xFFFFFFFF, piece)
    assert TEXT.startswith(stream.joined(0))
    in_order = Stream(4096)
    in_order.offset(start)
    for place, piece in sorted(pieces):
        put(in_order, start + place & 0xFFFFFFFF, piece)
    assert in_order.joined(0) == TEXT


def test_what_came_first_stays():
    stream = Stream(4096)
    put(stream, 10, b"POWR 0")
    assert put(stream, 12, b"XXXXYY")
    assert stream.joined(0) == b"POWR 0YY"
    assert stream.overlapped
    assert not stream.repeated


def test_a_repeated_segment_is_nothing_new():
    stream = Stream(4096)
    put(stream, 10, b"abc")
    assert not put(stream, 10, b"abc")
    assert not put(stream, 11, b"XX")
    assert stream.repeated
    assert stream.joined(0) == b"abc"


def test_a_hole_is_filled_later():
    stream = Stream(4096)
    put(stream, 0, b"ab")
    put(stream, 4, b"ef")
    assert stream.joined(0) == b"ab"
    assert stream.after(2) == 4
    put(stream, 1, b"bcde")
    assert stream.joined(0) == b"abcdef"


def test_what_was_read_is_not_read_again():
    stream = Stream(4096)
    put(stream, 0, b"abcdef")
    stream.read_to(4)
    assert not put(stream, 0, b"abcd")
    assert put(stream, 2, b"cdefgh")
    assert stream.joined(4) == b"efgh"
    assert stream.first() == 4


def test_numbers_run_round():
    stream = Stream(4096)
    put(stream, 0xFFFFFFFE, b"abcd")
    put(stream, 2, b"ef")
    assert stream.joined(0) == b"abcdef"


def test_what_lies_before_the_first_segment_is_put_before_it():
    stream = Stream(4096)
    put(stream, 1, b"bcd")
    put(stream, 0, b"a")
    assert stream.first() == -1
    assert stream.joined(-1) == b"abcd"


@given(st.lists(st.tuples(st.integers(0, 2**32 - 1), st.binary(max_size=300)), max_size=60))
def test_memory_is_bounded(segments):
    stream = Stream(500)
    for number, payload in segments:
        put(stream, number, payload)
    parts = [start for start in range(-(2**10), 2**10) if stream.joined(start)]
    assert stream.size <= 500
    assert parts or not any(payload for _, payload in segments) or stream.size


def test_many_parts_apart_are_torn():
    stream = Stream(4096)
    for place in range(0, 100, 2):
        put(stream, place, b"a")
    assert stream.is_torn()
    assert stream.size == 8


def test_far_behind_is_another_connection():
    stream = Stream(4096)
    put(stream, 1_000_000, b"abc")
    assert stream.is_stranger(stream.offset(1_000_000 - 300_000))
    assert not stream.is_stranger(stream.offset(1_000_000 - 1000))
