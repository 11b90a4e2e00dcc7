"""Hostile signatures of reports, journals of openings, and USB devices that lie about themselves."""

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from collector import chain
from collector.decode import usb
from collector.inspection import signature
from collector.refusal import ConfigError
from tests.fuzz.checks import sentence
from tests.fuzz.places import file

_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
_REPORT = b"{}"
_STICK = {
    "idVendor": "0951",
    "idProduct": "1666",
    "serial": "60A44C",
    "product": "x",
    "bInterfaceClass": "08",
    "bInterfaceSubClass": "06",
    "bInterfaceProtocol": "50",
}
SEEDS = (
    signature.signed(_REPORT, _KEY),
    b'{"at":"x","previous":""}\n{"previous":"00"}\n',
    msgspec.json.encode([_STICK, {**_STICK, "bDeviceClass": "09", "bDeviceSubClass": "00", "bDeviceProtocol": "01"}]),
)


def fuzz_one(data: bytes) -> None:
    try:
        signature.checked(_REPORT, data)
    except ConfigError as error:
        sentence(error.text)
    list(chain.checked(file("log.jsonl", data)))
    try:
        attributes = msgspec.json.decode(data, type=list[dict[str, str]])
    except (ValueError, RecursionError):
        return
    found = usb.device_of(attributes[0] if attributes else {}, attributes, lambda text: f"{len(text):016x}")
    assert found is None or (found.name.isprintable() and len(found.name) <= 64)
