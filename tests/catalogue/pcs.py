"""Made-up PCs: osquery's tables in SQLite with the rows of a Windows or Linux PC, asked by the real questions and read by the real decoder."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from functools import cache

from collector.catalogue import Province, load, render
from collector.catalogue.schema import database, schema
from collector.decode.posture.answers import answers
from collector.decode.posture.envelope import Context, Envelope, Result
from model.times import SECOND, day_of

NOW = int(datetime(2026, 11, 20, 2, 0, tzinfo=UTC).timestamp())
TODAY = day_of(NOW * SECOND)
DAY = 86_400
HKLM = "HKEY_LOCAL_MACHINE"
CURRENT = rf"{HKLM}\SOFTWARE\Microsoft\Windows NT\CurrentVersion"
FACTS = rf"{HKLM}\SOFTWARE\VongGac\Facts"
USER_SID = "S-1-5-21-3623811015-3361044348-30300820-1013"
ADMIN_SID = "S-1-5-21-3623811015-3361044348-30300820-500"


@cache
def rendered():
    return render(load(), Province(code="34", government=("motcua.tinh34.vn", "dichvucong.tinh34.gov.vn")))


@cache
def questions(platform):
    return {query.topic: query for query in rendered().queries if platform in query.platforms}


def mark(text):
    return hashlib.blake2s(text.encode(), key=b"site", digest_size=8).hexdigest()


def told(envelope_results, at=NOW * SECOND, collected=0, columns=None, source="osquery"):
    columns = columns or {query.topic: query.columns for query in rendered().queries}
    context = Context(pc="pc-01", site="xa", at=at, source=source, mark=mark)
    return answers(Envelope(host="MAY-CUA-LAN", collected_at=collected, catalogue_version="2026.11.22.1", results=envelope_results), columns, context)


class Pc:
    """One PC; a table that was not filled is empty."""

    def __init__(self, platform="windows"):
        self.platform = platform
        self.db = database(platform, [store for store in rendered().tables if store.platform == platform])

    def put(self, table, **cells):
        names, holes = ", ".join(f'"{name}"' for name in cells), ", ".join("?" for _ in cells)
        self.db.execute(f'INSERT INTO "{table}" ({names}) VALUES ({holes})', tuple(cells.values()))

    def reg(self, path, data, kind="REG_SZ"):
        key, _, name = path.rpartition("\\")
        self.put("registry", key=key, path=path, name=name, type=kind, data=str(data), mtime=NOW)

    def facts(self, **values):
        for name, data in values.items():
            self.reg(rf"{FACTS}\{name.replace('__', '.')}", data)

    def file(self, path, size=1000, age=0, kind="regular", original=""):
        folder, _, name = path.rpartition("\\")
        self.put("file", path=path, directory=folder, filename=name, size=size, mtime=NOW - age * DAY, type=kind, original_filename=original)

    def service(self, name, status="RUNNING", start="AUTO_START"):
        self.put("services", name=name, status=status, start_type=start, display_name=f"Dịch vụ {name}")

    def rows(self, topic):
        """As osquery sends them: everything text, NULL empty."""
        cursor = self.db.execute(questions(self.platform)[topic].sql)
        names = [column[0] for column in cursor.description]
        return [{name: "" if cell is None else str(cell) for name, cell in zip(names, row, strict=True)} for row in cursor]

    def fact(self, topic):
        (fact,) = told({topic: Result(rows=self.rows(topic))}).facts
        return fact

    def told(self, topic):
        fact = self.fact(topic)
        assert fact.trouble == "", fact.trouble
        return fact.told


def office_pc():
    """A Vietnamese Windows 11 in a good state: localised names of groups and services, an accented user name, everything switched as it should be."""
    pc = Pc()
    pc.put("time", unix_time=NOW)
    pc.put("os_version", name="Microsoft Windows 11 Pro", build="26100", revision=6899, arch="64-bit", platform="windows", install_date=NOW - 400 * DAY)
    pc.put(
        "system_info", hostname="MAY-CUA-LAN", computer_name="MAY-CUA-LAN", uuid="4C4C4544-0042-3510-8052-B9C04F4D3732",
        cpu_brand="Intel(R) Core(TM) i5-10400 CPU", cpu_physical_cores=6, physical_memory=str(8 << 30),
        hardware_vendor="Dell Inc.", hardware_model="OptiPlex 3080", hardware_serial="B5RTM72",
    )  # fmt: skip
    pc.put("osquery_info", version="5.23.0")
    pc.reg(rf"{CURRENT}\EditionID", "Professional")
    pc.reg(rf"{CURRENT}\InstallationType", "Client")
    cards(pc)
    pc.put("logical_drives", device_id="C:", size=str(256_060_514_304), free_space=str(90 << 30))
    pc.put("bitlocker_info", drive_letter="C:", protection_status=1)
    guarded(pc)
    people(pc)
    pc.put("programs", name="Microsoft Edge", version="140.0", publisher="Microsoft Corporation")
    pc.put("processes", pid=1, name="explorer.exe", path=r"C:\Windows\explorer.exe")
    pc.put("listening_ports", port=445, protocol=6, family=2, address="0.0.0.0", pid=4)
    pc.put("scheduled_tasks", name="GoogleUpdateTaskMachineUA", path=r"\GoogleUpdate", enabled=1)
    pc.put("shared_resources", name="C$", type=2147483648, path="C:\\")
    pc.put("windows_optional_features", name="SMB1Protocol", state=2)
    pc.reg(rf"{HKLM}\SYSTEM\CurrentControlSet\Services\LanmanServer\Parameters\EnableSecuritySignature", 0)
    pc.put(
        "windows_update_history",
        title="2026-11 Bản cập nhật tích lũy dành cho Windows 11 (KB5068861)",
        date=NOW - 8 * DAY,
        operation="Installation",
        result_code="Succeeded",
    )
    pc.put("drivers", device_id=r"ACPI\PNP0A08\0", **{"class": "System"})
    pc.reg(rf"{HKLM}\SYSTEM\CurrentControlSet\Enum\USB\ROOT_HUB30", "", "subkey")
    pc.reg(rf"{HKLM}\SYSTEM\CurrentControlSet\Services\USBSTOR\Start", 4)
    pc.reg(rf"{HKLM}\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\Explorer\NoDriveTypeAutoRun", 255)
    pc.reg(rf"{CURRENT}\SoftwareProtectionPlatform\VLActivationInterval", 120)
    return pc


def cards(pc):
    for mac, physical, description in (
        ("10:b6:76:10:20:21", 1, "Realtek PCIe GbE Family Controller"),
        ("10:b6:76:10:20:22", 1, "Intel(R) Wi-Fi 6 AX201 160MHz"),
        ("00:50:56:c0:00:08", 1, "Bộ điều hợp VMnet8"),
        ("00:15:5d:01:02:03", 1, "Hyper-V Virtual Ethernet Adapter"),
        ("00:ff:aa:bb:cc:dd", 1, "TAP-Windows Adapter V9"),
        ("02:42:ac:11:00:02", 1, "docker0"),
        ("aa:11:22:33:44:55", 1, "Microsoft Wi-Fi Direct Virtual Adapter"),
        ("10:b6:76:10:20:25", 0, "WAN Miniport (IP)"),
    ):
        pc.put("interface_details", mac=mac, physical_adapter=physical, description=description, interface="7")


def guarded(pc):
    pc.put("windows_security_center", antivirus="Good", firewall="Good", autoupdate="Good")
    pc.put("windows_security_products", type="Antivirus", name="Kaspersky Endpoint Security for Windows", state="On", signatures_up_to_date=1)
    pc.put("windows_security_products", type="Firewall", name="Windows Firewall", state="On", signatures_up_to_date=1)
    for name in ("WinDefend", "AVP21.17", "wuauserv", "UsoSvc"):
        pc.service(name, start="DEMAND_START")
    pc.put("programs", name="Kaspersky Endpoint Security for Windows", version="12.6.0.438", publisher="AO Kaspersky Lab")
    data = rf"{HKLM}\SOFTWARE\WOW6432Node\KasperskyLab\protected\KES.21.17\Data"
    for name, value in (("LicKeyType", 2), ("LicDaysTillExpiration", 200), ("LastSuccessfulUpdate", NOW - DAY)):
        pc.reg(rf"{data}\{name}", value, "REG_DWORD")
    policy = rf"{HKLM}\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy"
    for profile in ("DomainProfile", "StandardProfile", "PublicProfile"):
        pc.reg(rf"{policy}\{profile}\EnableFirewall", 1)
    pc.put(
        "windows_firewall_rules",
        enabled=1,
        direction="In",
        action="Allow",
        app_name=r"C:\zalo.exe",
        protocol="Any",
        local_ports="*",
        remote_addresses="*",
        profile_public=1,
    )


def people(pc):
    """The groups' names are Windows' own in Vietnamese where it translates them: only identifiers are asked for."""
    pc.put("groups", gid=544, groupname="Quản trị viên", group_sid="S-1-5-32-544")
    pc.put("groups", gid=545, groupname="Người dùng", group_sid="S-1-5-32-545")
    home = r"C:\Users\Nguyễn Thị Lan"
    pc.put("users", uid=1013, username="Nguyễn Thị Lan", uuid=USER_SID, type="local", directory=home, description="Lan, một cửa")
    pc.put("users", uid=500, username="Administrator", uuid=ADMIN_SID, type="local", directory="")
    pc.put("user_groups", uid=1013, gid=545)
    pc.put("user_groups", uid=500, gid=544)
    pc.put("logged_in_users", type="active", user="Nguyễn Thị Lan", sid=USER_SID, tty="Console", host="")
    pc.reg(rf"{CURRENT}\Winlogon\Shell", "explorer.exe")
    pc.reg(rf"{CURRENT}\Winlogon\AutoAdminLogon", "0")
    pc.put("security_profile_info", minimum_password_length=8, password_complexity=1, lockout_bad_count=5, enable_guest_account=0, clear_text_password=0)
    pc.reg(rf"{HKLM}\SYSTEM\CurrentControlSet\Control\Lsa\LimitBlankPasswordUse", 1)
    pc.reg(rf"{HKLM}\SYSTEM\CurrentControlSet\Control\Terminal Server\fDenyTSConnections", 1)
    pc.reg(rf"{HKLM}\SYSTEM\CurrentControlSet\Control\Remote Assistance\fAllowToGetHelp", 0)
    pc.file(home, kind="directory")
    pc.file(rf"{home}\Desktop", kind="directory")
    pc.file(rf"{home}\Documents\Báo cáo tháng 11.docx", age=3)


def bad_pc():
    """The same PC with everything wrong that the questions look for."""
    pc = Pc()
    pc.put("time", unix_time=NOW)
    pc.put("os_version", name="Microsoft Windows 10 Pro", build="19045", revision=2965, arch="64-bit", platform="windows", install_date=NOW - 900 * DAY)
    pc.put(
        "system_info",
        uuid="00000000-0000-0000-0000-000000000000",
        cpu_brand="Intel Pentium G4400",
        hardware_serial="To be filled by O.E.M.",
        hardware_vendor="ASUS",
    )
    pc.put("osquery_info", version="5.23.0")
    pc.reg(rf"{CURRENT}\EditionID", "Professional")
    pc.put("osquery_schedule", name="remote_tools", denylisted=1)
    pc.put("osquery_schedule", name="may_cua_Lan", denylisted=1)
    unguarded(pc)
    wide_open(pc)
    plugged(pc)
    browsers(pc)
    papers(pc)
    cracked(pc)
    return pc


def unguarded(pc):
    pc.put("windows_security_center", antivirus="Poor", firewall="Poor")
    pc.put("windows_security_products", type="Antivirus", name="Windows Defender", state="Off", signatures_up_to_date=0)
    pc.put("windows_security_products", type="Antivirus", name="Kaspersky Free", state="Expired", signatures_up_to_date=0)
    pc.service("AVP21.3", status="STOPPED")
    pc.service("wuauserv", status="STOPPED", start="DISABLED")
    pc.reg(rf"{HKLM}\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate\AU\NoAutoUpdate", 1)
    pc.put("patches", hotfix_id="KB5026435", installed_on="6/14/2023", description="Security Update")
    pc.put("patches", hotfix_id="KB5022502", installed_on="25/12/2022", description="Security Update")
    pc.put("patches", hotfix_id="KB9999999", installed_on="1/1/2035", description="Security Update")
    pc.put("patches", hotfix_id="KB5000000", installed_on="", description="Update")
    policy = rf"{HKLM}\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy"
    for profile, on in (("DomainProfile", 1), ("StandardProfile", 1), ("PublicProfile", 0)):
        pc.reg(rf"{policy}\{profile}\EnableFirewall", on)
    hole = {"enabled": 1, "direction": "In", "action": "Allow", "protocol": "Any", "app_name": "", "local_ports": "", "remote_addresses": "*"}
    pc.put("windows_firewall_rules", name="mở hết", profile_public=1, **hole)
    pc.put("windows_firewall_rules", name="mở hết 2", profile_public=0, **hole)
    pc.put("windows_firewall_rules", name="tắt", profile_public=1, **(hole | {"enabled": 0}))
    pc.put("windows_firewall_rules", name="Store", grouping="@{Microsoft.WindowsStore}", profile_public=1, **hole)


def wide_open(pc):
    pc.put("groups", gid=544, groupname="Quản trị viên", group_sid="S-1-5-32-544")
    pc.put("users", uid=1013, username="motcua2", uuid=USER_SID, type="local", directory=r"C:\Users\motcua2")
    pc.put("user_groups", uid=1013, gid=544)
    pc.put("logged_in_users", type="active", user="motcua2", sid=USER_SID, tty="RDP-Tcp#3", host="10.0.0.9")
    pc.reg(rf"{CURRENT}\Winlogon\AutoAdminLogon", "1")
    pc.reg(rf"{CURRENT}\Winlogon\DefaultPassword", "Matkhau@123")
    pc.reg(rf"{CURRENT}\Winlogon\DefaultUserName", "motcua2")
    pc.put("security_profile_info", minimum_password_length=0, password_complexity=0, lockout_bad_count=0, enable_guest_account=1, clear_text_password=0)
    pc.put("ntdomains", domain_name="", dns_forest_name="")
    pc.facts(written=NOW - DAY, accounts__enabled=3, accounts__generic=2, accounts__blank=1, accounts__unset=1)
    pc.reg(rf"{HKLM}\SYSTEM\CurrentControlSet\Control\Terminal Server\fDenyTSConnections", 0)
    pc.reg(rf"{HKLM}\SYSTEM\CurrentControlSet\Control\Terminal Server\WinStations\RDP-Tcp\UserAuthentication", 0)
    pc.reg(rf"{HKLM}\SYSTEM\CurrentControlSet\Control\Remote Assistance\fAllowToGetHelp", 1)
    for port in (3389, 7236):
        pc.put("listening_ports", port=port, protocol=6, family=2, address="0.0.0.0", pid=900)
    pc.service("TeamViewer")
    pc.service("UltraViewService", status="STOPPED")
    pc.service("RServer3")
    pc.put("programs", name="TeamViewer 15", version="15.60.3", publisher="TeamViewer")
    pc.put("programs", name="UltraViewer phiên bản 6.6.124", version="6.6.124", publisher="DucFabulous")
    pc.put("processes", pid=20, name="TeamViewer_Desktop.exe", path=r"C:\Program Files\TeamViewer\TeamViewer_Desktop.exe")
    pc.put("processes", pid=21, name="rserver3.exe", path=r"C:\Windows\SysWOW64\rserver30\rserver3.exe")
    pc.put("processes", pid=22, name="AnyDesk.exe", path=r"C:\Users\motcua2\Downloads\AnyDesk.exe")
    pc.put("process_open_sockets", pid=21, state="ESTABLISHED", local_port=4899, remote_address="192.168.1.77")
    pc.put("process_open_sockets", pid=22, state="ESTABLISHED", local_port=50000, remote_address="203.0.113.9")
    pc.file(r"C:\Users\motcua2\Downloads\hỗ trợ.exe", original="RustDesk.exe")
    pc.put("shared_resources", name="HỒ SƠ CÔNG DÂN", type=0, path=r"D:\HỒ SƠ CÔNG DÂN")
    pc.put("windows_optional_features", name="SMB1Protocol", state=1)
    pc.reg(rf"{HKLM}\SYSTEM\CurrentControlSet\Services\LanmanServer\Parameters\EnableSecuritySignature", 0)
    pc.reg(rf"{HKLM}\SOFTWARE\Policies\Microsoft\Windows\Connect\RequirePinForPairing", 0)
    pc.reg(rf"{HKLM}\SOFTWARE\Policies\Microsoft\Windows\Connect\AllowProjectionToPC", 1)
    pc.reg(r"HKEY_USERS\S-1-5-21-1-2-3-1013\SOFTWARE\Microsoft\PlayToReceiver\AutoEnabled", 1)
    pc.facts(projecting__receiver=1)


def plugged(pc):
    enum = rf"{HKLM}\SYSTEM\CurrentControlSet\Enum\USB"
    for device, service, kind, ids, description in (
        (
            r"VID_0951&PID_1666\60A44C413FAE",
            "USBSTOR",
            "USB",
            r"USB\Class_08&SubClass_06&Prot_50,USB\Class_08&SubClass_06,USB\Class_08",
            "USB Mass Storage Device",
        ),
        (r"VID_046D&PID_C52B\6&12ab&0&3", "usbccgp", "USB", r"USB\DevClass_00&SubClass_00&Prot_00,USB\COMPOSITE", "USB Composite Device"),
        (r"VID_046D&PID_C52B&MI_00\7&1&0&0000", "HidUsb", "HIDClass", r"USB\Class_03&SubClass_01&Prot_01,USB\Class_03", "USB Input Device"),
        (r"VID_046D&PID_C52B&MI_01\7&1&0&0001", "HidUsb", "HIDClass", r"USB\Class_03&SubClass_01&Prot_02,USB\Class_03", "USB Input Device"),
        (r"VID_096E&PID_0309\5&2&0&2", "usbccid", "SmartCardReader", r"USB\Class_0b&SubClass_00&Prot_00", "Microsoft Usbccid Smartcard Reader"),
        (r"VID_04E8&PID_6860\R58N30ABCDE", "WUDFWpdMtp", "WPD", r"USB\Class_ff&SubClass_ff&Prot_00", "Điện thoại của Lan"),
        (r"VID_12D1&PID_14DB\0123456789", "usbrndis6", "Net", r"USB\Class_e0&SubClass_01&Prot_03", "Remote NDIS"),
        (r"VID_8087&PID_0026\5&3&0&10", "BTHUSB", "Bluetooth", r"USB\Class_e0&SubClass_01&Prot_01", "Intel(R) Wireless Bluetooth(R)"),
        (r"VID_2C7C&PID_0125\7&9&0&2", "vendormdm", "Modem", r"USB\Class_ff&SubClass_ff&Prot_ff", "Quectel LTE Modem"),
        (r"VID_05E3&PID_0610\5&4&0&1", "USBHUB3", "USB", r"USB\Class_09&SubClass_00&Prot_02", "Generic USB Hub"),
    ):
        pc.put("drivers", device_id=rf"USB\{device}", device_name="Điện thoại của Lan", description=description, service=service, **{"class": kind})
        pc.reg(rf"{enum}\{device}\CompatibleIDs", ids, "REG_MULTI_SZ")
        pc.reg(rf"{enum}\{device}\Service", service)
        pc.reg(rf"{enum}\{device.partition(chr(92))[0]}", "", "subkey")
    gone = r"VID_0781&PID_5581\4C530001230123115484"
    pc.reg(rf"{enum}\{gone}\Service", "USBSTOR")
    pc.reg(rf"{enum}\{gone}\CompatibleIDs", r"USB\Class_08&SubClass_06&Prot_50")
    pc.service("bthserv")
    pc.reg(rf"{HKLM}\SYSTEM\CurrentControlSet\Services\USBSTOR\Start", 3)


def browsers(pc):
    home = r"C:\Users\motcua2\AppData"
    chrome, coccoc = rf"{home}\Local\Google\Chrome\User Data", rf"{home}\Local\CocCoc\Browser\User Data"
    for path in (
        rf"{chrome}\Default\Login Data",
        rf"{chrome}\Profile 1\Login Data",
        rf"{chrome}\Default\Login Data For Account",
        rf"{coccoc}\Default\Login Data",
    ):
        pc.file(path)
    pc.file(r"C:\Users\motcua2", kind="directory")
    pc.put("vg_chrome_logins", logins="7", government="2", path=rf"{chrome}\Default\Login Data")
    pc.put("vg_chrome_logins", logins="1", government="0", path=rf"{chrome}\Profile 1\Login Data")
    pc.put("vg_chrome_account_logins", logins="4", government="1", path=rf"{chrome}\Default\Login Data For Account")
    pc.file(rf"{home}\Roaming\Mozilla\Firefox\Profiles\abc.default\logins.json", size=2_000)
    pc.file(r"C:\Program Files\Google\Chrome\Application\chrome.exe")
    pc.file(rf"{home}\Local\CocCoc\Browser\Application\browser.exe")
    pc.reg(rf"{HKLM}\SOFTWARE\Policies\Google\Chrome\passwordmanagerenabled", 0)
    pc.reg(rf"{HKLM}\SOFTWARE\Policies\Google\Chrome\SyncDisabled", 1)
    pc.facts(chrome__inside=0, chrome__outside=2, edge__inside=1, edge__outside=0)


def papers(pc):
    home = r"C:\Users\motcua2"
    pc.file(rf"{home}\Desktop", kind="directory")
    for path, age in (
        (rf"{home}\Desktop\CCCD Nguyễn Văn Bình.jpg", 40),
        (rf"{home}\Desktop\hồ sơ\GIẤY KHAI SINH.pdf", 2),
        (rf"{home}\Desktop\hồ sơ\sâu hơn\cccd.pdf", 2),
        (rf"{home}\Desktop\079203001234.png", 5),
        (rf"{home}\Desktop\20250101123456.png", 5),
        (rf"{home}\Desktop\phim.mp4", 5),
        (rf"{home}\Documents\Zalo Received Files\IMG_2041.jpg", 12),
        (rf"{home}\Documents\Zalo Received Files\Chị Hoa\IMG_2042.jpg", 1),
        (rf"{home}\Documents\Công văn 123.docx", 100),
        (rf"{home}\Pictures\Scans\Scan0001.pdf", 30),
    ):
        pc.file(path, size=500_000, age=age)


def cracked(pc):
    pc.reg(rf"{CURRENT}\SoftwareProtectionPlatform\KeyManagementServiceName", "kms8.MSGuides.com")
    pc.reg(rf"{CURRENT}\SoftwareProtectionPlatform\0ff1ce15-a989-479d-af46-f275c6370663\KeyManagementServiceName", "127.0.0.2")
    pc.reg(rf"{HKLM}\SOFTWARE\Policies\Microsoft\Windows NT\CurrentVersion\Software Protection Platform\NoGenTicket", 1)
    pc.reg(rf"{CURRENT}\Image File Execution Options\SppExtComObj.exe\VerifierDlls", "SppExtComObjHook.dll")
    pc.file(r"C:\Program Files\Microsoft Office\root\vfs\System\sppc.dll")
    pc.service("KMSEmulator")
    pc.put("scheduled_tasks", name="AutoKMS", path=r"\AutoKMS", action="C:\\Windows\\AutoKMS\\AutoKMS.exe")
    pc.put("etc_hosts", address="0.0.0.0", hostnames="activation-v2.sls.microsoft.com validation.sls.microsoft.com")
    pc.reg(rf"{HKLM}\SOFTWARE\Microsoft\Office\ClickToRun\Configuration\ProductReleaseIds", "ProPlus2019Volume,O365ProPlusRetail")
    pc.put("programs", name="Microsoft Office Professional Plus 2016", version="16.0.4266.1001", publisher="Microsoft Corporation")
    pc.put("programs", name="KMSpico", version="10", publisher="")
    pc.put("programs", name="Máy tính của Trần Văn Bình", publisher="")
    pc.facts(
        windows__status=1,
        windows__channel="Volume:GVLK",
        windows__left=259_200,
        windows__server="kms8.msguides.com",
        office__status=5,
        office__channel="Retail",
    )


def every_text(pc):
    """(table, column) of every text cell that a PC's tables have."""
    return [(table, column) for table, columns in schema(pc.platform).items() for column, kind in columns.items() if kind == "TEXT"]
