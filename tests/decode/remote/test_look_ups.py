"""Names of the tables among the names that stations look up; whatever else they look up leaves no trace."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.decode.error import DecodeError
from collector.decode.remote import lookups
from model.remote import piracy, products
from model.remote.names import is_page, pirate_of, product_of
from model.wirefacts import ActivationSought, RemoteSeen
from tests.decode.remote import shapes
from tests.fuzz.checks import packet

PC, PC_MAC, RESOLVER = "192.168.10.21", "00:06:5b:10:20:21", "192.168.10.1"
KMS = "_vlmcs._tcp.tanan.gov.vn"


def asked(message):
    return lookups.decode(packet(message, mac=PC_MAC, ip=PC, peer_ip=RESOLVER, peer_mac="00:00:5e:00:53:01", port=50000, peer_port=53))


def answered(message, **fields):
    given = {"mac": "00:00:5e:00:53:01", "ip": RESOLVER, "peer_ip": PC, "peer_mac": PC_MAC, "port": 53, "peer_port": 50000, **fields}
    return lookups.decode(packet(message, **given))


def test_the_tables_hold_what_is_asked_of_them():
    assert len(products.ROWS) >= 25
    assert len({row.id for row in products.ROWS}) == len(products.ROWS)
    names = [name for row in (*products.ROWS, *piracy.ROWS) for name in row.names]
    assert len(names) == len(set(names))
    assert all(name == name.lower().strip(".") and "." in name for name in names)
    assert all(row.source and row.as_of.count("-") == 2 for row in (*products.ROWS, *piracy.ROWS))


@pytest.mark.parametrize("row", products.ROWS, ids=lambda row: row.id)
def test_each_name_is_its_products_and_so_is_all_below_it(row):
    for name in row.names:
        assert product_of(name) == product_of(f"a.b.{name}.") == row.id
        # A name that only ends alike is another's.
        assert product_of("x" + name) == ""


@pytest.mark.parametrize("name", ["www.google.com", "teamviewer.com.evil.example", "zoho.com", "oray.com", "com", "", ".", "anydesk"])
def test_other_names_are_nobodys(name):
    assert (product_of(name), pirate_of(name)) == ("", "")


@pytest.mark.parametrize(
    ("host", "page"), [("www.teamviewer.com", True), ("teamviewer.com", True), ("router7.teamviewer.com", False), ("remotedesktop.google.com", True)]
)
def test_a_makers_page_is_not_its_program(host, page):
    assert is_page(host) is page


def test_a_question_names_the_one_who_asks():
    [fact] = asked(shapes.asks("Router7.TeamViewer.com"))
    assert fact == RemoteSeen(at=fact.at, mac=PC_MAC, ip=PC, product="teamviewer", stage="named", via="dns", port=53)


def test_an_answer_names_the_one_it_is_for():
    [fact] = answered(shapes.answers("boot.net.anydesk.com", 28))
    assert (fact.mac, fact.ip, fact.product, fact.stage) == (PC_MAC, PC, "anydesk", "named")


def test_a_failure_names_too_but_a_notice_or_an_answer_from_elsewhere_does_not():
    assert answered(shapes.answers("boot.net.anydesk.com", flags=b"\x81\x83"))
    assert not asked(shapes.answers("boot.net.anydesk.com"))
    assert not answered(shapes.answers("boot.net.anydesk.com", flags=b"\xa0\x00"))
    assert not answered(shapes.asks("boot.net.anydesk.com"))


def test_a_pirates_server_is_told_by_its_row():
    [fact] = asked(shapes.asks("kms8.msguides.com"))
    assert (type(fact), fact.source, fact.via, fact.server_ip) == (ActivationSought, "msguides", "dns", "")


def test_a_kms_service_that_is_found_is_told_with_its_address():
    host = shapes.resource("kms.tanan.gov.vn", 1, bytes((10, 49, 0, 20)))
    [fact] = answered(shapes.answers(KMS, 33, shapes.srv(KMS, "kms.tanan.gov.vn"), 1, host))
    assert (fact.via, fact.source, fact.server_ip, fact.mac) == ("srv", "", "10.49.0.20", PC_MAC)


def test_a_kms_service_that_is_a_pirates_is_told_as_his():
    [fact] = answered(shapes.answers(KMS, 33, shapes.srv(KMS, "kms.03k.org"), 1))
    assert (fact.via, fact.source, fact.server_ip) == ("srv", "03k", "")


def test_looking_for_a_kms_service_is_what_every_volume_licence_does():
    assert not asked(shapes.asks(KMS, 33))
    assert not answered(shapes.answers(KMS, 33, flags=b"\x81\x83"))


def test_a_cut_answer_keeps_what_was_whole():
    message = shapes.answers("boot.net.anydesk.com", 1, b"\xc0\x0c\0\1\0\1\0", 1)
    with pytest.raises(DecodeError) as fault:
        answered(message)
    assert [fact.product for fact in fault.value.facts] == ["anydesk"]


@given(st.lists(st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=20), min_size=1, max_size=5).map(".".join))
def test_what_people_look_up_otherwise_is_in_no_fact(name):
    facts = (*asked(shapes.asks(name)), *answered(shapes.answers(name)))
    if not product_of(name) and not pirate_of(name):
        assert facts == ()
    assert name.encode() not in msgspec.json.encode(facts) or name in products.BY_ID
