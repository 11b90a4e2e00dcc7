"""Commands to projectors."""

import pytest

from tests.decode.flows.talk import Talk, pushes, settled

DIGEST = b"5d8409bc1c3fa39749434aa3a5c38682"


@pytest.mark.parametrize(
    ("greeting", "asked", "answer", "wanted"),
    [
        (b"PJLINK 0\r", b"%1POWR 0\r", b"%1POWR=OK\r", [("POWR 0", False, True)]),
        (b"PJLINK 0\r", b"%1INPT 31\r", b"%1INPT=ERR2\r", [("INPT 31", False, False)]),
        (b"PJLINK 0\r", b"%1avmt 31\r", b"%1avmt=ok\r", [("AVMT 31", False, True)]),
        (b"PJLINK 0\r", b"%2FREZ 1\r", b"", [("FREZ 1", False, None)]),
        (b"PJLINK 1 498e4a67\r", DIGEST + b"%1POWR 1\r", b"%1POWR=OK\r", [("POWR 1", True, True)]),
        (b"PJLINK 1 498e4a67\r", DIGEST + b"%1POWR 1\r", b"PJLINK ERRA\r", [("POWR 1", True, False)]),
        (b"PJLINK 1 498e4a67\r", b"%1POWR 1\r", b"PJLINK ERRA\r", [("POWR 1", None, False)]),
        (b"PJLINK 0\r", b"%1POWR ?\r", b"%1POWR=1\r", []),
        (b"PJLINK 0\r", b"%1NAME ?\r", b"%1NAME=P1\r", []),
        (b"PJLINK 0\r", b"%1POWR ?\r%1POWR 0\r", b"%1POWR=1\r%1POWR=OK\r", [("POWR 0", False, True)]),
        (b"PJLINK 0\r", b"GET / HTTP/1.1\r\n\r\n", b"", []),
    ],
)
def test_pjlink(greeting, asked, answer, wanted):
    talk = Talk(4352)
    found = settled([*talk.server(greeting), *talk.client(asked), *talk.server(answer)])
    assert [(fact.action, fact.guarded, fact.accepted) for fact in found] == wanted
    assert all((fact.family, fact.kind) == ("pjlink", "command") for fact in found)


def test_a_command_behind_a_question_with_the_password():
    talk = Talk(4352)
    said = [*talk.server(b"PJLINK 1 498e4a67\r"), *talk.client(DIGEST + b"%1POWR ?\r"), *talk.server(b"%1POWR=1\r")]
    [fact] = settled([*said, *talk.client(b"%1INPT 31\r"), *talk.server(b"%1INPT=OK\r")])
    assert (fact.action, fact.guarded, fact.accepted) == ("INPT 31", True, True)


def test_after_hours_of_questions_a_command_is_still_heard():
    talk = Talk(4352)
    said = [frame for _ in range(1000) for frame in (*talk.client(b"%1POWR ?\r"), *talk.server(b"%1POWR=1\r"))]
    [fact] = settled([*said, *talk.client(b"%1POWR 0\r"), *talk.server(b"%1POWR=OK\r")], step=1_000_000_000)
    assert (fact.action, fact.accepted) == ("POWR 0", True)


@pytest.mark.parametrize("cut", range(1, len(DIGEST) + 8))
def test_cut_into_two_anywhere_in_either_order(cut):
    text = DIGEST + b"%1POWR 1\r"
    for turn in (1, -1):
        talk = Talk(4352)
        *_, fact = settled([*talk.client(text[:cut], text[cut:])[::turn], *talk.server(b"%1POWR=OK\r")])
        assert (fact.action, fact.guarded, fact.accepted) == ("POWR 1", True, True)


def test_byte_by_byte():
    talk = Talk(4352)
    text = b"%1POWR 0\r"
    [fact] = pushes(talk.client(*[text[place : place + 1] for place in range(len(text))]))
    assert fact.action == "POWR 0"


@pytest.mark.parametrize(
    ("asked", "answer", "wanted"),
    [
        (b"00PON\r", b"00PON\r", [("PON", False, True)]),
        (b"00IIS:HD1\r", b"00IIS:HD1\r", [("IIS:HD1", False, True)]),
        (DIGEST + b"00POF\r", b"00ERRA\r", [("POF", True, False)]),
        (b"00QPW\r", b"00001\r", []),
        (b"SSH-2.0-x\r\n", b"", []),
    ],
)
def test_ntcontrol(asked, answer, wanted):
    talk = Talk(1024)
    found = settled([*talk.server(b"NTCONTROL 0\r"), *talk.client(asked), *talk.server(answer)])
    assert [(fact.action, fact.guarded, fact.accepted) for fact in found] == wanted
