"""Run by the system's python under umockdev-wrapper: a bus of made-up devices, moved by lines on the standard input, our sensor beside it."""

import json
import subprocess
import sys

import gi

gi.require_version("UMockdev", "1.0")
from gi.repository import UMockdev  # noqa: E402 - the version must be named first


def pairs(values: dict) -> list:
    return [text for pair in values.items() for text in pair]


def add(bed, given: dict) -> None:
    path = bed.add_device("usb", given["port"], None, pairs(given["attributes"]), ["DEVTYPE", "usb_device"])
    paths[given["port"]] = path
    for number, triple in enumerate(given["interfaces"]):
        names = dict(zip(("bInterfaceClass", "bInterfaceSubClass", "bInterfaceProtocol"), triple.split(":"), strict=True))
        bed.add_device("usb", f"{given['port']}:1.{number}", path, pairs(names), ["DEVTYPE", "usb_interface"])
    bed.uevent(path, "bind")


def remove(bed, port: str) -> None:
    path = paths.pop(port)
    bed.uevent(path, "remove")
    bed.remove_device(path)


paths: dict = {}
testbed = UMockdev.Testbed.new()
for line in sys.stdin:
    order = json.loads(line)
    if "start" in order:
        child = subprocess.Popen(order["start"])
    elif "add" in order:
        add(testbed, order["add"])
    elif "remove" in order:
        remove(testbed, order["remove"])
child.terminate()
sys.exit(child.wait())
