"""What a PC may tell of itself, by topic. What is not here cannot travel: counts, switches, days and products, never a name, an address or a file.

One query of the catalogue answers one topic and has its name. Days are numbers of days in Viet Nam since 1 January 1970 (`model.times.day_of`). A value
the PC could not give is None, which is unknown and never "no". `mark` is a keyed hash of something that stays at the site: it tells one from another.
Sources: research of the osquery tables 5.23 and of the registry values beside each topic in `collector/catalogue`.
"""

from __future__ import annotations

from typing import Literal

import msgspec


class Told(msgspec.Struct, frozen=True, kw_only=True, tag_field="topic"):
    """An answer of the PC that could be read."""


class Machine(Told, frozen=True, kw_only=True, tag="machine"):
    """The PC and its operating system. `memory` in bytes; `board` a mark of hardware uuid and serial: the same on two PCs says one was copied."""

    platform: Literal["windows", "linux", "other"] = "other"
    product: str = ""
    edition: str = ""
    build: int = 0
    revision: int = 0
    arch: str = ""
    server: bool = False
    installed: int | None = None
    cpu: str = ""
    cores: int = 0
    memory: int = 0
    vendor: str = ""
    model: str = ""
    board: str = ""


class Interfaces(Told, frozen=True, kw_only=True, tag="interfaces"):
    """Hardware addresses of the PC's own network cards: by them wire and PC meet in one asset."""

    macs: tuple[str, ...] = ()


class Disks(Told, frozen=True, kw_only=True, tag="disks"):
    """The system disk. `encrypted`: BitLocker or LUKS is on."""

    size: int = 0
    free: int = 0
    encrypted: bool | None = None


class AvProduct(msgspec.Struct, frozen=True, kw_only=True):
    """One antivirus as Windows Security Center knows it. `fresh`: its signatures are up to date; `ends`: the licence's last day, where an inventory says it."""

    name: str
    state: Literal["on", "off", "snoozed", "expired", "unknown"]
    fresh: bool | None = None
    ends: int | None = None


class Antivirus(Told, frozen=True, kw_only=True, tag="antivirus"):
    """`center`: Security Center's own word on antivirus; `error` on server editions, which have none."""

    products: tuple[AvProduct, ...] = ()
    center: Literal["good", "poor", "snoozed", "not_monitored", "error", ""] = ""


class AvServices(Told, frozen=True, kw_only=True, tag="av_services"):
    """Antivirus services from a fixed list: product ids of those installed, and of those running."""

    installed: tuple[str, ...] = ()
    running: tuple[str, ...] = ()


class KasperskyLicence(Told, frozen=True, kw_only=True, tag="kaspersky"):
    """Kaspersky's own registry values. `kind` 0 or None with `installed`: not activated; `days_left` of the licence; `updated` the day of its bases."""

    installed: bool = False
    version: str = ""
    kind: int | None = None
    days_left: int | None = None
    updated: int | None = None


class SavedIn(msgspec.Struct, frozen=True, kw_only=True):
    """Saved log-ins of one browser over all its profiles: for declared government hosts, for others, and those kept in an account (`synced`)."""

    browser: str
    government: int = 0
    others: int = 0
    synced: int = 0


class SavedPasswords(Told, frozen=True, kw_only=True, tag="saved_passwords"):
    """`unread`: browsers whose store is there and could not be counted. Firefox without the script is a size only, so it stands there."""

    browsers: tuple[SavedIn, ...] = ()
    unread: tuple[str, ...] = ()


class AccountsIn(msgspec.Struct, frozen=True, kw_only=True):
    """Profiles of one browser signed in with accounts inside and outside the organisation, told apart on the PC."""

    browser: str
    inside: int = 0
    outside: int = 0


class BrowserAccounts(Told, frozen=True, kw_only=True, tag="browser_accounts"):
    """From the facts script alone: no address leaves the PC."""

    browsers: tuple[AccountsIn, ...] = ()


class BrowserRule(msgspec.Struct, frozen=True, kw_only=True):
    """Policy of one installed browser: whether saving passwords and syncing are allowed; None where no policy says."""

    browser: str
    saving: bool | None = None
    syncing: bool | None = None


class BrowserPolicy(Told, frozen=True, kw_only=True, tag="browser_policy"):
    """Only browsers that are installed."""

    browsers: tuple[BrowserRule, ...] = ()


class AutoLogon(Told, frozen=True, kw_only=True, tag="auto_logon"):
    """Winlogon's values: automatic logon is on, and a password lies in the registry."""

    on: bool = False
    stored: bool = False


class LogonPolicy(Told, frozen=True, kw_only=True, tag="logon_policy"):
    """The local policy. `lockout` 0: never; `blank_limited`: blank passwords only at the console; `domain`: joined, so that another policy may rule."""

    length: int | None = None
    complexity: bool | None = None
    lockout: int | None = None
    guest: bool | None = None
    clear_text: bool | None = None
    blank_limited: bool | None = None
    domain: bool | None = None


class Accounts(Told, frozen=True, kw_only=True, tag="accounts"):
    """Enabled local accounts, counted. `blank`: no password is required; `unset`: none was ever set. None: only the facts script can tell."""

    enabled: int = 0
    generic: int = 0
    blank: int | None = None
    unset: int | None = None


class WindowsLicence(Told, frozen=True, kw_only=True, tag="licence"):
    """Activation as the facts script read it. `status` as SoftwareLicensingProduct.LicenseStatus, 1 = licensed; `server`: KMS host it uses; `left` minutes."""

    windows: int | None = None
    windows_channel: str = ""
    office: int | None = None
    office_channel: str = ""
    server: str = ""
    left: int | None = None


class KmsSetting(Told, frozen=True, kw_only=True, tag="kms_setting"):
    """Activation servers written in the registry, for Windows and for Office; empty for none. `no_ticket`: NoGenTicket is set."""

    windows: str = ""
    office: str = ""
    no_ticket: bool = False


class PiracyTraces(Told, frozen=True, kw_only=True, tag="piracy_traces"):
    """Ids of traces from the fixed list of the catalogue (`sppc_hook`, `kmsauto`, `autokms_task`, `spp_debugger`, `hosts_blocked` ...)."""

    found: tuple[str, ...] = ()


class Office(Told, frozen=True, kw_only=True, tag="office"):
    """Installed versions of Office: `office-2016`, `office-2021`, `office-365` ... as the table of support ends names them (model.posture.builds)."""

    versions: tuple[str, ...] = ()


class Updates(Told, frozen=True, kw_only=True, tag="updates"):
    """Day of the last cumulative update by Windows' own history or list of patches; None: the history is empty."""

    last: int | None = None


class UpdateControl(Told, frozen=True, kw_only=True, tag="update_control"):
    """Whether updating is switched off: its service disabled, or a policy NoAutoUpdate."""

    service_off: bool | None = None
    policy_off: bool | None = None


class Working(Told, frozen=True, kw_only=True, tag="working"):
    """Who works at the PC now: `user` a mark of the SID; `admin`: in S-1-5-32-544; `builtin`: RID 500; `active` False: nobody is logged on."""

    active: bool = False
    user: str = ""
    admin: bool = False
    builtin: bool = False


Stage = Literal["installed", "automatic", "running", "session"]


class ToolFound(msgspec.Struct, frozen=True, kw_only=True):
    """One remote-control product (ids of `model.remote.products`) and how far it goes; `portable`: a program that nobody installed."""

    product: str
    stage: Stage
    version: str = ""
    portable: bool = False


class RemoteTools(Told, frozen=True, kw_only=True, tag="remote_tools"):
    """Each product once, with its worst stage."""

    tools: tuple[ToolFound, ...] = ()


class RemoteDesktop(Told, frozen=True, kw_only=True, tag="remote_desktop"):
    """Windows' own: connections allowed, network level authentication, remote assistance, port 3389 open."""

    on: bool | None = None
    nla: bool | None = None
    assistance: bool | None = None
    listening: bool | None = None


PeripheralKind = Literal["storage", "phone", "modem", "network", "keyboard", "token", "camera", "printer", "audio", "bluetooth", "other"]


class Peripheral(msgspec.Struct, frozen=True, kw_only=True):
    """One device. `usb` is `vendor:product` in hex; `interfaces` sorted `cc:ss:pp`; `serial` a mark, empty where the device has none of its own."""

    usb: str
    name: str = ""
    kind: PeripheralKind = "other"
    interfaces: tuple[str, ...] = ()
    serial: str = ""


class Peripherals(Told, frozen=True, kw_only=True, tag="peripherals"):
    """What is plugged in now."""

    devices: tuple[Peripheral, ...] = ()


class PeripheralHistory(Told, frozen=True, kw_only=True, tag="peripheral_history"):
    """What the registry remembers of storage and phones that were plugged in; when is not known."""

    devices: tuple[Peripheral, ...] = ()


class PeripheralControl(Told, frozen=True, kw_only=True, tag="peripheral_control"):
    """Measures of Windows that restrict peripherals; None: not set."""

    storage_off: bool | None = None
    denied: bool | None = None
    restricted: bool | None = None
    read_only: bool | None = None
    no_autorun: bool | None = None


class SuiteControl(Told, frozen=True, kw_only=True, tag="suite_control"):
    """Device control of a security suite by its server's report (Kaspersky Security Center); Windows' own daily answer knows nothing of it."""

    on: bool | None = None


class Bluetooth(Told, frozen=True, kw_only=True, tag="bluetooth"):
    """A Bluetooth radio is there and its service runs."""

    on: bool = False


class DocumentsAt(msgspec.Struct, frozen=True, kw_only=True):
    """Files that look like citizens' documents in one place: how many, their bytes, days of the oldest and the newest."""

    place: Literal["desktop", "downloads", "documents", "zalo", "scanner", "pictures"]
    count: int
    size: int
    oldest: int
    newest: int


class Documents(Told, frozen=True, kw_only=True, tag="documents"):
    """Counts and ages; no name of a file, nothing of its content."""

    places: tuple[DocumentsAt, ...] = ()


class Firewall(Told, frozen=True, kw_only=True, tag="firewall"):
    """The host firewall by profile; `center`: Security Center says that some firewall, also another maker's, is good."""

    domain: bool | None = None
    private: bool | None = None
    public: bool | None = None
    center: bool | None = None


class FirewallHoles(Told, frozen=True, kw_only=True, tag="firewall_holes"):
    """Inbound rules in force that allow any port, counted; `public`: of these, in the public profile."""

    open: int = 0
    public: int = 0


class Projecting(Told, frozen=True, kw_only=True, tag="projecting"):
    """The PC as a screen for others. `receiver`: the wireless-display capability is installed; `play_to`: DLNA renderer; `listening`: 7236 or 7250 is open."""

    receiver: bool | None = None
    allowed: bool | None = None
    pin: bool | None = None
    play_to: bool | None = None
    listening: bool | None = None


class Programs(Told, frozen=True, kw_only=True, tag="programs"):
    """Programs without a known publisher: how many, and up to 40 names of programs."""

    installed: int = 0
    unknown: int = 0
    names: tuple[str, ...] = ()


class Shares(Told, frozen=True, kw_only=True, tag="shares"):
    """Folders shared with others, counted, and the old SMB 1."""

    count: int = 0
    smb1: bool | None = None


class Agent(Told, frozen=True, kw_only=True, tag="agent"):
    """The agent itself: its version, and queries it put on its own deny-list."""

    version: str = ""
    denied: tuple[str, ...] = ()


AnyTold = (
    Machine | Interfaces | Disks | Antivirus | AvServices | KasperskyLicence | SavedPasswords | BrowserAccounts | BrowserPolicy | AutoLogon | LogonPolicy
    | Accounts | WindowsLicence | KmsSetting | PiracyTraces | Updates | UpdateControl | Working | RemoteTools | RemoteDesktop | Peripherals
    | PeripheralHistory | PeripheralControl | SuiteControl | Office | Bluetooth | Documents | Firewall | FirewallHoles | Projecting | Programs | Shares | Agent
)  # fmt: skip
