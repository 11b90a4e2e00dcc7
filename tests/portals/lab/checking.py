"""Whether a case serves what it says, asked by plain clients."""

from __future__ import annotations

import http.client
from urllib.parse import quote

from tests.portals.lab.case import Check, Found
from tests.portals.lab.clients import Answer, Client
from tests.portals.lab.internet import Internet


def faults(internet: Internet, found: Found, check: Check) -> list[str]:
    """What is not as the check says, a line each; to be called inside the internet's namespace."""
    client = Client(check.kind, internet.addresses, internet.context(trusting=check.trusting))
    wrong = [_wrong(check, client, url_of(found, check)) for _ in range(check.times)]
    if check.cookies:
        # The first visit only fetched the cookies.
        wrong = [_wrong(check, client, url_of(found, check))]
    if check.times > 1:
        right = sum(not line for line in wrong)
        return (
            []
            if check.hits <= right <= max(check.hits, check.most)
            else [f"{right} of {check.times} answers instead of {check.hits}; one: {next(filter(None, wrong), '')}"]
        )
    return [line for line in wrong if line]


def url_of(found: Found, check: Check) -> str:
    """The address a check asks for."""
    host = check.host or found.case.hosts[0]
    scheme = "http" if found.case.hosts[0] == host and found.case.scheme == "http" else check.scheme
    return f"{scheme}://{host}{quote(check.path, safe='/?&=:%+;,@#()')}"


def _wrong(check: Check, client: Client, url: str) -> str:
    try:
        answer = client.get(url)
    except (OSError, http.client.HTTPException) as trouble:
        return f"{url}: {type(trouble).__name__} {trouble}"
    return next((f"{check.kind} {url}: {line}" for line in _differences(check, answer)), "")


def _differences(check: Check, answer: Answer) -> list[str]:
    text = answer.body.decode(errors="replace")
    lines = []
    if answer.status != check.status:
        lines.append(f"status {answer.status} instead of {check.status}")
    if check.location not in answer.headers.get("location", ""):
        lines.append(f"Location {answer.headers.get('location')!r} does not hold {check.location!r}")
    lines += [f"{name}: {answer.headers.get(name)!r} instead of {value!r}" for name, value in check.headers.items() if answer.headers.get(name) != value]
    if check.holds not in text:
        lines.append(f"the body does not hold {check.holds!r}: {text[:200]!r}")
    if check.lacks and check.lacks in text:
        lines.append(f"the body holds {check.lacks!r}")
    if check.bytes and bytes.fromhex(check.bytes) not in answer.body:
        lines.append(f"the body does not hold the bytes {check.bytes}")
    return lines
