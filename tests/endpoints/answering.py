"""Rows of three topics, as osquery gives them, and what becomes of them."""

from __future__ import annotations

from model.posture.told import AutoLogon, Bluetooth, Firewall

COLUMNS = {
    "auto_logon": frozenset({"looked", "automatic", "stored"}),
    "bluetooth": frozenset({"looked", "radios", "service"}),
    "firewall": frozenset({"domain", "private", "public", "center"}),
}
ON = {"looked": "1", "radios": "1", "service": "RUNNING"}
OFF = {"looked": "1", "radios": "0", "service": "STOPPED"}
GOOD = {
    "auto_logon": {"looked": "1", "automatic": "1", "stored": "1"},
    "bluetooth": ON,
    "firewall": {"domain": "", "private": "1", "public": "1", "center": "Good"},
}
TOLD = {"auto_logon": AutoLogon(on=True, stored=True), "bluetooth": Bluetooth(on=True), "firewall": Firewall(private=True, public=True, center=True)}
