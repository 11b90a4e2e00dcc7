"""The test portal itself: every case is served as it says, and nothing leaves the namespaces."""

from __future__ import annotations

import ssl

import pytest

from tests.portals.lab.case import Found, all_cases
from tests.portals.lab.checking import faults
from tests.portals.lab.internet import DNS, Internet, ask

CASES = all_cases()


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
        aliases = {host: ask(DNS, host) for host, found in internet.hosts.items() if found.server(host).alias}
    assert {host: said for host, said in plain.items() if said is None or said[0] != 0 or said[1] < 1} == {}
    assert missing == (3, 0)
    assert aliases
    assert all(said is not None and said[1] >= 1 for said in aliases.values())


@pytest.mark.root
def test_there_is_no_way_out(internet: Internet) -> None:
    with internet.inside():
        assert ask("8.8.8.8", "tinhmau.gov.vn") is None


@pytest.mark.root
def test_certificates_are_signed_by_the_authority(internet: Internet) -> None:
    from tests.portals.lab.clients import Client

    wrong = {host for host, found in internet.hosts.items() if host in internet.addresses and found.server(host).certificate != "good"}
    client = Client("desktop", internet.addresses, internet.context())
    with internet.inside():
        for host in sorted(wrong):
            with pytest.raises(ssl.SSLError):
                client.get(f"https://{host}/")
        assert client.get("https://dichvucong.gov.vn/").status == 200
    assert wrong
