"""An inspector's laptop on a commune's network for some seconds: what it heard, what was carried to it, what it looked at, and what it could not have seen."""

from __future__ import annotations

import json
import re
import signal
import sys
import time
from pathlib import Path
from typing import Any

import addresses
import pytest
from lab import Net

from collector.catalogue import load, render
from collector.catalogue.shapes import Province
from collector.simosquery.tables import pc
from collector.simosquery.world import World
from tests.bundles.stick import Stick
from tests.system.program import VONGGAC, ran

pytestmark = pytest.mark.root

ROGUE = "00:14:78:10:20:66"
DECLARED = {
    "site.toml": 'site = "xa-a"\nname = "Xã A"\nlegs = ["can-bo", "sanh"]\n[[zones]]\nleg = "can-bo"\nrole = "staff"\n',
    "dhcp_servers.csv": "leg,ip,mac\ncan-bo,192.168.10.1,a4:f4:c2:10:20:01\n",
    "portals.csv": "id,url\ncong-khac,https://khac.test/\n",
}
BY_HAND = "mục,kết quả,ghi chú,người kiểm tra,ngày\nA,vi phạm,Chưa dán tem,Lê Văn C,14/07/2025\n"
TALK = """
import socket, time
talker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
talker.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
while True:
    talker.sendto(b"talk", ("192.168.10.255", 137))
    time.sleep(0.4)
"""
PAGE = "<html lang=vi><title>Trang thông tin điện tử xã A</title><body><h1>Thủ tục hành chính</h1><p>Tiếp nhận hồ sơ từ thứ hai đến thứ sáu.</p></body></html>"


def written(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


def bundles(folder: Path) -> Path:
    """What an inspector's stick brought from one PC with a blank password, and a file that is none."""
    assert ran("endpoints", "bundle-keys", "--out", folder / "khoa").returncode == 0
    assert ran("endpoints", "stick", "--name", "doan-1", "--keys", folder / "khoa", "--out", folder / "usb").returncode == 0
    rendered, now = render(load(), Province(code="37", government=())), int(time.time())
    world = World(pc(7, now, "blank_password"), rendered.tables)
    asked = ("machine", "interfaces", "accounts", "logon_policy", "auto_logon")
    results = {query.topic: {"status": 0, "rows": world.run(query.sql)} for query in rendered.queries if query.topic in asked and "windows" in query.platforms}
    carried = written(folder / "goi", {"b-hong.vgb": "{"})
    (carried / "a-goi.vgb").write_bytes(Stick(folder / "usb").write(results, number=1, made=now))
    return carried


def test_an_hour_cut_short_still_gives_a_signed_report_that_says_what_it_could_not_see(net: Net, tmp_path: Path) -> None:
    switch = net.segment("lan", flooding=True)
    laptop = net.host("laptop", switch, "192.168.10.9/24")
    web = net.host("cong", switch, "192.168.10.80/24")
    addresses.dnsmasq(net.host("router", switch, "192.168.10.1/24", mac="a4:f4:c2:10:20:01"), {})
    addresses.dnsmasq(net.host("wifi-la", switch, "192.168.10.66/24", mac=ROGUE), {})
    site = written(tmp_path / "trang", {"index.html": PAGE})
    web.popen([sys.executable, "-m", "http.server", "80", "--directory", site]).wait_for("Serving", 30)
    (tmp_path / "tay.csv").write_text(BY_HAND)
    out = tmp_path / "bao-cao"
    what = ["--leg", "can-bo=eth0", "--declared", written(tmp_path / "khai-bao", DECLARED), "--bundle", bundles(tmp_path), "--bundle-keys", tmp_path / "khoa"]
    seen = ["--portals", "http://192.168.10.80/", "--allow", "192.168.10.0/24", "--manual", tmp_path / "tay.csv", "--by", "Lê Văn C", "--out", out]
    program = laptop.popen([VONGGAC, "inspect", "--minutes", "60", *what, *seen], {"XDG_CONFIG_HOME": str(tmp_path / "cau-hinh"), "PYTHONUNBUFFERED": "1"})
    program.wait_for("khung tin", 60)
    addresses.udhcpc(net.host("pc-2", switch, mac="10:b6:76:10:20:32"), "PC-2", "-B")
    program.wait_for("! Máy chủ DHCP ngoài khai báo", 60)
    assert program.stop(signal.SIGINT, grace=60) == 1, program.said()
    assert "Traceback" not in program.said()
    assert "TỪ CHỐI" in program.said()
    (file,) = out.glob("*.json")
    assert_report(json.loads(file.read_text()))
    assert {path.name.removeprefix(file.stem) for path in out.iterdir()} == {".json", ".json.sig", ".html", ".csv"}
    signed = ran("report", "verify", file, "--key", tmp_path / "cau-hinh/vonggac/report.pub")
    assert (signed.returncode, "Lê Văn C" in signed.stdout) == (0, True), signed
    assert_next_compares(tmp_path, file)


def assert_next_compares(folder: Path, first: Path) -> None:
    """The next inspection by the same people: the PC is the same PC, and of what was not looked at nobody says that it is over."""
    again = ["inspect", "--bundle", folder / "goi/a-goi.vgb", "--bundle-keys", folder / "khoa", "--previous", first, "--out", folder / "lan-2"]
    home = {"XDG_CONFIG_HOME": str(folder / "cau-hinh")}
    wrong = ran(*again, "--site", "xa-b", env=home)
    assert (wrong.returncode, "là của điểm “xa-a”" in wrong.stderr) == (1, True)
    right = ran(*again, "--site", "xa-a", env=home)
    assert right.returncode == 0, right
    (file,) = (folder / "lan-2").glob("*.json")
    before, told = json.loads(first.read_text()), json.loads(file.read_text())
    numbers = {entry["detector"]: entry["number"] for entry in before["findings"]}
    assert told["comparison"]["still"] == [numbers["VG-END-04"]]
    assert [each["number"] for each in told["comparison"]["gone"]] == [numbers["VG-NET-04"]]
    assert told["comparison"]["closed"] == []


def test_two_sockets_of_one_switch_are_told_while_the_inspector_stands_there(net: Net, tmp_path: Path) -> None:
    switch, laptop = net.segment("lan", flooding=True), net.space("laptop")
    staff, citizens = switch.leg(laptop), switch.leg(laptop)
    for last, mac in ((21, "10:b6:76:10:20:21"), (22, "10:b6:76:10:20:22")):
        net.host(f"may-{last}", switch, f"192.168.10.{last}/24", mac=mac).popen([sys.executable, "-c", TALK])
    legs = ["--leg", f"can-bo={staff.interface}", "--leg", f"nguoi-dan={citizens.interface}", "--minutes", "60", "--out", tmp_path]
    program = laptop.popen([VONGGAC, "inspect", *legs], {"XDG_CONFIG_HOME": str(tmp_path), "PYTHONUNBUFFERED": "1"})
    program.wait_for("! Cán bộ và người dân dùng chung mạng", 60)
    assert program.stop(signal.SIGINT, grace=60) == 0, program.said()
    (file,) = tmp_path.glob("*.json")
    told = json.loads(file.read_text())
    (shared,) = (entry for entry in told["findings"] if entry["detector"] == "VG-NET-01")
    # One device heard on both is told at once; two make it sure, and the inspector may not have waited for the second.
    assert (shared["grade"], shared["severity"]) in {("likely", "medium"), ("confirmed", "high")}
    assert shared["number"] in told["rows"][0]["findings"]


def assert_report(told: dict[str, Any]) -> None:
    """What stands in it, and that none of the fifteen rows is without its limits."""
    rows = {row["number"]: row for row in told["rows"]}
    assert (told["site"], told["source"], told["inspector"], told["box"]) == ("xa-a", "laptop", "Lê Văn C", "")
    found = {(entry["detector"], entry["address"] or entry["subject"]) for entry in told["findings"] if entry["state"] == "open"}
    assert ("VG-NET-04", "192.168.10.66") in found
    assert "VG-END-04" in {detector for detector, _ in found}
    assert rows[7]["counts"]["violation"] == 1
    assert all(row["unseen"] for row in rows.values())
    reasons = {number: " ".join(each["reason"]["vi"] for each in row["unseen"]) for number, row in rows.items()}
    assert re.search(r"Chỉ nghe \d+ giây ở chân mạng can-bo, dừng sớm; chưa kịp biết", reasons[1])
    assert "Chỉ xét 1 máy tính có gói trả lời được nhập; máy khác chưa biết. 1 tệp bị từ chối." in reasons[5]
    assert "USB của máy xách tay không được xét" in reasons[3]
    assert "trên 1 cổng được nêu" in reasons[4]
    assert "không gửi thăm dò" in reasons[13]
    assert (rows[4]["counts"]["clear"], rows[14]["counts"]["clear"]) == (0, 0)
    legs = {leg["leg"]: leg for leg in told["response"]["watched"]}
    assert legs["sanh"]["last"] is None
    assert legs["can-bo"]["last"] is not None
    assert [each["note"] for each in told["manual"]] == ["Chưa dán tem"]
