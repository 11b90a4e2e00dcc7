"""One marked test message through a sink's own code: what an operator sends to see that the way to the on-call works."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from exporters.sink import FILTERED, Sink
from model.ledger import Change, Finding
from model.ports import OutboxRow, Receipt, Told
from model.text import Text
from model.times import rfc3339
from model.verdict import Grade, Severity, Subject, Urgency

# No rule has it, and no finding the id: searches and receivers can leave test messages out.
RULE = "VG-TEST-00"
FINDING = "0" * 12

_TITLE = Text("TIN THỬ, không phải sự việc", "TEST MESSAGE, nothing has happened")
_SUMMARY = Text("Người quản trị thử đường gửi của Vọng Gác; không cần xử lý gì.", "An administrator tries the way out of Vọng Gác; there is nothing to do.")
_STEP = Text("Báo lại cho người quản trị là đã nhận được tin này.", "Tell the administrator that this message arrived.")


async def trial(sink: Sink, site: str, now: int) -> Receipt:
    """Sends one test finding of `site` at `now` (ns), in the lowest severity the sink takes. The receipt is the sink's own; FILTERED: it takes no findings."""
    receipt = Receipt(0, "accepted", FILTERED)
    for row in _attempts(site, now) if "finding" in sink.streams else ():
        (receipt,) = await sink.send([row])
        # What the sink's options leave out never left this machine.
        if receipt.reason != FILTERED:
            break
    return receipt


def _attempts(site: str, now: int) -> Iterator[OutboxRow]:
    row_id = rfc3339(now)[2:10].replace("-", "") + "test" + secrets.token_hex(10)
    for severity in sorted(Severity, key=lambda severity: severity.rank):
        for urgency in Urgency:
            change = _change(site, now, severity, urgency)
            yield OutboxRow(seq=0, id=row_id, stream="finding", at=now, document=Told(change=change))


def _change(site: str, now: int, severity: Severity, urgency: Urgency) -> Change:
    finding = Finding(
        id=FINDING,
        detector=RULE,
        version=1,
        site=site,
        subject=Subject("site", site),
        state="open",
        severity=severity,
        grade=Grade.CONFIRMED,
        urgency=urgency,
        since=now,
        opened=now,
        updated=now,
        sequence=1,
        title=_TITLE,
        summary=_SUMMARY,
        remedy=(_STEP,),
    )
    return Change(step="opened", at=now, finding=finding)
