"""A Windows PC that is as it should be, as rows of osquery's tables, and faults that can be put into it. Vietnamese Windows: names of groups are localised."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final

Tables = dict[str, list[dict[str, Any]]]

_HKLM: Final = "HKEY_LOCAL_MACHINE\\"
_USER: Final = "S-1-5-21-1004336348-1177238915-682003330-1001"
_BUILTIN: Final = "S-1-5-21-1004336348-1177238915-682003330-500"
_HOME: Final = "C:\\Users\\lan"
_FACTS: Final = "SOFTWARE\\VongGac\\Facts"
_WINLOGON: Final = "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon"
_CURRENT: Final = "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion"
_FIREWALL: Final = "SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy"
_CONNECT: Final = "SOFTWARE\\Policies\\Microsoft\\Windows\\Connect"
_POLICIES: Final = "SOFTWARE\\Policies"


def registry(tables: Tables, key: str, name: str, data: object) -> None:
    """Writes one value; what stood there is gone."""
    whole = _HKLM + key
    rows = tables["registry"]
    rows[:] = [row for row in rows if row["path"] != f"{whole}\\{name}"]
    rows.append({"key": whole, "path": f"{whole}\\{name}", "name": name, "type": "REG_SZ", "data": str(data), "mtime": "0"})


def forget(tables: Tables, key: str, name: str) -> None:
    """Takes one value away."""
    tables["registry"][:] = [row for row in tables["registry"] if row["path"] != f"{_HKLM}{key}\\{name}"]


def file(tables: Tables, path: str, size: int, mtime: int, **more: object) -> None:
    """Puts a file there."""
    folder, _, name = path.rpartition("\\")
    tables["file"].append({"path": path, "directory": folder, "filename": name, "size": size, "mtime": mtime, "type": "regular", **more})


def clean(number: int, now: int) -> Tables:
    """The PC with this number (1 to 65,535) at `now`, seconds since 1970: everything that is looked at is as it should be."""
    tables: Tables = {name: rows() for name, rows in _EMPTY.items()}
    tables.update(_system(number, now))
    tables.update(_people())
    tables.update(_protection(now))
    _settings(tables, now)
    for browser in ("C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe", "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe"):
        file(tables, browser, 2_000_000, now - 9 * 86_400)
    tables["file"].append({"path": _HOME, "directory": "C:\\Users", "filename": "lan", "size": 0, "mtime": now, "type": "directory"})
    for place in ("Desktop", "Downloads", "Documents", "Pictures"):
        tables["file"].append({"path": f"{_HOME}\\{place}", "directory": _HOME, "filename": place, "size": 0, "mtime": now, "type": "directory"})
    return tables


_EMPTY: Final[Mapping[str, Callable[[], list[dict[str, Any]]]]] = MappingProxyType(
    dict.fromkeys(
        ("registry", "file", "scheduled_tasks", "process_open_sockets", "shared_resources", "windows_optional_features", "ntdomains", "patches"), list
    )
)


def _system(number: int, now: int) -> Tables:
    mac = f"d4:be:d9:00:{number >> 8:02x}:{number & 255:02x}"
    card = {"mac": mac, "type": 6, "physical_adapter": 1, "description": "Intel(R) Ethernet Connection I219-LM"}
    return {
        "os_version": [{
            "name": "Microsoft Windows 11 Pro", "version": "10.0.26200", "build": "26200", "revision": 7171, "platform": "windows", "arch": "64-bit",
            "install_date": now - 400 * 86_400,
        }],
        "system_info": [{
            "uuid": f"4C4C4544-0000-1000-8000-{number:012X}", "cpu_brand": "Intel(R) Core(TM) i5-10500", "cpu_physical_cores": 6, "physical_memory": 8 << 30,
            "hardware_vendor": "Dell Inc.", "hardware_model": "OptiPlex 3080", "hardware_serial": f"SN{number:06d}", "hostname": f"PC-{number:03d}",
        }],
        "interface_details": [card, {**card, "mac": "00:50:56:c0:00:08", "description": "VMware Virtual Ethernet Adapter for VMnet8"}],
        "logical_drives": [{"device_id": "C:", "size": 256 << 30, "free_space": 100 << 30}],
        "bitlocker_info": [{"drive_letter": "C:", "protection_status": 1}],
        "osquery_info": [{"version": "5.23.0"}],
        "osquery_schedule": [{"name": "working", "denylisted": 0}],
        "time": [{"unix_time": now}],
        "etc_hosts": [{"address": "127.0.0.1", "hostnames": "localhost"}],
        "programs": [
            {"name": "Google Chrome", "version": "142.0", "publisher": "Google LLC"}, {"name": "7-Zip", "version": "24.08", "publisher": "Igor Pavlov"},
        ],
        "drivers": [{"device_id": "PCI\\VEN_8086&DEV_0D4C\\3&11583659&0&FE", "class": "Net", "service": "e1dexpress", "description": "Intel(R) I219-LM"}],
    }  # fmt: skip


def _people() -> Tables:
    return {
        "users": [
            {"uid": 1001, "gid": 513, "username": "lan.nguyen", "uuid": _USER, "type": "local", "directory": _HOME},
            {"uid": 500, "gid": 513, "username": "Administrator", "uuid": _BUILTIN, "type": "local", "directory": ""},
        ],
        "groups": [
            {"gid": 544, "groupname": "Người quản trị", "group_sid": "S-1-5-32-544"},
            {"gid": 545, "groupname": "Người dùng", "group_sid": "S-1-5-32-545"},
        ],
        "user_groups": [{"uid": 1001, "gid": 545}, {"uid": 500, "gid": 544}],
        "logged_in_users": [{"type": "active", "user": "lan.nguyen", "tty": "Console", "host": "", "time": 0, "pid": 700, "sid": _USER}],
        "security_profile_info": [{
            "minimum_password_length": 10, "password_complexity": 1, "lockout_bad_count": 5, "enable_guest_account": 0, "clear_text_password": 0,
        }],
    }  # fmt: skip


def _protection(now: int) -> Tables:
    names = ("WinDefend", "wuauserv", "UsoSvc", "bthserv", "EventLog")
    services = [{"name": name, "status": "RUNNING", "start_type": "AUTO_START", "display_name": name} for name in names if name != "bthserv"]
    services.append({"name": "bthserv", "status": "STOPPED", "start_type": "DEMAND_START", "display_name": "Bluetooth"})
    return {
        "windows_security_products": [{"type": "Antivirus", "name": "Windows Defender", "state": "On", "signatures_up_to_date": 1}],
        "windows_security_center": [{"firewall": "Good", "antivirus": "Good", "autoupdate": "Good"}],
        "services": services,
        "processes": [{"pid": 700, "name": "explorer.exe", "path": "C:\\Windows\\explorer.exe"}],
        "listening_ports": [{"pid": 4, "port": 445, "protocol": 6}],
        "windows_firewall_rules": [
            {"name": "Core Networking", "enabled": 1, "direction": "In", "action": "Allow", "protocol": "UDP", "local_ports": "68", "grouping": "core"},
        ],
        "windows_update_history": [{
            "date": now - 8 * 86_400, "operation": "Installation", "result_code": "Succeeded",
            "title": "2026-11 Cumulative Update for Windows 11 Version 25H2 for x64-based Systems (KB5070000)",
        }],
    }  # fmt: skip


def _settings(tables: Tables, now: int) -> None:
    for key, values in _SETTINGS.items():
        for name, data in values.items():
            registry(tables, key, name, data)
    registry(tables, _FACTS, "written", now - 3_600)


_SETTINGS: Final[Mapping[str, Mapping[str, object]]] = MappingProxyType({
    _CURRENT: {"EditionID": "Professional", "InstallationType": "Client"},
    f"{_CURRENT}\\SoftwareProtectionPlatform": {"BackupProductKeyDefault": ""},
    _WINLOGON: {"AutoAdminLogon": "0"},
    "SYSTEM\\CurrentControlSet\\Control\\Lsa": {"LimitBlankPasswordUse": 1},
    "SYSTEM\\CurrentControlSet\\Services\\USBSTOR": {"Start": 4},
    f"{_POLICIES}\\Microsoft\\Windows\\RemovableStorageDevices": {"Deny_All": 1},
    f"{_POLICIES}\\Google\\Chrome": {"PasswordManagerEnabled": 0, "SyncDisabled": 1, "BrowserSignin": 0},
    f"{_POLICIES}\\Microsoft\\Edge": {"PasswordManagerEnabled": 0, "SyncDisabled": 1, "BrowserSignin": 0},
    f"{_FIREWALL}\\DomainProfile": {"EnableFirewall": 1},
    f"{_FIREWALL}\\StandardProfile": {"EnableFirewall": 1},
    f"{_FIREWALL}\\PublicProfile": {"EnableFirewall": 1},
    "SYSTEM\\CurrentControlSet\\Control\\Terminal Server": {"fDenyTSConnections": 1},
    "SYSTEM\\CurrentControlSet\\Control\\Terminal Server\\WinStations\\RDP-Tcp": {"UserAuthentication": 1},
    "SYSTEM\\CurrentControlSet\\Control\\Remote Assistance": {"fAllowToGetHelp": 0},
    "SYSTEM\\CurrentControlSet\\Services\\LanmanServer\\Parameters": {"SMB1": 0},
    "SYSTEM\\CurrentControlSet\\Enum\\USB": {"": ""},
    _CONNECT: {"AllowProjectionToPC": 0},
    "SOFTWARE\\Microsoft\\PlayToReceiver": {"AutoEnabled": 0},
    _FACTS: {
        "contract": 1, "accounts.enabled": 1, "accounts.generic": 0, "accounts.blank": 0, "accounts.unset": 0, "windows.status": 1, "windows.channel": "Retail",
        "windows.left": 0, "windows.server": "", "firefox.government": 0, "firefox.others": 0, "firefox.synced": 0, "chrome.inside": 0, "chrome.outside": 0,
        "projecting.receiver": 0,
    },
})  # fmt: skip


def _no_antivirus(tables: Tables, _now: int) -> None:
    tables["windows_security_products"].clear()
    tables["windows_security_center"][0]["antivirus"] = "Poor"
    tables["services"][:] = [row for row in tables["services"] if row["name"] != "WinDefend"]


def _saved_passwords(tables: Tables, now: int) -> None:
    tables["vg_chrome_logins"] = [{"logins": "7", "government": "3", "path": f"{_HOME}\\AppData\\Local\\Google\\Chrome\\User Data\\Default\\Login Data"}]
    file(tables, f"{_HOME}\\AppData\\Local\\Google\\Chrome\\User Data\\Default\\Login Data", 40_960, now)


def _blank_password(tables: Tables, _now: int) -> None:
    registry(tables, _FACTS, "accounts.blank", 1)


def _unlicensed(tables: Tables, _now: int) -> None:
    registry(tables, _FACTS, "windows.status", 5)


def _piracy_tool(tables: Tables, now: int) -> None:
    file(tables, "C:\\Windows\\AutoKMS\\AutoKMS.exe", 900_000, now - 90 * 86_400)
    tables["services"].append({"name": "KMService", "status": "RUNNING", "start_type": "AUTO_START", "display_name": "KMService"})


def _unpatched(tables: Tables, now: int) -> None:
    tables["os_version"][0].update(revision=6584)
    tables["windows_update_history"][0]["date"] = now - 500 * 86_400


def _daily_admin(tables: Tables, _now: int) -> None:
    tables["user_groups"].append({"uid": 1001, "gid": 544})


def _ultraviewer(tables: Tables, _now: int) -> None:
    tables["programs"].append({"name": "UltraViewer version 6.6", "version": "6.6.121", "publisher": "DucFabulous"})
    tables["services"].append({"name": "UltraViewService", "status": "RUNNING", "start_type": "AUTO_START", "display_name": "UltraViewer"})


def _documents(tables: Tables, now: int) -> None:
    for number in range(12):
        file(tables, f"{_HOME}\\Desktop\\cccd mặt trước {number} canary 079123456789.jpg", 300_000, now - (20 + number) * 86_400)


def _no_firewall(tables: Tables, _now: int) -> None:
    registry(tables, f"{_FIREWALL}\\PublicProfile", "EnableFirewall", 0)
    tables["windows_security_center"][0]["firewall"] = "Poor"


def _projecting(tables: Tables, _now: int) -> None:
    registry(tables, _FACTS, "projecting.receiver", 1)
    registry(tables, _CONNECT, "AllowProjectionToPC", 1)
    registry(tables, _CONNECT, "RequirePinForPairing", 0)
    tables["listening_ports"].append({"pid": 900, "port": 7236, "protocol": 6})


def _no_device_control(tables: Tables, _now: int) -> None:
    registry(tables, "SYSTEM\\CurrentControlSet\\Services\\USBSTOR", "Start", 3)
    forget(tables, f"{_POLICIES}\\Microsoft\\Windows\\RemovableStorageDevices", "Deny_All")


def _automatic_logon(tables: Tables, _now: int) -> None:
    registry(tables, _WINLOGON, "AutoAdminLogon", 1)
    registry(tables, _WINLOGON, "DefaultPassword", "canary-mat-khau")


# What is put in, and the rule that must tell of it.
FAULTS: Final[Mapping[str, tuple[str, Callable[[Tables, int], None]]]] = MappingProxyType({
    "no_device_control": ("VG-END-01", _no_device_control),
    "no_antivirus": ("VG-END-02", _no_antivirus),
    "saved_passwords": ("VG-END-03", _saved_passwords),
    "blank_password": ("VG-END-04", _blank_password),
    "automatic_logon": ("VG-END-04", _automatic_logon),
    "unlicensed": ("VG-END-05", _unlicensed),
    "piracy_tool": ("VG-END-05", _piracy_tool),
    "unpatched": ("VG-END-06", _unpatched),
    "daily_admin": ("VG-END-07", _daily_admin),
    "ultraviewer": ("VG-END-08", _ultraviewer),
    "documents": ("VG-END-09", _documents),
    "no_firewall": ("VG-END-10", _no_firewall),
    "projecting": ("VG-END-11", _projecting),
})  # fmt: skip


def pc(number: int, now: int, *faults: str) -> Tables:
    """The PC with these faults."""
    tables = clean(number, now)
    for fault in faults:
        FAULTS[fault][1](tables, now)
    return tables


def local_noon(day: str) -> int:
    """Noon of `yyyy-mm-dd` in Viet Nam, seconds since 1970."""
    return int(datetime.fromisoformat(f"{day}T05:00:00").replace(tzinfo=UTC).timestamp())
