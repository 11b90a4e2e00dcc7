"""What people say should be: sites, zones, register, screens. None for an inventory means "not declared", which is not the same as empty."""

from __future__ import annotations

from typing import Literal

import msgspec

from model.portals.declared import Destination, Portal
from model.posture.builds import Builds

Role = Literal["citizen", "staff", "display", "infrastructure", "unlabelled"]


class Zone(msgspec.Struct, frozen=True, kw_only=True):
    """One segment as declared: the leg it is heard on, its VLAN tags (empty = untagged), whom it serves, by which line."""

    leg: str
    role: Role
    vlan: tuple[int, ...] = ()
    name: str = ""
    uplink: str = ""
    prefixes: tuple[str, ...] = ()


class RegisteredAsset(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the asset register."""

    mac: str
    name: str
    role: Role = "staff"
    device_class: str = ""
    owner: str = ""
    place: str = ""


class Screen(msgspec.Struct, frozen=True, kw_only=True):
    """A screen people know of: where it hangs, who may send to it, when it may play, and from which hosts. No `media_hosts`: from any."""

    mac: str
    name: str
    place: str = ""
    public: bool = True
    approved_senders: tuple[str, ...] = ()
    hours: str = ""
    media_hosts: tuple[str, ...] = ()


class Server(msgspec.Struct, frozen=True, kw_only=True):
    """A lawful DHCP server or router of a leg."""

    leg: str
    ip: str = ""
    mac: str = ""


class Tool(msgspec.Struct, frozen=True, kw_only=True):
    """A remote-control product that may be used: on the device `mac` or, without, on any; `until` the instant after its last day, `hours` of sessions."""

    product: str
    owner: str
    until: int
    mac: str = ""
    hours: str = ""


class KmsServer(msgspec.Struct, frozen=True, kw_only=True):
    """A lawful activation server: its address, its MAC where it is known, and the name under which PCs have it set (`kms.tinh.gov.vn`)."""

    ip: str
    mac: str = ""
    name: str = ""


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """What may be reached from outside: a device's port (inside, or the router's), who answers for it, `until` the instant after its last day."""

    mac: str
    port: int
    owner: str
    until: int
    protocol: Literal["tcp", "udp"] = "tcp"


PcUse = Literal["office", "counter", "kiosk", "admin", "server"]


class Enrolled(msgspec.Struct, frozen=True, kw_only=True):
    """A PC that reports to the SOC: `id` is the name in its certificate, or its address or host name; `use` what it is for; `people` who share it.

    `owner` answers for it. `admins`: its daily account may be an administrator's until this instant, for the reason `why` that somebody signed (0: never).
    `since`: from when it is to report (0: always).
    """

    id: str
    name: str = ""
    use: PcUse = "office"
    people: int = 1
    owner: str = ""
    admins: int = 0
    why: str = ""
    since: int = 0


class Revoked(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate that holds no more from `day` on (an instant): that with the hex number `serial`, or without one all that PC `id` was given by then."""

    id: str
    day: int
    by: str
    why: str
    serial: str = ""


class UsbRule(msgspec.Struct, frozen=True, kw_only=True):
    """A peripheral that may be used: `usb` is `vvvv:pppp` or `vvvv:*`; `serial` a mark, empty for any; `interfaces` it may have at most, none for any.

    `pc`: only at this PC; `until` the instant after its last day.
    """

    usb: str
    name: str
    owner: str
    until: int
    serial: str = ""
    interfaces: tuple[str, ...] = ()
    pc: str = ""


class ExpectedSensor(msgspec.Struct, frozen=True, kw_only=True):
    """A sensor that must be heard; `heartbeat` in ns. `since` is when core began to expect it."""

    sensor: str
    leg: str
    heartbeat: int
    since: int


class Declared(msgspec.Struct, frozen=True, kw_only=True):
    """All declared data of one site. `edited_by` names who last changed it: an edit that closes a finding is told as theirs.

    `holidays` are numbers of days (`model.times.day_of`). `builds`: what is published of Windows' updates.
    """

    site: str
    name: str = ""
    commune: str = ""
    province: str = ""
    legs: tuple[str, ...] = ()
    zones: tuple[Zone, ...] = ()
    register: tuple[RegisteredAsset, ...] | None = None
    screens: tuple[Screen, ...] | None = None
    dhcp_servers: tuple[Server, ...] | None = None
    routers: tuple[Server, ...] | None = None
    enrolled: tuple[Enrolled, ...] | None = None
    usb: tuple[UsbRule, ...] | None = None
    revoked: tuple[Revoked, ...] = ()
    holidays: tuple[int, ...] | None = None
    tools: tuple[Tool, ...] | None = None
    kms_servers: tuple[KmsServer, ...] | None = None
    openings: tuple[Opening, ...] | None = None
    builds: Builds = Builds()
    sensors: tuple[ExpectedSensor, ...] = ()
    portals: tuple[Portal, ...] | None = None
    destinations: tuple[Destination, ...] = ()
    edited_by: str = ""

    def pc(self, names: frozenset[str]) -> Enrolled | None:
        """The enrolment of a PC by one of its names: that in its certificate, a hardware address, a host name, in lower case."""
        return next((each for each in self.enrolled or () if each.id.lower() in names), None)

    def zone_of(self, leg: str, vlan: tuple[int, ...]) -> Zone | None:
        """The declared zone of a segment, if there is one."""
        return next((z for z in self.zones if z.leg == leg and z.vlan == vlan), None)

    def role_of(self, leg: str, vlan: tuple[int, ...]) -> Role:
        """The role of a segment; `unlabelled` where nobody said."""
        zone = self.zone_of(leg, vlan)
        return zone.role if zone else "unlabelled"

    def screen(self, macs: frozenset[str]) -> Screen | None:
        """The declared screen with one of these MAC addresses."""
        return next((s for s in self.screens or () if s.mac in macs), None)

    def registered(self, macs: frozenset[str]) -> RegisteredAsset | None:
        """The register's line for one of these MAC addresses."""
        return next((a for a in self.register or () if a.mac in macs), None)
