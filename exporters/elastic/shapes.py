"""The objects of a stored document (ECS 9.4, the rest under `vonggac`): what is empty is left out when they are encoded.

`fields.py` has the same names with the engine's types. The garbage collector does not look at them: there are a dozen a document, and none stands in a circle.
"""

from __future__ import annotations

import msgspec

from exporters.contract import EvidenceLine
from model.text import Text


class _Shape(msgspec.Struct, omit_defaults=True, gc=False):
    pass


class Ecs(_Shape):
    """Which schema."""

    version: str


class DataStream(_Shape):
    """Elastic's naming scheme of data streams."""

    type: str
    dataset: str
    namespace: str


class Event(_Shape):
    """What kind of thing the document tells, when, how bad. Times are RFC 3339."""

    id: str
    module: str
    dataset: str
    created: str
    kind: str
    category: list[str]
    type: list[str]
    action: str
    outcome: str | None = None
    severity: int | None = None
    risk_score: float | None = None
    sequence: int | None = None
    reason: str = ""
    url: str = ""
    start: str | None = None
    end: str | None = None


class Host(_Shape):
    """A device."""

    id: str = ""
    name: str = ""
    ip: list[str] = []
    mac: list[str] = []


class Observer(_Shape):
    """The box."""

    type: str
    product: str
    name: str = ""
    version: str = ""


class Organization(_Shape):
    """Whose site it is."""

    id: str = ""
    name: str = ""


class Related(_Shape):
    """Addresses, devices and people, for an analyst's search."""

    ip: list[str] = []
    hosts: list[str] = []
    user: list[str] = []


class Rule(_Shape):
    """The detector."""

    id: str
    name: str
    ruleset: str
    category: str
    version: str = ""


class Subtechnique(_Shape):
    """ATT&CK."""

    id: list[str]


class Technique(_Shape):
    """ATT&CK."""

    id: list[str]
    subtechnique: Subtechnique | None = None


class Threat(_Shape):
    """ATT&CK."""

    framework: str
    technique: Technique


class Both(_Shape):
    """A sentence in both languages."""

    vi: str = ""
    en: str = ""


class Site(_Shape):
    """Where."""

    id: str = ""
    name: str = ""
    commune: str = ""
    province: str = ""


class About(_Shape):
    """The subject."""

    kind: str
    id: str = ""
    name: str = ""


class Standing(_Shape):
    """A finding's life."""

    id: str
    state: str
    step: str
    sequence: int
    times: int
    since: str | None
    opened: str | None = None
    updated: str | None = None
    owner: str = ""
    accepted_until: str | None = None


class Because(_Shape):
    """Why a change came."""

    kind: str
    by: str = ""
    why: str = ""


class Judged(_Shape):
    """A posture's own."""

    outcome: str
    unseen_seconds: int


class Counts(_Shape, kw_only=True):
    """A sensor in a heartbeat."""

    sensor: str
    leg: str
    state: str
    interface: str = ""
    vantage: str = ""
    message: str = ""
    received: int
    dropped: int
    decoded: int
    undecodable: int
    flows: int
    flows_dropped: int
    flows_cut: int
    first: str | None = None
    last: str | None = None


class Beat(_Shape):
    """A heartbeat's own."""

    queued: int
    oldest: str | None = None
    lost: dict[str, int] = {}
    sensors: list[Counts] = []


class ViewRow(_Shape):
    """Which row of a site's view."""

    kind: str
    id: str = ""
    gone: bool | None = None


class Sealed(_Shape):
    """What the province checks; `payload` and `signature` stand in no mapping, so that they are kept and not indexed."""

    payload: str
    signature: str
    key: str


class Own(_Shape):
    """All that ECS has no field for."""

    schema: int
    box: str = ""
    site: Site | None = None
    subject: About | None = None
    severity: str = ""
    grade: str = ""
    urgency: str = ""
    title: Both | None = None
    summary: Both | None = None
    reason: Both | None = None
    evidence: tuple[EvidenceLine, ...] = ()
    remedy: tuple[Text, ...] = ()
    source_findings: tuple[int, ...] = ()
    mitigations: list[str] = []
    facets: dict[str, str] = {}
    finding: Standing | None = None
    cause: Because | None = None
    posture: Judged | None = None
    health: Beat | None = None
    row: ViewRow | None = None
    signed: Sealed | None = None
    epoch: int | None = None
    sequence: int | None = None


class Stored(_Shape, kw_only=True):
    """A whole document."""

    timestamp: str = msgspec.field(name="@timestamp")
    message: str = ""
    tags: list[str]
    labels: dict[str, str] = {}
    ecs: Ecs
    data_stream: DataStream
    event: Event
    observer: Observer
    host: Host | None = None
    organization: Organization | None = None
    related: Related | None = None
    rule: Rule | None = None
    threat: Threat | None = None
    vonggac: Own
