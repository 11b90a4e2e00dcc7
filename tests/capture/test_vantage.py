"""The vantage rule against a model of a learning switch: whatever is said on it, a plain port never looks like a mirror."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from collector.vantage import BUSY_FRAMES, STEADY, Window, decide, window

ALL = b"\xff" * 6
OWN = bytes.fromhex("020000000099")
MACS = [bytes.fromhex("0200000000") + bytes([number]) for number in range(6)]
PRINTER = bytes.fromhex("0200000000aa")  # never speaks

NOBODY: frozenset[bytes] = frozenset()

# Each frame is its sender and its receiver.
frames = st.lists(st.tuples(st.sampled_from([*MACS, OWN]), st.sampled_from([*MACS, OWN, ALL, PRINTER])), max_size=300)


def on_the_port(said: list[tuple[bytes, bytes]], *, mirrored: bool) -> list[bytes]:
    """What our port hears: of a learning switch all group frames and those for stations not learnt yet; of a mirror everything."""
    learnt: set[bytes] = set()
    heard = []
    for sender, receiver in said:
        learnt.add(sender)
        ours = sender == OWN
        if not ours and (mirrored or receiver[0] & 1 or receiver == OWN or receiver not in learnt):
            heard.append(receiver + sender + b"\x08\x00")
    return heard


@given(st.lists(frames, max_size=6))
def test_a_plain_port_is_never_taken_for_a_mirror(windows: list[list[tuple[bytes, bytes]]]) -> None:
    # The switch may forget everything between windows, as after a change in the tree. Said over and over: nothing is too rare to count.
    seen = [window(on_the_port(said * STEADY, mirrored=False), frozenset({OWN})) for said in windows]
    assert decide(seen, inline=False) in {"plain", "unknown"}


@given(frames, st.permutations(MACS))
def test_two_conversations_in_one_window_are_a_mirror(noise: list[tuple[bytes, bytes]], order: list[bytes]) -> None:
    first, second, third, fourth, *_rest = order
    talk = [(first, second), (second, first), (third, fourth), (fourth, third)] * (STEADY + 1)
    seen = window(on_the_port([*noise, *talk], mirrored=True), frozenset({OWN}))
    assert decide([seen], inline=False) == "mirror"


@given(st.lists(frames, max_size=4), st.booleans())
def test_inline_is_what_was_declared(windows: list[list[tuple[bytes, bytes]]], mirrored: bool) -> None:
    seen = [window(on_the_port(said, mirrored=mirrored), frozenset({OWN})) for said in windows]
    assert decide(seen, inline=True) == "inline"


def test_one_pair_needs_two_windows() -> None:
    talk = on_the_port([(MACS[0], MACS[1]), (MACS[1], MACS[0])] * 10, mirrored=True)
    seen = window(talk, NOBODY)
    assert decide([seen], inline=False) == "unknown"
    assert decide([seen, Window(), seen], inline=False) == "mirror"


def test_a_mirror_that_shows_one_direction_is_found_by_what_stations_say_to_all() -> None:
    said = [(MACS[0], ALL), (MACS[1], ALL)] + [(MACS[2], MACS[0]), (MACS[2], MACS[1])] * 10
    heard = [receiver + sender for sender, receiver in said]
    assert decide([window(heard, NOBODY)], inline=False) == "mirror"


def test_flooding_to_a_silent_station_is_no_mirror_and_does_not_hide_a_plain_port() -> None:
    flood = [(MACS[0], PRINTER), (MACS[1], PRINTER)] * 200
    chat = [(mac, ALL) for mac in MACS] * 20
    heard = on_the_port(flood + chat + flood, mirrored=False)
    assert decide([window(heard, NOBODY)] * 5, inline=False) == "plain"


def test_a_few_stray_frames_after_the_switch_forgot_are_no_mirror() -> None:
    stray = Window()
    heard = [ALL + MACS[0], ALL + MACS[1], *[MACS[0] + MACS[1]] * (STEADY - 1), *[MACS[1] + MACS[0]] * (STEADY - 1)]
    stray = window(heard, NOBODY)
    assert stray.conversations == frozenset()
    assert decide([stray] * 5, inline=False) == "unknown"


def test_our_own_addresses_on_another_leg_count_for_nothing() -> None:
    both = [ALL + OWN, *[OWN + MACS[0], MACS[0] + OWN] * 10, *[ALL + OWN] * BUSY_FRAMES]
    assert window([ALL + MACS[0], *both], frozenset({OWN})) == Window(1, frozenset({MACS[0]}), frozenset())


def test_silence_and_a_lonely_speaker_prove_nothing() -> None:
    assert decide([], inline=False) == "unknown"
    assert decide([Window()] * 60, inline=False) == "unknown"
    lonely = window([ALL + MACS[0]] * (2 * BUSY_FRAMES), NOBODY)
    assert decide([lonely] * 60, inline=False) == "unknown"


def test_a_busy_time_without_unicast_is_a_plain_port() -> None:
    heard = [ALL + mac for mac in MACS] * (BUSY_FRAMES // len(MACS) // 4)
    quarter = window(heard, NOBODY)
    assert decide([quarter] * 3, inline=False) == "unknown"
    assert decide([quarter] * 5, inline=False) == "plain"


@given(st.lists(st.binary(max_size=20), max_size=50))
def test_any_bytes_make_a_window(heard: list[bytes]) -> None:
    seen = window(heard, NOBODY)
    assert seen.group_frames <= len(heard)
