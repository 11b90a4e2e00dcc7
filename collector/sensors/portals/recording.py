"""A look's exchanges as the evidence keeps them."""

from __future__ import annotations

from collector.sensors.portals.evidence.recorded import Recorded
from collector.sensors.portals.exchange import Exchange
from model.times import SECOND
from model.webfacts import HopKind


def recorded(how: HopKind, made: Exchange) -> Recorded:
    """The exchange for the evidence: the body as it came over the line, so that the server's own head describes it."""
    found = made.certificate
    request = made.asked.decode("utf-8", "surrogateescape").split("\r\n")[1:-2]
    answer = made.answered.decode("utf-8", "surrogateescape").split("\r\n")
    return Recorded(
        url=made.url,
        started=made.at,
        finished=made.at + int(made.took * SECOND),
        how=how,
        method=made.method,
        request_headers=_lines(request),
        status=made.status,
        reason=" ".join(answer[0].split(" ")[2:]),
        response_headers=_lines(answer[1:-2]),
        body=made.sent,
        inflated=made.sent == made.body,
        truncated=made.truncated,
        address=made.address,
        trouble=made.trouble or made.tls,
        issuer=found.issuer if found else "",
        subject=found.subject if found else "",
        certificate=found.digest if found else "",
    )


def _lines(written: list[str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, _, value in (line.partition(": ") for line in written))
