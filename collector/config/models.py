"""Every option of config.toml with its default. The commented file at the root shows the same, and a test compares the two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Field, model_validator

from collector.config.bundle import Bundle
from collector.config.endpoints import Endpoints
from collector.config.evidence import Evidence
from collector.config.peripherals import Peripherals
from collector.config.portals import Portals
from collector.config.probes import ProbeName, Probes
from collector.config.province import Province
from collector.config.remote_write import RemoteWrite
from collector.config.report import Report
from collector.config.screens import Screens
from collector.config.sinks import AnySink
from collector.config.table import Bool, Duration, FilePath, Int, Table, Unfit, matching, some, written
from collector.config.web import Web
from collector.refusal import nearest
from collector.registry import detector_modules
from model.text import Language, Text

# A segment's id is the leg's name, a slash and VLAN tags; a unit's instance is named after it too.
_A_LEG = Text("tên gồm chữ thường không dấu, số, dấu gạch nối, dài 1 đến 32", "a name of 1 to 32 lower-case letters, digits and hyphens")
_A_BOX = Text("mã gồm chữ, số, dấu chấm, gạch nối, gạch dưới, dài 1 đến 64", "a code of 1 to 64 letters, digits, dots, hyphens and underscores")
# linux/if.h IFNAMSIZ: 16 with the closing zero.
_AN_INTERFACE = Text('tên giao diện mạng hoặc "auto"', 'the name of a network interface, or "auto"')


class Box(Table):
    """Which box this is, in documents and alerts; with the key in `key_file` it signs what goes to a province.

    `in_fleet`: there is a province, which tells people of all but takeovers of screens and portals.
    """

    id: Annotated[str, matching(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", _A_BOX)] = "vonggac"
    name: str = ""
    in_fleet: Bool = False
    key_file: FilePath = written("state/box.key")


class Leg(Table):
    """One network interface to listen on; `heartbeat` in ns, how often its sensor says it is alive; `probes` what may be sent on it: nothing unless named."""

    name: Annotated[str, matching(r"[a-z0-9][a-z0-9-]{0,31}", _A_LEG)] = "lan"
    interface: Annotated[str, matching(r"[^\s/]{1,15}", _AN_INTERFACE)] = "auto"
    heartbeat: Duration = written("1m")
    promiscuous: Bool = True
    inline: Bool = False
    probes: tuple[ProbeName, ...] = ()


class Core(Table):
    """Core's bounds: facts of one sensor that may wait, assets remembered, addresses heard once."""

    share: Int = Field(default=20_000, ge=100, le=1_000_000)
    max_assets: Int = Field(default=20_000, ge=100, le=1_000_000)
    max_probation: Int = Field(default=4_096, ge=16, le=1_000_000)


class JournalOptions(Table):
    """The journal's bounds: bytes on disk, changes kept of each finding."""

    max_bytes: Int = Field(default=256 * 1024 * 1024, ge=8 * 1024 * 1024)
    history: Int = Field(default=100, ge=10, le=100_000)


class Sockets(Table):
    """Where core's sockets are, and which users besides its own may use them."""

    dir: FilePath = written("state/sockets")
    allowed_uids: tuple[Annotated[Int, Field(ge=0)], ...] = ()


class Privacy(Table):
    """Where the key is kept that turns citizens' addresses into names nobody can turn back; made at the first start."""

    key_file: FilePath = written("state/identity.key")


class Config(Table):
    """All of config.toml, paths made absolute from its folder."""

    tags: ClassVar[frozenset[str]] = frozenset(
        {"elasticsearch", "webhook", "alertmanager", "pagerduty", "zalo", "apprise", "mail", "sms_modem", "sms_http", "syslog", "jsonlines"}
    )

    language: Language = "vi"
    state_dir: FilePath = written("state")
    declared: FilePath = written("declared")
    bundle: Bundle = written({})
    box: Box = written({})
    legs: Annotated[tuple[Leg, ...], AfterValidator(some)] = written([{}])
    core: Core = written({})
    journal: JournalOptions = written({})
    web: Web = written({})
    sockets: Sockets = written({})
    privacy: Privacy = written({})
    portals: Portals = written({})
    probes: Probes = written({})
    screens: Screens = written({})
    evidence: Evidence = written({})
    endpoints: Endpoints = written({})
    report: Report = written({})
    remote_write: RemoteWrite = written({})
    peripherals: Peripherals = written({})
    province: Province = written({})
    sinks: tuple[AnySink, ...] = ()
    detectors: dict[str, dict[str, Any]] = written({})

    @model_validator(mode="after")
    def _names_differ(self) -> Config:
        _once("legs", (leg.name for leg in self.legs))
        _once("sinks", (sink.name for sink in self.sinks))
        _once("legs", (leg.interface for leg in self.legs), "interface")
        return self

    @model_validator(mode="after")
    def _echo_is_known(self) -> Config:
        if not self.probes.echo and (leg := next((leg for leg in self.legs if "line" in leg.probes), None)):
            raise Unfit(
                whole=Text(
                    f'chân mạng "{leg.name}" có thăm dò "line" nhưng [probes] echo chưa ghi địa chỉ vonggac soc-echo',
                    f'the leg "{leg.name}" names the probe "line", but [probes] echo has no address of vonggac soc-echo',
                )
            )
        return self

    @model_validator(mode="after")
    def _detectors_exist(self) -> Config:
        known = detector_modules()
        for module in self.detectors:
            if module not in known:
                meant = nearest(module, known) or ", ".join(known)
                raise Unfit(
                    whole=Text(
                        f"không có quy tắc [detectors.{module}], gần nhất là {meant}", f"there is no detector [detectors.{module}], the nearest is {meant}"
                    )
                )
        return self


def _once(table: str, names: Iterable[str], key: str = "name") -> None:
    name, times = max(Counter(names).items(), key=lambda item: item[1], default=("", 0))
    if times > 1:
        raise Unfit(whole=Text(f'hai bảng [[{table}]] có cùng {key} "{name}"', f'two tables [[{table}]] have the same {key} "{name}"'))
