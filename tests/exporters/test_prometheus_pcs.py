"""The figures of the server of the PCs: all of them once it has spoken, with labels of closed sets."""

from __future__ import annotations

from exporters.prometheus import Metrics
from model.posture.figures import HANDSHAKES, LEFT, REFUSALS
from tests.exporters.readers import SECOND, Reader, counted, sensor
from tests.exporters.samples import AT
from tests.exporters.test_prometheus import samples, value


def page(*rows):
    return Metrics(Reader(sensors=[sensor(), *rows]), now=lambda: AT, version="0.1.0")


async def test_what_the_server_counted_is_told():
    told = counted(enrolled=40, lines=900, repeated=3, refused__key_stolen=2, handshake__expired=5, inbox_facts=12, inbox_oldest=AT - 90 * SECOND, inbox_lost=1)
    found = await samples(page(told))
    assert value(found, "pcs_enrolled") == 40
    assert value(found, "pc_lines_total") == 900
    assert value(found, "pc_lines_left_total", reason="repeated") == 3
    assert value(found, "pc_requests_refused_total", reason="key_stolen") == 2
    assert value(found, "pc_handshakes_failed_total", reason="expired") == 5
    assert (value(found, "pc_inbox_facts"), value(found, "pc_inbox_oldest_seconds"), value(found, "pc_inbox_lost_total")) == (12, 90, 1)


async def test_nothing_counted_is_zero_and_never_left_out():
    found = await samples(page(counted()))
    told = {name: value for (name, labels), value in found.items() if name.startswith("vonggac_pc")}
    assert set(told.values()) == {0}
    for family, words in (("pc_requests_refused_total", REFUSALS), ("pc_handshakes_failed_total", HANDSHAKES), ("pc_lines_left_total", LEFT)):
        assert {dict(labels)["reason"] for name, labels in found if name == f"vonggac_{family}"} == set(words)


async def test_a_box_that_serves_no_pcs_says_nothing_of_them():
    assert not [name for name, _ in await samples(page()) if "vonggac_pc" in name]


async def test_a_word_that_is_no_reason_makes_no_series():
    plain, strange = await samples(page(counted())), await samples(page(counted(refused__evil=3, evil=1)))
    assert plain.keys() == strange.keys()


async def test_when_the_certificate_runs_out_is_told_and_never_made_up():
    name = "pc_certificate_expiry_timestamp_seconds"
    found = await samples(page(counted(certificate_until=AT // SECOND + 86_400)))
    assert value(found, name) == AT // SECOND + 86_400
    assert not [key for key in await samples(page(counted())) if key[0] == "vonggac_" + name]
