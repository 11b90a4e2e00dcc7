"""A province written straight into an engine, in the documents of docs/decisions/012-the-province.md: what the projector would have made of its boxes."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from exporters.elastic.ecs import Origin, SitePlace, document, nested
from exporters.elastic.state import StateIndex, index_name, state_id
from model.declared import Declared
from model.fleet.declared import FleetBox, FleetDeclared, FleetSite
from model.fleet.signed import FIRST_EPOCH, key_id, signed_bytes
from model.fleet.targets import targets_of
from model.ledger import Change, finding_id
from model.ports import Health, Observed, OutboxRow, Posture, Signed, Told
from model.rows import Sensor
from model.text import Text
from model.times import DAY, MINUTE, SECOND, rfc3339
from model.verdict import Grade, Outcome, Severity, Subject
from tests.console import commune, gates, machines, wires
from tests.console.commune import NOW, Journal
from tests.servers.engine import Engine

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
ABOUTS = tuple({about.id: about for about in (*machines.PC_ABOUTS, *gates.PORTAL_ABOUTS)}.values())
EPOCH = FIRST_EPOCH + 1


def verify(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature holds."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass
class Place:
    """One site as the province has it: who it is, what its box would show, when it was heard last (ns; 0: never)."""

    site: str
    name: str
    journal: Journal = field(default_factory=Journal)
    heard: int = NOW - 20 * SECOND
    details: Declared | None = None
    group: str = "Cụm Đông"
    box: str = ""

    @property
    def own_box(self) -> str:
        return self.box or f"box-{self.site}"


def small() -> list[Place]:
    """A province of twelve: each kind of trouble once, one silent, one never heard, the rest quiet."""
    bad = Place("xa-a", "Trung tâm phục vụ hành chính công xã A", commune.busy(), details=commune.DECLARED)
    web = Place("tinh", "Văn phòng UBND tỉnh", gates.province(2), details=gates.declared(2), group="Khối tỉnh")
    pcs = Place("xa-b", "Trung tâm phục vụ hành chính công xã B", machines.centre(), details=machines.DECLARED)
    wired = Place("xa-c", "Trung tâm phục vụ hành chính công xã C", wires.network_site(6, 4), details=wires.SITE, group="Cụm Tây")
    silent = Place("xa-im", "Trung tâm phục vụ hành chính công xã Im", commune.quiet(), heard=NOW - 3 * DAY, group="Cụm Tây")
    never = Place("xa-moi", "Trung tâm phục vụ hành chính công xã Mới", heard=0, group="Cụm Tây")
    lured = Place("xa-d", "Trung tâm phục vụ hành chính công xã D", Journal(others=[commune.sensor()], watched=[gates.clean_row(gates.PORTALS[3])]))
    for place, number in ((web, 1), (lured, 9)):
        led = gates.redirected(number, gates.BAD if place is web else gates.CLEAN)
        place.journal.changes = [lure(led, "play88"), *place.journal.changes[1:]]
    quiet = [Place(f"xa-{n:02}", f"Trung tâm phục vụ hành chính công xã số {n}", commune.quiet()) for n in range(1, 6)]
    return [bad, web, pcs, wired, silent, never, lured, *quiet]


def lure(change: Change, target: str) -> Change:
    """The finding with where it leads to."""
    return msgspec.structs.replace(change, finding=msgspec.structs.replace(change.finding, facets=(("targets", target),)))


def declared_of(places: Sequence[Place]) -> FleetDeclared:
    """The roster."""
    return FleetDeclared(
        province="27",
        name="Tỉnh thử nghiệm",
        sites={place.site: FleetSite(site=place.site, name=place.name, group=place.group, details=place.details) for place in places},
        boxes=tuple(FleetBox(box=place.own_box, site=place.site, key=PUBLIC) for place in places),
    )


@dataclass
class Filled:
    """The state of a province in an engine, under a namespace of its own."""

    server: Engine
    namespace: str

    def install(self) -> None:
        """The indices with their mapping, and the stream of findings."""
        from exporters.elastic.state_templates import STATES, state_mappings

        for name in STATES:
            settings = {"number_of_shards": 1, "number_of_replicas": 0}
            assert self.server.call("PUT", f"/{index_name(name, self.namespace)}", {"settings": settings, "mappings": state_mappings()}).status == 200  # type: ignore[arg-type] # of the closed set
        body = {"index_patterns": [f"logs-vonggac.finding-{self.namespace}"], "data_stream": {}, "priority": 900, "template": {"mappings": state_mappings()}}
        assert self.server.call("PUT", f"/_index_template/stream-{self.namespace}", body).status == 200

    def write(self, places: Sequence[Place]) -> None:
        """All of these places, over what was there of them."""
        self.bulk([pair for place in places for pair in self.documents(place)])

    def bulk(self, rows: Sequence[tuple[str, str, dict[str, Any]]]) -> None:
        """Documents by index and id; an index that is a stream takes only new ones."""
        lines: list[object] = []
        for index, doc_id, doc in rows:
            lines += [{"create" if index.startswith("logs-") else "index": {"_index": index, "_id": doc_id}}, doc]
        answer = self.server.call("POST", "/_bulk?refresh=true", lines).json()
        assert not answer["errors"], [item for item in answer["items"] if "error" in str(item)][:2]

    def documents(self, place: Place) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Index, id and document of everything that is known of a place."""
        journal = place.journal
        for change in journal.changes:
            yield from self._finding(place, change, journal.told.get(change.finding.id, []))
        numbers = {about.id: about.findings for about in ABOUTS}
        for verdict in journal.judged:
            posture = Posture(site=place.site, at=NOW, findings=numbers.get(verdict.detector, ()), verdict=verdict)
            doc_id = state_id(place.site, verdict.detector, verdict.subject.kind, verdict.subject.id)
            yield self._state("posture", doc_id, self._row("posture", posture), posture)
        for kind, row_id, row in rows_of(journal):
            seen = Observed(site=place.site, at=NOW, kind=kind, id=row_id, row=msgspec.json.encode(row).decode())
            yield self._state("row", state_id(place.site, kind, row_id), self._row("observation", seen), row)
        if place.heard:
            sensors = tuple(row for row in journal.others if isinstance(row, Sensor))
            health = Health(site=place.site, at=place.heard, box=place.own_box, queued=3, oldest_at=place.heard - MINUTE, sensors=sensors)
            yield self._state("box", state_id(place.own_box, place.site), self._row("health", health), health, heard_at=rfc3339(place.heard))

    def _finding(self, place: Place, change: Change, told: Sequence[Change]) -> Iterator[tuple[str, str, dict[str, Any]]]:
        finding_at = finding_id(place.site, change.finding.detector, change.finding.subject)
        moved = [self._moved(place, each, finding_at) for each in (*told, change)]
        last = moved[-1]
        targets = list(targets_of(last.finding))
        row = self._row("finding", Told(change=last), last.at, place.name, place.site)
        yield self._state("finding", finding_at, row, last, **({"target": targets} if targets else {}))
        for sequence, each in enumerate(moved[:-1] or moved, 1):
            yield self.signed(place, each, sequence)

    def _moved(self, place: Place, change: Change, finding: str) -> Change:
        return msgspec.structs.replace(change, finding=msgspec.structs.replace(change.finding, site=place.site, id=finding))

    def signed(self, place: Place, change: Change, sequence: int, key: Ed25519PrivateKey = KEY) -> tuple[str, str, dict[str, Any]]:
        """A change as the place's box would have sent it."""
        doc_id = hashlib.sha256(f"{place.site}|{change.finding.id}|{sequence}".encode()).hexdigest()[:26]
        bare = Signed(
            payload=msgspec.json.encode(Told(change=change)).decode(), signature="", key=key_id(key.public_key().public_bytes_raw()), epoch=EPOCH,
            sequence=sequence,
        )  # fmt: skip
        signature = urlsafe_b64encode(key.sign(signed_bytes(place.own_box, doc_id, bare))).decode().rstrip("=")
        row = OutboxRow(
            seq=sequence, id=doc_id, stream="finding", at=change.at, document=Told(change=change), signed=msgspec.structs.replace(bare, signature=signature)
        )  # fmt: skip
        stream, doc = document(row, self.namespace, Origin(box=place.own_box))
        return stream, doc_id, doc

    def _row(self, stream: Any, what: Any, at: int = NOW, name: str = "", site: str = "") -> dict[str, Any]:
        origin = Origin(sites={site: SitePlace(name=name)} if site else {})
        return document(OutboxRow(seq=1, id="x", stream=stream, at=at, document=what), self.namespace, origin)[1]

    def _state(self, index: StateIndex, doc_id: str, doc: dict[str, Any], payload: object, **beside: object) -> tuple[str, str, dict[str, Any]]:
        own = nested({f"vonggac.{name}": value for name, value in beside.items()}).get("vonggac", {})
        doc["vonggac"] = {**doc["vonggac"], **own, "payload": msgspec.json.encode(payload).decode()}
        return index_name(index, self.namespace), doc_id, doc


def rows_of(journal: Journal) -> Iterator[tuple[str, str, Any]]:
    """The rows of a view with kind and id, as the box's journal has them; sensors come with heartbeats."""
    yield from (("asset", row.id, row) for row in journal.devices)
    yield from (("portal", row.id, row) for row in journal.watched)
    yield from (("pc", row.id, row) for row in journal.machines)
    kinds = {"Segment": "segment", "Leg": "leg", "Episode": "episode", "FeedRow": "feed", "ProofRow": "proof", "PluggedRow": "plugged"}
    for row in journal.others:
        if not isinstance(row, Sensor):
            yield kinds[type(row).__name__], getattr(row, "id", None) or getattr(row, "name", ""), row


def hostile(names: Sequence[str]) -> list[Place]:
    """Sites of one box each at which everything a stranger names is hostile; their own names too."""
    found = []
    for number, name in enumerate(names, 1):
        text = Text(name, name)
        told: dict[str, object] = {"summary": text, "owner": name, "remedy": (text,), "facets": (("targets", name),)}
        about = commune.finding(number, Subject("asset", f"a{number:016x}"), Severity.HIGH, Grade.LIKELY, text, **told)
        device = commune.asset(number, name)
        journal = Journal(changes=[commune.change(about, name, ips=(name,), macs=(name,))], devices=[device], others=[commune.sensor(message=name)])
        journal.judged = [commune.lamps(number, Outcome.UNKNOWN, "yes", name, name, name, families=name)]
        found.append(Place(f"x{number}", name, journal, group=name))
    return found
