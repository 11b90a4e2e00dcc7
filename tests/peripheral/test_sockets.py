"""The sensor of the box's USB sockets on umockdev's bus: real pyudev, real libudev, devices that are made up."""

from __future__ import annotations

import json

STICK = {
    "port": "1-1",
    "attributes": {"idVendor": "0951", "idProduct": "1666", "serial": "SERIAL-079123456789", "product": "DataTraveler 3.0"},
    "interfaces": ["08:06:50"],
}
TOKEN = {"port": "1-2", "attributes": {"idVendor": "096E", "idProduct": "0807", "product": "ePass"}, "interfaces": ["0b:00:00"]}
HUB = {"port": "usb1", "attributes": {"idVendor": "1d6b", "idProduct": "0002", "bDeviceClass": "09"}, "interfaces": ["09:00:00"]}


def test_what_is_there_at_the_start_is_told_and_a_hub_is_not(bench):
    bench.order(add=HUB)
    bench.order(add=STICK)
    bench.start()
    told = bench.next()
    assert (told["fact"], told["device"]["usb"], told["device"]["kind"], told["port"], told["there"]) == ("peripheral", "0951:1666", "storage", "1-1", True)
    listed = bench.next()
    assert (listed["fact"], listed["there"]) == ("sockets_listed", [f"0951:1666|{told['device']['serial']}"])
    assert bench.next()["fact"] == "sensor"


def test_what_is_plugged_in_and_taken_out_is_told_with_its_interfaces_and_no_serial(bench):
    bench.start()
    assert bench.next()["there"] == []
    assert bench.next()["state"] == "running"
    bench.order(add=TOKEN)
    bench.order(add=STICK)
    arrivals = [bench.next(), bench.next()]
    assert [(each["device"]["kind"], each["device"]["interfaces"]) for each in arrivals] == [("token", ["0b:00:00"]), ("storage", ["08:06:50"])]
    assert "079123456789" not in json.dumps(arrivals)
    assert arrivals[1]["device"]["serial"].startswith("mark")
    bench.order(remove="1-1")
    left = bench.next()
    assert (left["device"]["usb"], left["there"]) == ("0951:1666", False)


def test_of_two_alike_without_a_serial_number_the_last_that_leaves_is_told(bench):
    bench.start()
    assert [bench.next()["fact"] for _ in range(2)] == ["sockets_listed", "sensor"]
    for port in ("1-2", "1-3"):
        bench.order(add={**TOKEN, "port": port})
        assert bench.next()["port"] == port
    bench.order(remove="1-2")
    bench.order(remove="1-3")
    left = bench.next()
    assert (left["port"], left["there"]) == ("1-3", False)
