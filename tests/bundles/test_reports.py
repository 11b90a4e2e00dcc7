"""Other products' reports: what the rules ask of them is read, and nothing else."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.bundles import inventory, kaspersky, portable
from collector.bundles.errors import BundleError
from model.posture.told import Antivirus, Interfaces, Machine, RemoteTools

GLPI = """<?xml version="1.0" encoding="UTF-8" ?>
<REQUEST><QUERY>INVENTORY</QUERY><DEVICEID>PC-01-2026</DEVICEID><CONTENT>
<HARDWARE><NAME>PC-MOTCUA-01</NAME><UUID>4C4C4544</UUID><MEMORY>8192</MEMORY>
<USERID>canary.nguyen</USERID><WINPRODKEY>CANARY-KEY</WINPRODKEY>
<LASTLOGGEDUSER>canary</LASTLOGGEDUSER></HARDWARE>
<OPERATINGSYSTEM><FULL_NAME>Microsoft Windows 10 Pro</FULL_NAME><KERNEL_NAME>MSWin32</KERNEL_NAME>
<KERNEL_VERSION>10.0.19045</KERNEL_VERSION><ARCH>64-bit</ARCH><INSTALL_DATE>2021-03-04 08:00:00</INSTALL_DATE></OPERATINGSYSTEM>
<BIOS><SMANUFACTURER>Dell Inc.</SMANUFACTURER><SMODEL>OptiPlex 3080</SMODEL></BIOS>
<CPUS><NAME>Intel Core i5</NAME><CORE>4</CORE></CPUS>
<NETWORKS><MACADDR>10:B6:76:10:20:21</MACADDR><VIRTUALDEV>0</VIRTUALDEV></NETWORKS>
<NETWORKS><MACADDR>00:50:56:C0:00:08</MACADDR><VIRTUALDEV>0</VIRTUALDEV></NETWORKS>
<ANTIVIRUS><NAME>Kaspersky Endpoint Security</NAME><ENABLED>1</ENABLED><UPTODATE>0</UPTODATE>
<EXPIRATION>2026-01-31</EXPIRATION></ANTIVIRUS>
<SOFTWARES><NAME>TeamViewer</NAME></SOFTWARES>
<SOFTWARES><NAME>UltraViewer version 6.6</NAME></SOFTWARES><SOFTWARES><NAME>7-Zip</NAME></SOFTWARES>
<REMOTE_MGMT><TYPE>teamviewer</TYPE><ID>canary123456</ID></REMOTE_MGMT>
<USERS><LOGIN>canary</LOGIN></USERS>
</CONTENT></REQUEST>"""


def test_an_inventory_tells_machine_cards_antivirus_and_programs():
    found = inventory.read(GLPI.encode())
    told = {type(each): each for each in found.told}
    machine = told[Machine]
    assert (machine.platform, machine.build, machine.memory, machine.cores, machine.model) == ("windows", 19_045, 8 << 30, 4, "OptiPlex 3080")
    assert told[Interfaces].macs == ("10:b6:76:10:20:21",)
    assert [(each.name, each.state, each.fresh) for each in told[Antivirus].products] == [("Kaspersky Endpoint Security", "on", False)]
    assert sorted(each.product for each in told[RemoteTools].tools) == ["teamviewer", "ultraviewer"]
    assert found.host == "PC-MOTCUA-01"


def test_nothing_personal_of_an_inventory_is_kept():
    assert "canary" not in repr(inventory.read(GLPI.encode()).told).lower()


def test_an_inventory_without_antivirus_is_silent_about_it():
    without = GLPI[: GLPI.index("<ANTIVIRUS>")] + GLPI[GLPI.index("<SOFTWARES>") :]
    assert not [each for each in inventory.read(without.encode()).told if isinstance(each, Antivirus)]


@pytest.mark.parametrize(
    "data",
    [
        b"", b"<REQUEST/>", b"{}", GLPI.encode()[:900],
        b'<!DOCTYPE a [<!ENTITY x "y">]><REQUEST><CONTENT><HARDWARE><NAME>&x;</NAME></HARDWARE></CONTENT></REQUEST>',
        b"<a>" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_inventory_is_refused(data):
    with pytest.raises(BundleError):
        inventory.read(data)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data):
    for read in (inventory.read, portable.read, lambda given: kaspersky.read(given, 20_000)):
        said = ""
        try:
            said = repr(read(data))
        except BundleError as error:
            said = error.text.vi
        assert said


KSC = "Device,Application,License key,Status,License expiration date,Device control\n"


def test_a_kaspersky_report_tells_licences_and_no_key():
    rows = "PC-01,KES 12,CANARY-KEY,Active,31/12/2026,Enabled\r\nPC-02,KES 12,,Not activated,,Disabled\r\n"
    rows += 'PC-03,KES 12,K,Active,"12/31/2026",\r\nPC-04,KES 12,K,Active,soon,\r\n'
    lines = {line.device: line for line in kaspersky.read((KSC + rows).encode("utf-8-sig"), 20_718)}
    assert (lines["PC-01"].told.kind, lines["PC-01"].told.days_left, lines["PC-01"].control) == (1, 100, True)
    assert (lines["PC-02"].told.kind, lines["PC-02"].control) == (0, False)
    assert lines["PC-03"].told.days_left == 100
    assert (lines["PC-04"].told, lines["PC-04"].control) == (None, None)
    assert "CANARY" not in repr(lines)


def test_a_kaspersky_report_in_vietnamese_with_semicolons_from_excel():
    data = "Thiết bị;Ứng dụng;Ngày hết hạn\nMÁY-01;KES;2026-12-31\n".encode("utf-16")
    assert [(line.device, line.told.days_left) for line in kaspersky.read(data, 20_718)] == [("MÁY-01", 100)]


def test_a_table_that_is_no_report_is_refused():
    with pytest.raises(BundleError):
        kaspersky.read(b"a,b\n1,2\n", 20_000)


def snapshot(name, at, host="uuid-1", rows=()):
    return json.dumps({"snapshot": list(rows), "action": "snapshot", "name": name, "hostIdentifier": host, "unixTime": at}) + "\n"


def test_a_portable_log_gives_the_last_snapshot_of_each_topic():
    log = snapshot("auto_logon", 10, rows=[{"on": "0"}]) + snapshot("auto_logon", 20, rows=[{"on": "1"}]) + snapshot("firewall", "15") + '{"snapshot": [{"cut'
    envelope = portable.read(log.encode())
    assert envelope.results["auto_logon"].rows == [{"on": "1"}]
    assert sorted(envelope.results) == ["auto_logon", "firewall"]
    assert envelope.collected_at == 20_000_000_000


def test_a_log_of_two_pcs_is_refused():
    with pytest.raises(BundleError) as caught:
        portable.read((snapshot("a", 1) + snapshot("a", 2, host="uuid-2")).encode())
    assert "nhiều máy" in caught.value.text.vi
