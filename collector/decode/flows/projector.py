"""Commands to projectors: PJLink (JBMIA class 1 and 2, TCP 4352) and Panasonic's NTCONTROL (TCP 1024)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from collector.decode.flows.pushing import pushed
from collector.decode.wire import clean

if TYPE_CHECKING:
    from collector.decode.flows.head import Head
    from model.wirefacts import ScreenPushed

NTCONTROL_PORT = 1024
# Some fifty commands: a head is read again with each of them.
LIMIT = 512
ANSWER_LIMIT = 1024

# A password shows as the MD5 digest before the first command of a connection (PJLink) or before each (NTCONTROL).
# What the first line may be, as far as it came: so that other traffic on the port costs nothing.
_MAY_BE = re.compile(rb"(?:[0-9a-fA-F]{32})?[%0][120]|[0-9a-fA-F]{0,32}\Z|(?:[0-9a-fA-F]{32})?%\Z")
_MAX_LINE = 160
_PJLINK = re.compile(r"([0-9a-f]{32})?%[12]([A-Z0-9]{4}) (.{1,128})$", re.IGNORECASE)
_PJLINK_ANSWER = re.compile(r"%[12]([A-Z0-9]{4})=(.{0,128})$", re.IGNORECASE)
_REFUSED = "PJLINK ERRA"
_NTCONTROL = re.compile(r"([0-9a-f]{32})?00([A-Z]{3})(:[\x21-\x7e]{1,64})?$", re.IGNORECASE)
_ASKS = "Q"  # NTCONTROL's questions: QPW, QIN, ...

_OPEN_GREETING = "PJLINK 0"


def pjlink(head: Head) -> Sequence[ScreenPushed] | None:
    """Commands that switch, mute or choose an input; none for questions (`%1POWR ?`)."""
    if not _MAY_BE.match(head.data):
        return ()
    lines, answers = _lines(head.data), _lines(head.answer)
    said = [match for line in lines if (match := _PJLINK.match(line))]
    if len(said) < len(lines):
        return ()
    guarded = True if said and said[0][1] else False if _OPEN_GREETING in answers else None
    facts = []
    for place, match in enumerate(said):
        if match[3] != "?":
            earlier = sum(other[2].upper() == match[2].upper() for other in said[:place])
            accepted = _pjlink_accepted(answers, match[2].upper(), earlier)
            facts.append(pushed(head, "pjlink", "command", f"{match[2].upper()} {match[3]}", guarded=guarded, accepted=accepted))
    # Only the first command has the digest: behind a question that had it, listen on, so as to know that the next is guarded too.
    return facts or (None if guarded or not head.data.endswith(b"\r") else ())


def ntcontrol(head: Head) -> Sequence[ScreenPushed] | None:
    """Commands to a projector of Panasonic's; none for questions."""
    if not _MAY_BE.match(head.data):
        return ()
    lines, answers = _lines(head.data), _lines(head.answer)
    said = [match for line in lines if (match := _NTCONTROL.match(line))]
    if len(said) < len(lines):
        return ()
    facts = []
    for match in said:
        code = match[2].upper()
        if not code.startswith(_ASKS):
            accepted = _ntcontrol_accepted(answers, code)
            facts.append(pushed(head, "ntcontrol", "command", code + (match[3] or ""), guarded=bool(match[1]), accepted=accepted))
    return facts or (() if head.data.endswith(b"\r") else None)


def _lines(raw: bytes) -> list[str]:
    """The lines that came to their end. One that is too long for either protocol stays what it is not."""
    return [clean(line[:_MAX_LINE]) for line in raw.split(b"\r")[:-1] if line.strip()]


def _pjlink_accepted(answers: Sequence[str], code: str, earlier: int) -> bool | None:
    """What the answer to the command says, of which so many of the same code came before."""
    if _REFUSED in answers:
        return False
    told = [match[2] for line in answers if (match := _PJLINK_ANSWER.match(line)) and match[1].upper() == code]
    return told[earlier].upper() == "OK" if len(told) > earlier else None


def _ntcontrol_accepted(answers: Sequence[str], code: str) -> bool | None:
    """The projector says the command again, or ERR and a number."""
    told = [line.removeprefix("00") for line in answers if not line.startswith("NTCONTROL")]
    if any(line.startswith("ERR") for line in told):
        return False
    return True if any(line.startswith(code) for line in told) else None
