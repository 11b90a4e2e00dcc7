"""Where visitors may be sent: hosts, never registrable names; dates, never for ever."""

from __future__ import annotations

import pytest

from model.portals.declared import Destination, Portal
from model.portals.policy import Policy
from model.portals.shipped import CLOSED, DESTINATIONS, MERGED, MERGED_AT, successor
from model.times import DAY, SECOND, local
from tests.model.making import AT
from tests.model.portals.making import HOST, PORTAL, known

FAR = AT + 365 * DAY


def kind(host: str, *, portal: Portal = PORTAL, at: int = AT, destinations=()) -> str:
    return Policy(known(portal, destinations=destinations)).lawful(portal, host, at).kind


@pytest.mark.parametrize("host", [HOST, f"www.{HOST}", f"m.{HOST}", f"mobile.{HOST}", f"{HOST}:8443", "cu.tanan.test"])
def test_the_portals_own_hosts(host):
    portal = Portal(id="p", url=f"https://www.{HOST}/trang-chu", aliases=("www.cu.tanan.test",))
    assert kind(host, portal=portal) == "own"


@pytest.mark.parametrize(
    "host", [f"{HOST}.evil.test", "xtanan.example.gov.vn.test", "gov.vn.evil.test", "tanan-example-gov-vn.test", "45.119.1.1", "[2001:db8::1]", ""]
)
def test_a_host_that_only_looks_like_it_is_not(host):
    assert kind(host) == "none"


@pytest.mark.parametrize("host", ["khac.example.gov.vn", "example.gov.vn", f"evil-{HOST}", f"congbao.{HOST}", "hacked.gov.vn"])
def test_another_government_host_is_neither_lawful_nor_foreign(host):
    """All communes of a province share its registrable name, so that name says nothing."""
    found = Policy(known()).lawful(PORTAL, host, AT)
    assert (found.kind, found.allowed) == ("government", False)


@pytest.mark.parametrize("host", ["dichvucong.gov.vn", "dangnhap.dichvucong.gov.vn", "thanhtoan.dichvucong.gov.vn", "vneid.gov.vn", "sso.dancuquocgia.gov.vn"])
def test_the_national_portal_and_its_log_in_are_lawful_since_the_provinces_closed_theirs(host):
    assert kind(host) == "destination"
    assert kind(host, at=CLOSED) == "destination"
    assert kind(host, at=CLOSED - 1) == "government"
    assert local(CLOSED) == "29/06/2025 00:00:00"


@pytest.mark.parametrize("host", ["dichvucong.gov.vn.evil.test", "dichvucong-gov-vn.test", "xdichvucong.gov.vn", "dichvucong.evil.gov.vn"])
def test_a_name_made_to_look_like_it_is_not(host):
    assert kind(host) != "destination"


def test_every_entry_that_comes_with_the_product_says_who_answers_for_it_and_why():
    assert all(entry.owner and entry.why and entry.since for entry in DESTINATIONS)


@pytest.mark.parametrize(("old", "new"), [("hagiang", "tuyenquang"), ("kontum", "quangngai"), ("baria-vungtau", "hochiminhcity"), ("travinh", "vinhlong")])
def test_an_old_provinces_name_may_lead_to_the_merged_provinces_portal(old, new):
    portal = Portal(id="p", url=f"https://www.{old}.gov.vn/")
    assert kind(f"{new}.gov.vn", portal=portal) == kind(f"www.{new}.gov.vn", portal=portal) == "destination"
    assert kind(f"{new}.gov.vn", portal=portal, at=MERGED_AT - 1) == "government"
    assert kind(f"{old}.gov.vn", portal=Portal(id="q", url=f"https://{new}.gov.vn/")) == "government", "nor back again"


def test_an_office_of_an_old_province_may_lead_to_the_same_office_or_the_new_front_page():
    portal = Portal(id="p", url="https://soyte.hagiang.gov.vn/")
    assert [kind(host, portal=portal) for host in ("soyte.tuyenquang.gov.vn", "tuyenquang.gov.vn", "phu.tuyenquang.gov.vn")] == [
        "destination",
        "destination",
        "government",
    ]


def test_63_became_34():
    assert (len(MERGED), len(set(MERGED.values())), 63 - len(MERGED)) == (29, 23, 34)
    assert not set(MERGED) & set(MERGED.values())
    assert successor("laichau.gov.vn") == ""


def test_dates_bound_an_entry_and_an_expired_one_says_so():
    entry = Destination(host="pay.test", since=AT, until=AT + DAY, owner="Sở Tài chính", why="thu phí")
    data = known(destinations=(entry,))
    before, during, after = (Policy(data).lawful(PORTAL, "pay.test", at) for at in (AT - 1, AT, AT + DAY))
    assert (before.kind, before.expired) == ("none", "")
    assert (during.kind, during.why, during.owner) == ("destination", "thu phí", "Sở Tài chính")
    assert (after.kind, "Sở Tài chính" in after.expired, local(AT + DAY) in after.expired) == ("none", True, True)


def test_one_entry_in_force_beside_an_expired_one_is_enough():
    entries = (Destination(host="pay.test", until=AT), Destination(host="pay.test", since=AT))
    assert kind("pay.test", destinations=entries) == "destination"


def test_an_entry_is_for_its_portal_and_its_host_unless_it_says_more():
    entries = (Destination(host="one.test", portal="khac"), Destination(host="two.test"), Destination(host="three.test", subdomains=True))
    assert [kind(host, destinations=entries) for host in ("one.test", "two.test", "a.two.test", "three.test", "a.b.three.test", "xthree.test")] == [
        "none",
        "destination",
        "none",
        "destination",
        "destination",
        "none",
    ]


def test_an_undeclared_government_host_may_be_declared():
    assert kind("khac.example.gov.vn", destinations=(Destination(host="khac.example.gov.vn"),)) == "destination"


def test_a_portal_is_known_when_declared_or_when_nothing_is():
    from tests.model.making import declared

    assert Policy(declared()).knows("any")
    assert not Policy(known()).knows("any")
    assert Policy(declared()).portal("any", "https://any.test/").url == "https://any.test/"
    assert Policy(known(destinations=())).strange(PORTAL, "evil.test", AT + SECOND)
