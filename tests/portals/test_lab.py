"""The test portal itself: every case is served as it says, and nothing leaves the namespaces."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from tests.portals.lab.case import Found, all_cases
from tests.portals.lab.checking import faults
from tests.portals.lab.clients import KINDS, Client
from tests.portals.lab.internet import DNS, Internet, ask

CASES = all_cases()
ROOT = Path(__file__).parents[2]

# The catalogue of attacks (2.1 redirects, 2.2 conditions, 2.3 content) and of look-alikes (2.4), a short name for each row.
ROWS = (
    "2.1/http-3xx", "2.1/one-path", "2.1/meta", "2.1/refresh-header", "2.1/js-location", "2.1/js-hidden", "2.1/external-script", "2.1/poisoned-library",
    "2.1/document-write", "2.1/service-worker", "2.1/click-hijack", "2.1/open-redirector", "2.2/user-agent", "2.2/referer", "2.2/mobile", "2.2/first-visit",
    "2.2/language", "2.2/share", "2.2/query-token", "2.2/crawler-address", "2.3/hidden-links", "2.3/hidden-iframe", "2.3/doorway", "2.3/sitemap-flood",
    "2.3/robots-change", "2.3/title", "2.3/japanese", "2.3/404-handler", "2.3/tags", "2.3/uploads", "2.3/user-content", "2.3/subdomain-takeover",
    "2.3/dns-hijack", "2.3/expired-script-host", "2.3/shared-host", "2.3/campaign",
    "2.4/national", "2.4/login", "2.4/merged", "2.4/www", "2.4/mobile-host", "2.4/language-host", "2.4/cms", "2.4/challenge", "2.4/bot-block",
    "2.4/rate-limit", "2.4/maintenance", "2.4/links", "2.4/embeds", "2.4/analytics", "2.4/share", "2.4/frame-buster", "2.4/consent", "2.4/pwa",
    "2.4/prerender", "2.4/ab-test", "2.4/stale-node", "2.4/soft-404", "2.4/hidden", "2.4/police-news", "2.4/injection-news", "2.4/lottery", "2.4/tax",
    "2.4/sport", "2.4/law", "2.4/words", "2.4/culture", "2.4/education", "2.4/english", "2.4/twin-town", "2.4/syndicated", "2.4/sitemap", "2.4/robots",
    "2.4/encodings",
)  # fmt: skip


@pytest.mark.root
@pytest.mark.parametrize("found", CASES, ids=lambda found: found.id)
def test_a_case_serves_what_it_says(internet: Internet, found: Found) -> None:
    assert found.case.check, "a case without a check proves nothing"
    with internet.inside():
        wrong = [line for check in found.case.check for line in faults(internet, found, check)]
    assert wrong == []


@pytest.mark.root
def test_names_are_answered_as_declared(internet: Internet) -> None:
    with internet.inside():
        plain = {host: ask(DNS, host) for host in internet.addresses if not host[0].isdigit() or not host[-1].isdigit()}
        missing = ask(DNS, "khong-ai-dang-ky.example")
        aliases = {host: ask(DNS, host) for host, found in internet.hosts.items() if found.server(host).alias and found.server(host).exists}
        dangling = {host: ask(DNS, host) for host, found in internet.hosts.items() if found.server(host).alias and not found.server(host).exists}
    assert {host: said for host, said in plain.items() if said is None or said[0] != 0 or said[1] < 1} == {}
    assert missing == (3, 0)
    assert aliases
    assert all(said is not None and said[1] >= 1 for said in aliases.values())
    assert dangling
    assert set(dangling.values()) == {(3, 1)}


@pytest.mark.root
def test_there_is_no_way_out(internet: Internet) -> None:
    with internet.inside():
        assert ask("8.8.8.8", "tinhmau.gov.vn") is None


@pytest.mark.root
def test_certificates_are_signed_by_the_authority(internet: Internet) -> None:
    wrong = {host for host, found in internet.hosts.items() if host in internet.addresses and found.server(host).certificate != "good"}
    client = Client("desktop", internet.addresses, internet.context())
    with internet.inside():
        for host in sorted(wrong):
            with pytest.raises(ssl.SSLError):
                client.get(f"https://{host}/")
        assert client.get("https://dichvucong.gov.vn/").status == 200
    assert wrong


def test_the_document_counts_the_cases() -> None:
    rows: dict[str, list[int]] = {}
    for found in CASES:
        rows.setdefault(found.case.row, [0, 0])[found.trap] += 1
    table = "| row | attacks | traps |\n|---|---|---|\n" + "".join(
        f"| {row} | {attacks or ''} | {traps or ''} |\n" for row, (attacks, traps) in sorted(rows.items())
    )
    total = f"\n{sum(not found.trap for found in CASES)} attacks, {sum(found.trap for found in CASES)} traps.\n"
    assert (ROOT / "docs/portal-cases.md").read_text().endswith(table + total), table + total


def test_every_row_of_the_catalogue_has_a_case() -> None:
    rows = {found.case.row for found in CASES}
    assert {row for row in ROWS if not any(known.startswith(row) for known in rows)} == set()


def test_no_case_names_an_unknown_detector_persona_or_page() -> None:
    kinds = {*KINDS, "returning", "search_google_mobile", "all"}
    wrong = {
        found.id
        for found in CASES
        if not set(found.case.expect.personas) <= kinds
        or not set(found.case.expect.detectors) <= {"VG-WEB-01", "VG-WEB-02", "VG-WEB-03"}
        or (found.trap and found.case.expect.detectors)
        or (not found.trap and not found.case.expect.detectors and not found.case.expect.unseen)
    }
    assert wrong == set()
