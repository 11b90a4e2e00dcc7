"""Every question on made-up PCs: what a good one, a bad one, an empty one and a failing one come out as."""

from __future__ import annotations

import pytest

from collector.decode.posture.answers import READERS
from collector.decode.posture.cells import Desk, Row
from collector.decode.posture.envelope import Result
from model.posture import told as t
from tests.catalogue import pcs
from tests.catalogue.pcs import DAY, NOW, TODAY, Pc, questions

WINDOWS = sorted(questions("windows"))


@pytest.fixture(scope="module")
def good():
    return pcs.office_pc()


@pytest.fixture(scope="module")
def bad():
    return pcs.bad_pc()


def test_every_topic_that_may_be_told_by_osquery_is_asked():
    tags = {kind.__struct_config__.tag for kind in t.AnyTold.__args__}
    assert tags - set(WINDOWS) == {"suite_control"}


@pytest.mark.parametrize("topic", sorted(set(WINDOWS) - {"browser_accounts", "licence"}))
def test_a_good_pc_answers(good, topic):
    assert good.told(topic).__struct_config__.tag == topic


@pytest.mark.parametrize("topic", sorted(set(WINDOWS) - {"disks", "interfaces"}))
def test_a_bad_pc_answers(bad, topic):
    assert bad.told(topic).__struct_config__.tag == topic


@pytest.mark.parametrize("topic", WINDOWS)
def test_an_empty_pc_is_never_clean(topic):
    fact = Pc().fact(topic)
    assert fact.told is None
    assert fact.trouble == ("script" if topic in {"browser_accounts", "licence"} else "failed")


@pytest.mark.parametrize("topic", WINDOWS)
@pytest.mark.parametrize(
    ("message", "trouble"),
    [
        ("no such table: vg_chrome_logins", "failed"),
        ("distributed query is denylisted", "denied"),
        ("Error: lỗi khi đọc C:\\Users\\Lan", "failed"),
    ],
)
def test_a_failed_question_says_so_and_not_what_osquery_said(good, topic, message, trouble):
    (fact,) = pcs.told({topic: Result(status=1, rows=good.rows(topic), message=message)}).facts
    assert (fact.told, fact.trouble) == (None, trouble)
    assert "Lan" not in repr(fact)


def test_machine(good, bad):
    one, other = good.told("machine"), bad.told("machine")
    assert (one.platform, one.product, one.edition, one.build, one.revision) == ("windows", "Microsoft Windows 11 Pro", "Professional", 26100, 6899)
    assert (one.server, one.installed, one.memory, one.cores, one.vendor) == (False, TODAY - 400, 8 << 30, 6, "Dell Inc.")
    assert len(one.board) == 16
    assert other.board == ""  # a board without numbers of its own says nothing of copies


def test_a_server_is_one_in_any_words():
    pc = Pc()
    pc.put("os_version", name="Microsoft Windows Server 2022 Standard", build="20348", platform="windows")
    pc.put("system_info", uuid="x")
    assert pc.told("machine").server


def test_only_the_pcs_own_cards(good):
    assert good.told("interfaces").macs == ("10:b6:76:10:20:21", "10:b6:76:10:20:22")


def test_disks(good):
    disk = good.told("disks")
    assert (disk.encrypted, disk.free) == (True, 90 << 30)
    assert 256_000_000_000 < disk.size < 256_100_000_000


def test_antivirus(good, bad):
    assert good.told("antivirus") == t.Antivirus(products=(t.AvProduct(name="Kaspersky Endpoint Security for Windows", state="on", fresh=True),), center="good")
    assert {(each.name, each.state, each.fresh) for each in bad.told("antivirus").products} == {
        ("Windows Defender", "off", False),
        ("Kaspersky Free", "expired", False),
    }
    assert bad.told("antivirus").center == "poor"


def test_a_pc_without_any_antivirus_answers_so():
    pc = Pc()
    pc.put("windows_security_center", antivirus="Poor")
    assert pc.told("antivirus") == t.Antivirus(center="poor")


def test_a_server_edition_has_no_security_center():
    pc = Pc()
    pc.put("windows_security_center", antivirus="Error")
    pc.service("WinDefend")
    assert pc.told("antivirus") == t.Antivirus(center="error")
    assert pc.told("av_services") == t.AvServices(installed=("defender",), running=("defender",))


def test_antivirus_services(good, bad):
    assert good.told("av_services") == t.AvServices(installed=("defender", "kaspersky"), running=("defender", "kaspersky"))
    assert bad.told("av_services") == t.AvServices(installed=("kaspersky",), running=())


def test_kaspersky(good):
    assert good.told("kaspersky") == t.KasperskyLicence(installed=True, version="12.6.0.438", kind=2, days_left=200, updated=TODAY - 1)


def test_kaspersky_that_was_never_activated_and_none_at_all():
    pc = Pc()
    pc.service("AVP21.17")
    assert pc.told("kaspersky") == t.KasperskyLicence(installed=True)
    other = Pc()
    other.service("WinDefend")
    assert other.told("kaspersky") == t.KasperskyLicence()


def test_saved_passwords_are_two_counts_by_browser(bad):
    saved = bad.told("saved_passwords")
    assert saved.browsers == (t.SavedIn(browser="chrome", government=3, others=9, synced=4),)
    assert saved.unread == ("coccoc", "firefox")  # files that osquery could not open, and Firefox without the script


def test_firefox_is_counted_by_the_script_while_its_word_is_fresh():
    def pc(age):
        made = Pc()
        made.file(r"C:\Users\a", kind="directory")
        made.file(r"C:\Users\a\AppData\Roaming\Mozilla\Firefox\Profiles\x\logins.json", size=3_000)
        made.facts(firefox__government=1, firefox__others=4, firefox__synced=5, written=NOW - age * DAY)
        return made.told("saved_passwords")

    assert pc(1) == t.SavedPasswords(browsers=(t.SavedIn(browser="firefox", government=1, others=4, synced=5),))
    assert pc(9) == t.SavedPasswords(unread=("firefox",))


def test_no_store_at_all_is_an_answer(good):
    assert good.told("saved_passwords") == t.SavedPasswords()


def test_browser_accounts_come_from_the_script_with_its_own_time(bad, good):
    fact = bad.fact("browser_accounts")
    assert fact.told.browsers == (t.AccountsIn(browser="chrome", inside=0, outside=2), t.AccountsIn(browser="edge", inside=1, outside=0))
    assert fact.answered == (NOW - DAY) * 1_000_000_000
    assert good.fact("browser_accounts").trouble == "script"


def test_browser_policy_of_installed_browsers_alone(bad, good):
    assert bad.told("browser_policy").browsers == (
        t.BrowserRule(browser="chrome", saving=False, syncing=False),
        t.BrowserRule(browser="coccoc", saving=None, syncing=None),
    )
    assert good.told("browser_policy") == t.BrowserPolicy()


def test_automatic_logon_tells_that_there_is_a_password_and_never_which(bad, good):
    assert bad.told("auto_logon") == t.AutoLogon(on=True, stored=True)
    assert good.told("auto_logon") == t.AutoLogon(on=False, stored=False)
    assert not any("Matkhau" in cell for row in bad.rows("auto_logon") for cell in row.values())


def test_logon_policy(bad, good):
    assert bad.told("logon_policy") == t.LogonPolicy(length=0, complexity=False, lockout=0, guest=True, clear_text=False, domain=False)
    assert good.told("logon_policy").blank_limited is True


def test_accounts_by_the_script_and_without_it(bad, good):
    assert bad.told("accounts") == t.Accounts(enabled=3, generic=2, blank=1, unset=1)
    assert good.told("accounts") == t.Accounts(enabled=1, generic=0)


def test_generic_names_are_counted_with_digits_behind_them():
    pc = Pc()
    for number, name in enumerate(("MotCua12", "admin", "Lê Văn Tám", "user 3")):
        pc.put("users", uid=number, username=name, uuid=f"S-1-5-21-1-2-3-{1000 + number}", type="local", directory="C:\\Users\\x")
    assert pc.told("accounts") == t.Accounts(enabled=4, generic=3)


def test_working_goes_by_identifiers_and_not_by_localised_names(bad, good):
    assert good.told("working") == t.Working(active=True, user=pcs.mark(f"user:{pcs.USER_SID}"), admin=False, builtin=False)
    assert bad.told("working").admin
    assert not bad.told("working").builtin


def test_the_builtin_administrator_and_nobody():
    pc = Pc()
    pc.put("groups", gid=544, groupname="Administrators", group_sid="S-1-5-32-544")
    assert pc.told("working") == t.Working()
    pc.put("logged_in_users", type="active", user="Administrator", sid=pcs.ADMIN_SID)
    assert pc.told("working").builtin


def test_licence(bad, good):
    licence = bad.told("licence")
    assert (licence.windows, licence.windows_channel, licence.office, licence.office_channel) == (1, "Volume:GVLK", 5, "Retail")
    assert (licence.server, licence.left) == ("kms8.msguides.com", 259_200)
    assert good.fact("licence").trouble == "script"


def test_activation_servers(bad, good):
    assert bad.told("kms_setting") == t.KmsSetting(windows="kms8.msguides.com", office="127.0.0.2", no_ticket=True)
    assert good.told("kms_setting") == t.KmsSetting()


def test_traces_of_cracking_tools(bad, good):
    assert bad.told("piracy_traces").found == ("autokms_task", "hosts_blocked", "kmsauto", "spp_debugger", "sppc_hook")
    assert good.told("piracy_traces") == t.PiracyTraces()


def test_office_versions(bad, good):
    assert bad.told("office").versions == ("office-2016", "office-2019", "office-365")
    assert good.told("office").versions == ()


def test_updates_by_localised_history_and_by_patches_in_either_order_of_day_and_month(bad, good):
    assert good.told("updates").last == TODAY - 8
    assert bad.told("updates").last == 19_522  # 14 June 2023; the patch of 2035 is the clock's fault


def test_update_control(bad, good):
    assert bad.told("update_control") == t.UpdateControl(service_off=True, policy_off=True)
    assert good.told("update_control") == t.UpdateControl(service_off=False, policy_off=False)


def test_remote_tools_in_four_stages(bad, good):
    tools = {tool.product: tool for tool in bad.told("remote_tools").tools}
    assert {product: tool.stage for product, tool in tools.items()} == {
        "teamviewer": "session", "ultraviewer": "automatic", "radmin": "session", "anydesk": "running", "rustdesk": "installed", "rdp": "session",
    }  # fmt: skip
    assert tools["teamviewer"].version == "15.60.3"
    assert {product for product, tool in tools.items() if tool.portable} == {"anydesk", "rustdesk"}
    assert good.told("remote_tools") == t.RemoteTools()


def test_remote_desktop(bad, good):
    assert bad.told("remote_desktop") == t.RemoteDesktop(on=True, nla=False, assistance=True, listening=True)
    assert good.told("remote_desktop") == t.RemoteDesktop(on=False, nla=None, assistance=False, listening=False)


def test_peripherals(bad, good):
    devices = {device.usb: device for device in bad.told("peripherals").devices}
    assert {usb: device.kind for usb, device in devices.items()} == {
        "0951:1666": "storage", "046d:c52b": "keyboard", "096e:0309": "token", "04e8:6860": "phone", "12d1:14db": "modem", "8087:0026": "bluetooth",
        "2c7c:0125": "modem",
    }  # fmt: skip
    assert devices["046d:c52b"].interfaces == ("03:01:01", "03:01:02")
    assert devices["0951:1666"].serial == pcs.mark("0951:1666:60A44C413FAE")
    assert devices["046d:c52b"].serial == devices["096e:0309"].serial == ""
    assert devices["04e8:6860"].name == ""  # what somebody called their phone
    assert good.told("peripherals") == t.Peripherals()


def test_the_registry_remembers_storage_and_phones(bad, good):
    devices = {device.usb: device for device in bad.told("peripheral_history").devices}
    assert {usb: device.kind for usb, device in devices.items()} == {"0951:1666": "storage", "04e8:6860": "phone", "0781:5581": "storage"}
    assert devices["0781:5581"].serial == pcs.mark("0781:5581:4C530001230123115484")
    assert good.told("peripheral_history") == t.PeripheralHistory()


def test_device_control(bad, good):
    assert bad.told("peripheral_control") == t.PeripheralControl(storage_off=False)
    assert good.told("peripheral_control") == t.PeripheralControl(storage_off=True, no_autorun=True)


def test_bluetooth(bad, good):
    assert bad.told("bluetooth").on
    assert not good.told("bluetooth").on


def test_documents_are_counted_by_place_and_age(bad, good):
    places = {each.place: each for each in bad.told("documents").places}
    assert {name: each.count for name, each in places.items()} == {"desktop": 3, "zalo": 2, "scanner": 1}
    assert (places["desktop"].oldest, places["desktop"].newest) == (TODAY - 40, TODAY - 2)
    assert places["zalo"].size == 1 << 20
    assert good.told("documents") == t.Documents()


def test_firewall(bad, good):
    assert bad.told("firewall") == t.Firewall(domain=True, private=True, public=False, center=False)
    assert good.told("firewall") == t.Firewall(domain=True, private=True, public=True, center=True)


def test_firewall_holes_are_those_that_somebody_made(bad, good):
    assert bad.told("firewall_holes") == t.FirewallHoles(open=2, public=1)
    assert good.told("firewall_holes") == t.FirewallHoles()


def test_projecting(bad, good):
    assert bad.told("projecting") == t.Projecting(receiver=True, allowed=True, pin=False, play_to=True, listening=True)
    assert good.told("projecting") == t.Projecting(listening=False)


def test_programs_without_a_publisher(bad):
    programs = bad.told("programs")
    assert programs.unknown == 2
    assert programs.names == ("KMSpico",)


def test_shares(bad, good):
    assert bad.told("shares") == t.Shares(count=1, smb1=True)
    assert good.told("shares") == t.Shares(count=0, smb1=False)


def test_the_agent_names_only_our_topics(bad, good):
    assert bad.told("agent") == t.Agent(version="5.23.0", denied=("remote_tools",))
    assert good.told("agent") == t.Agent(version="5.23.0")


class Recorded(dict):
    """A row that remembers which of its cells were asked for."""

    def __init__(self, cells, asked):
        super().__init__(cells)
        self.asked = asked

    def get(self, name, default=None):
        self.asked.add(name)
        return super().get(name, default)


@pytest.mark.parametrize("topic", WINDOWS)
def test_nothing_is_asked_of_a_pc_that_nobody_reads(good, bad, topic):
    asked, desk = set(), Desk(pcs.mark, NOW * 1_000_000_000)
    scripted = Pc()
    scripted.file(r"C:\Users\a", kind="directory")
    scripted.facts(written=NOW, firefox__government=1, firefox__others=0, firefox__synced=0)
    for pc in (good, bad, scripted):
        READERS[topic]([Row(Recorded(row, asked), desk) for row in pc.rows(topic)], desk)
    # One reader for two questions: the registry knows less of a device than its driver does.
    unasked = {"name", "part"} if topic == "peripheral_history" else set()
    assert asked == questions("windows")[topic].columns | unasked


def linux_pc():
    pc = Pc("linux")
    pc.put("os_version", name="Ubuntu", version="22.04.4 LTS", codename="jammy", arch="x86_64")
    pc.put("system_info", uuid="4c4c4544-0042", cpu_brand="Intel", physical_memory=str(4 << 30), hardware_vendor="Dell Inc.")
    pc.put("osquery_info", version="5.23.0")
    pc.put("interface_details", mac="10:b6:76:10:20:21", type=1, pci_slot="0000:00:1f.6")
    pc.put("interface_details", mac="02:42:ac:11:00:02", type=1, pci_slot="")
    pc.put("mounts", path="/", device="/dev/sda2", blocks=1 << 20, blocks_size=4096, blocks_available=1 << 19)
    pc.put("disk_encryption", name="/dev/sda2", encrypted=0)
    pc.put("users", uid=1000, username="motcua", shell="/bin/bash")
    pc.put("users", uid=1, username="daemon", shell="/usr/sbin/nologin")
    pc.put("shadow", username="motcua", password_status="empty")
    pc.put("deb_packages", name="anydesk", version="6.3.2")
    pc.put("processes", pid=9, name="anydesk")
    pc.put("usb_devices", vendor_id="0951", model_id="1666", serial="60A44C413FAE", **{"class": "8", "subclass": "6", "protocol": "80"})
    pc.put("usb_devices", vendor_id="1d6b", model_id="0002", **{"class": "9", "subclass": "0", "protocol": "0"})
    return pc


def test_a_linux_pc():
    pc = linux_pc()
    assert (pc.told("machine").platform, pc.told("machine").product) == ("linux", "Ubuntu 22.04.4 LTS")
    assert pc.told("interfaces").macs == ("10:b6:76:10:20:21",)
    assert pc.told("disks") == t.Disks(size=4 << 30, free=2 << 30, encrypted=False)
    assert pc.told("accounts") == t.Accounts(enabled=1, generic=1, blank=1)
    assert pc.told("remote_tools").tools == (t.ToolFound(product="anydesk", stage="running", version="6.3.2"),)
    assert [(device.usb, device.serial) for device in pc.told("peripherals").devices] == [("0951:1666", pcs.mark("0951:1666:60A44C413FAE"))]


@pytest.mark.parametrize("topic", sorted(questions("linux")))
def test_an_empty_linux_pc_is_never_clean(topic):
    fact = Pc("linux").fact(topic)
    assert (fact.told, fact.trouble) == (None, "failed")
