"""By what it can be told that two segments are one network (VG-NET-01), and what each technique says of a pair now.

The ladder, strongest first: proven_shared_l2 > shared_l2 > same_subnet > routed_reachable > same_line_only. Silence proves nothing: ports may be
kept apart from one another (client isolation), or the switch may hold broadcasts back, so a technique is `over` only where it had fired before.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Literal

import msgspec

from model import segments
from model.naming import segment_name
from model.nonce import SENT_TTL
from model.rows import Asset, Segment
from model.text import Text
from model.times import DAY, MINUTE, SECOND
from model.verdict import Evidence, Grade, Severity
from model.wire.proof import Crossing, Offer, Run, crossings_of, is_shared, runs_of
from model.wirefacts import ProbeKind
from model.wording import shared_segment as words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from model.site import SiteView

LADDER = ("proven_shared_l2", "shared_l2", "same_subnet", "routed_reachable", "same_line_only")
Pair = tuple[Segment, Segment]
Outcome = Literal["fired", "silent", "unable", "over"]

# A nonce crosses in milliseconds; only after this is its silence a silence.
SETTLED = 10 * SECOND
# Answers to one DISCOVER come within this, and both shapes of a run are sent within it.
_TOGETHER = 2 * MINUTE
# Findings.md: three times negative both ways over a day.
_TIMES, _OVER = 3, DAY
_SENT: tuple[ProbeKind, ...] = ("nonce_raw", "nonce_udp", "routed")
_WEEK = 7 * DAY
_EXAMPLES = 8


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What one technique says: `at` is its last look (0: none); `said` a sentence, or why it could not look; the rest where it fired."""

    name: str
    outcome: Outcome
    at: int = 0
    said: Text = words.NOT_ASKED
    rung: str = ""
    severity: Severity = Severity.LOW
    grade: Grade = Grade.LIKELY
    evidence: tuple[Evidence, ...] = ()
    state: tuple[tuple[str, str], ...] = ()

    @property
    def rank(self) -> tuple[int, int]:
        """How much it weighs: how bad first, then its rung."""
        return self.severity.rank, -LADDER.index(self.rung)


def all_of(view: SiteView, pair: Pair, crossings: int) -> list[Told]:
    """Every technique's word on a pair; `crossings`: how often a device must be heard on both at once to count."""
    sent = nonces(view, pair)
    return [
        sent,
        heard_on_both(view, pair, crossings, _negatives(view, pair) if sent.outcome == "over" else None),
        dhcp(view, pair),
        gateways(view, pair),
        routed(view, pair),
        line(view, pair),
    ]


def name_of(view: SiteView, segment: Segment) -> str:
    """What people call a segment."""
    return segment_name(view.declared, segment.id)


class _Way(msgspec.Struct, frozen=True):
    """One direction of a pair: nonces leave untagged on `origin`, and may come in on `other`."""

    origin: Segment
    other: Segment

    def heard(self, view: SiteView, *shapes: str) -> list[Crossing]:
        """The nonces of these shapes that came over, oldest first."""
        found = crossings_of(view, self.origin.leg, self.other.id).values()
        return sorted((crossing for crossing in found if crossing.shape in shapes), key=lambda crossing: crossing.sent)

    def runs(self, view: SiteView, probe: ProbeKind) -> list[Run]:
        """The runs of a probe that way, oldest first."""
        return runs_of(view, self.origin.leg, probe, self.other.leg)

    def passing(self, view: SiteView, probe: ProbeKind, since: int = 0) -> list[Run]:
        """Those after `since` whose silence means something: seen to leave, and somebody listened on the other leg."""
        runs = self.runs(view, probe)
        return [run for run in runs if run.tapped and since < run.stamp.at <= view.now - SETTLED and _listened(view, self.other.leg, run.stamp.at)]


def _ways(pair: Pair) -> list[_Way]:
    """Both directions, but none from a tagged segment: our frames leave untagged."""
    return [_Way(one, other) for one, other in (pair, pair[::-1]) if not one.vlan]


def _listened(view: SiteView, leg: str, at: int) -> bool:
    row = view.legs.get(leg)
    if row is None:
        return False
    return row.seen.first - view.gap(leg) <= at <= row.seen.last + view.gap(leg) and not any(first < at < last for first, last in row.blind)


def nonces(view: SiteView, pair: Pair) -> Told:
    """Signed frames of ours that came over at layer 2: the proof."""
    ways = _ways(pair)
    heard = [(way, crossing) for way in ways for crossing in way.heard(view, "raw", "udp")]
    if not heard:
        return _unheard(view, "nonce", ways, ("nonce_raw", "nonce_udp"))
    negatives = _negatives(view, pair)
    last = max(crossing.seen.last for _, crossing in heard)
    if negatives is not None:
        return Told(name="nonce", outcome="over", at=negatives[1], said=words.nonce_over(_TIMES))
    direct = [(way, crossing) for way, crossing in heard if _is_direct(view, way, crossing)]
    names = name_of(view, pair[0]), name_of(view, pair[1])
    evidence = tuple(_crossed(way, crossing) for way, crossing in heard[-_EXAMPLES:])
    if direct and not _only_mirrored(view, direct):
        both = len({way.origin.id for way, _ in direct}) > 1
        said = words.proven(*names) if both else words.proven_one_way(*_names(view, direct[0][0]))
        state = (("ways", "both" if both else f"{direct[0][0].origin.id}>{direct[0][0].other.id}"),)
        return Told(
            name="nonce", outcome="fired", at=last, said=said, rung=LADDER[0], severity=Severity.HIGH, grade=Grade.PROVEN, evidence=evidence, state=state
        )
    said = words.mirrored(*_names(view, direct[0][0])) if direct else words.relayed(*names)
    return Told(name="nonce", outcome="fired", at=last, said=said, rung="shared_l2", severity=Severity.MEDIUM, evidence=evidence)


def _is_direct(view: SiteView, way: _Way, crossing: Crossing) -> bool:
    """Whether only layer 2 can have brought it: no hop, our own address, and no raw frame of the same run that stayed away (reflectors carry UDP alone)."""
    if crossing.shape == "raw":
        return True
    if not crossing.own or crossing.ttl != SENT_TTL:
        return False
    raws = way.heard(view, "raw")
    return bool(raws) or not any(abs(run.stamp.at - crossing.sent) <= _TOGETHER for run in way.passing(view, "nonce_raw"))


def _only_mirrored(view: SiteView, direct: Sequence[tuple[_Way, Crossing]]) -> bool:
    """A mirror port is given copies of other ports' frames, ours too: it proves nothing alone. What goes in by it and comes out elsewhere does."""
    ways = {way.origin.id: way for way, _ in direct}
    leg = view.legs.get(next(iter(ways.values())).other.leg)
    return len(ways) == 1 and leg is not None and leg.vantage == "mirror"


def _negatives(view: SiteView, pair: Pair) -> tuple[int, int] | None:
    """When the nonces' silence that closes a proof began and when it was last heard; None where it does not suffice."""
    spans = []
    shapes: tuple[tuple[str, ProbeKind], ...] = (("raw", "nonce_raw"), ("udp", "nonce_udp"))
    ways = _ways(pair)
    last = max((crossing.seen.last for way in ways for crossing in way.heard(view, "raw", "udp")), default=0)
    crossed = {crossing.shape for way in ways for crossing in way.heard(view, "raw", "udp")}
    for way in ways:
        for shape, probe in shapes:
            if shape in crossed:
                spans.append(_span(way.passing(view, probe, last)))
    whole = [span for span in spans if span is not None]
    return (min(first for first, _ in whole), min(end for _, end in whole)) if whole and len(whole) == len(spans) else None


def _span(runs: Sequence[Run]) -> tuple[int, int] | None:
    if len(runs) < _TIMES or runs[-1].stamp.at - runs[0].stamp.at < _OVER:
        return None
    return runs[0].stamp.at, runs[-1].stamp.at


def _unheard(view: SiteView, name: str, ways: Sequence[_Way], probes: tuple[ProbeKind, ...]) -> Told:
    """Silent where a run could have been heard, else why it could not."""
    runs = [(way, run) for way in ways for probe in probes for run in way.runs(view, probe)[-1:]]
    passing = [run.stamp.at for way in ways for probe in probes for run in way.passing(view, probe)]
    if passing:
        return Told(name=name, outcome="silent", at=max(passing), said=words.SILENT[name])
    if not runs:
        return Told(name=name, outcome="unable")
    way, run = max(runs, key=lambda found: found[1].stamp)
    return Told(name=name, outcome="unable", at=run.stamp.at, said=_why_unheard(view, way, run))


def _why_unheard(view: SiteView, way: _Way, run: Run) -> Text:
    """Why a run's silence says nothing."""
    if run.outcome != "sent":
        return words.unable(run.detail)
    if not run.tapped:
        return words.UNTAPPED
    return words.WAITING if run.stamp.at > view.now - SETTLED else words.unheard(name_of(view, way.other))


def _names(view: SiteView, way: _Way) -> tuple[str, str]:
    return name_of(view, way.origin), name_of(view, way.other)


def _crossed(way: _Way, crossing: Crossing) -> Evidence:
    """A nonce in the machine's words: shape, direction, hops left, whose address it bore."""
    hops = f" ttl {crossing.ttl}" if crossing.ttl else ""
    relayed = "" if crossing.own else " (relayed)"
    return Evidence("probe", f"nonce {crossing.shape} {way.origin.id} > {way.other.id}{hops}{relayed}", crossing.seen.last)


def heard_on_both(view: SiteView, pair: Pair, crossings: int, silent_since: tuple[int, int] | None) -> Told:
    """The same devices heard on both at once. After nonces showed that nothing crosses any more, what was heard before is history."""
    subject = segments.pair_id(pair[0].id, pair[1].id)
    # A router may rightly stand on both and speak on both at once.
    both = [asset for asset in view.assets.values() if len(asset.crossed.get(subject, ())) >= crossings and not segments.serves(asset)]
    if not both:
        return Told(name="crossing", outcome="silent", said=words.SILENT["crossing"])
    last = max(asset.crossed[subject][-1] for asset in both) * SECOND
    if (silent_since is not None and last < silent_since[0]) or min(view.listened(segment.leg, last) for segment in pair) >= _WEEK:
        return Told(name="crossing", outcome="over", at=last, said=words.ENDED)
    times = sum(len(asset.crossed[subject]) for asset in both)
    many = len(both) > 1
    return Told(
        name="crossing",
        outcome="fired",
        at=last,
        said=words.crossed(name_of(view, pair[0]), name_of(view, pair[1]), len(both), times),
        rung="shared_l2",
        severity=Severity.HIGH if many else Severity.MEDIUM,
        grade=Grade.CONFIRMED if many else Grade.LIKELY,
        evidence=tuple(Evidence("segment", asset.id, last) for asset in both[:_EXAMPLES]),
    )


def dhcp(view: SiteView, pair: Pair) -> Told:
    """The answers to our own DISCOVER on both: one server with one range. A relay serves several networks by right."""
    answers = [_answers(view, segment) for segment in pair]
    if answers[0] is None or answers[1] is None:
        return _asked(view, "dhcp", pair)
    if not (answers[0] and answers[1]):
        return Told(name="dhcp", outcome="unable", said=words.NO_SERVER)
    at = min(runs_of(view, segment.leg, "dhcp")[-1].stamp.at for segment in pair)
    same = [one for one in answers[0] for other in answers[1] if _same_server(one, other)]
    if not same:
        relayed = any(one.server_id == other.server_id for one in answers[0] for other in answers[1])
        return Told(name="dhcp", outcome="silent", at=at, said=words.ONE_SERVER_APART if relayed else words.SILENT["dhcp"])
    return _same_subnet(view, pair, "dhcp", same[0].network, at, Evidence("dhcp", f"{same[0].server_id} {same[0].network}", at))


def _answers(view: SiteView, segment: Segment) -> list[Offer] | None:
    """What servers offered at the last DISCOVER that was sent; None where none was, or only on the untagged side."""
    row = view.wire.proof.get(segment.leg)
    sent = [run for run in runs_of(view, segment.leg, "dhcp") if run.outcome == "sent"]
    if row is None or segment.vlan or not sent:
        return None
    return [offer.value for offer in row.offers.values() if offer.stamp.at >= sent[-1].stamp.at - _TOGETHER]


def _same_server(one: Offer, other: Offer) -> bool:
    """One speaker with one range. Two makers' routers may both be 192.168.1.1: then the speakers differ."""
    return one.server == other.server and not one.shared and one.network == other.network != "" and not (one.relay or other.relay)


def _asked(view: SiteView, probe: ProbeKind, pair: Pair) -> Told:
    runs = [run for segment in pair for run in runs_of(view, segment.leg, probe)[-1:]]
    failed = [run for run in runs if run.outcome != "sent"]
    if not failed:
        return Told(name=probe, outcome="unable")
    return Told(name=probe, outcome="unable", at=failed[-1].stamp.at, said=words.unable(failed[-1].detail))


def gateways(view: SiteView, pair: Pair) -> Told:
    """Who serves both: by own questions, by router advertisements, and by what was heard. One box may rightly serve two networks."""
    one, other = (view.wire.proof.get(segment.leg) if not segment.vlan else None for segment in pair)
    if one is not None and other is not None:
        for ip in sorted(one.gateways.keys() & other.gateways.keys()):
            if asset := next(iter(sorted(one.gateways[ip].keys() & other.gateways[ip].keys())), ""):
                at = max(one.gateways[ip][asset].last, other.gateways[ip][asset].last)
                return _same_subnet(view, pair, "gateway", ip, at, Evidence("address", asset, at))
        for router in sorted(one.prefixes.keys() & other.prefixes.keys()):
            both = one.prefixes[router], other.prefixes[router]
            if common := sorted(set(both[0].value) & set(both[1].value)):
                return _same_subnet(view, pair, "gateway", common[0], both[0].stamp.at, Evidence("ra", f"{router} {common[0]}", both[0].stamp.at))
    asked = [max(seen.last for told in row.gateways.values() for seen in told.values()) for row in (one, other) if row is not None and row.gateways]
    return _served(view, pair, min(asked) if len(asked) > 1 else 0)


def _served(view: SiteView, pair: Pair, asked: int) -> Told:
    both = sorted((asset for asset in view.assets.values() if _serves_both(asset, pair)), key=lambda asset: asset.id)
    if not both:
        return Told(name="gateway", outcome="silent", at=asked, said=words.SILENT["gateway"])
    at = max(asset.seen.last for asset in both)
    evidence = tuple(Evidence("address", asset.id, asset.seen.last) for asset in both)
    shared = sorted(pair[0].ranges.keys() & pair[1].ranges.keys())
    if shared:
        return _same_subnet(view, pair, "gateway", shared[0] + ".0/24", at, *evidence)
    said = words.same_router(name_of(view, pair[0]), name_of(view, pair[1]))
    return Told(name="gateway", outcome="fired", at=at, said=said, rung="same_line_only", evidence=evidence)


def _serves_both(asset: Asset, pair: Pair) -> bool:
    return segments.serves(asset) and all(segment.id in asset.segments for segment in pair) and not all(map(is_shared, asset.macs))


def _same_subnet(view: SiteView, pair: Pair, name: str, prefix: str, at: int, *evidence: Evidence) -> Told:
    said = words.same_subnet(name_of(view, pair[0]), name_of(view, pair[1]), prefix)
    return Told(name=name, outcome="fired", at=at, said=said, rung="same_subnet", severity=Severity.MEDIUM, evidence=evidence)


def routed(view: SiteView, pair: Pair) -> Told:
    """A datagram of ours that came from one leg to the other's address by way of a router: no firewall stands between."""
    ways = _ways(pair)
    heard = [(way, crossing) for way in ways for crossing in way.heard(view, "routed")]
    open_ways = [(way, crossing) for way, crossing in heard if _span(way.passing(view, "routed", crossing.seen.last)) is None]
    if not heard:
        return _unheard(view, "routed", ways, ("routed",))
    if not open_ways:
        return Told(name="routed", outcome="over", at=max(way.passing(view, "routed")[-1].stamp.at for way, _ in heard), said=words.nonce_over(_TIMES))
    way, crossing = open_ways[-1]
    said = words.routed(*_names(view, way), max(0, SENT_TTL - crossing.ttl))
    evidence = tuple(_crossed(*found) for found in open_ways[-_EXAMPLES:])
    at = crossing.seen.last
    return Told(name="routed", outcome="fired", at=at, said=said, rung="routed_reachable", severity=Severity.HIGH, grade=Grade.CONFIRMED, evidence=evidence)


def line(view: SiteView, pair: Pair) -> Told:
    """Where both come out, as the SOC's echo saw it. One address with another router behind it is a carrier's NAT, not one line."""
    rows = [row for segment in pair if (row := view.wire.proof.get(segment.leg)) is not None and row.line is not None]
    if len(rows) < 2:
        return _asked(view, "line", pair)
    held = [row.line for row in rows if row.line is not None]
    one, other = (each.value for each in held)
    at = min(each.stamp.at for each in held)
    same = one.gateway == other.gateway if one.gateway and other.gateway else one.first_hop == other.first_hop and _is_public(one.first_hop)
    if one.address != other.address or not same:
        return Told(name="line", outcome="silent", at=at, said=words.CARRIER_NAT if one.address == other.address else words.SILENT["line"])
    said = words.same_line(name_of(view, pair[0]), name_of(view, pair[1]), one.address)
    return Told(name="line", outcome="fired", at=at, said=said, rung="same_line_only", evidence=(Evidence("address", one.address, at),))


def _is_public(ip: str) -> bool:
    """Every second home router is 192.168.1.1: only an address of the world tells one from another."""
    try:
        return ipaddress.ip_address(ip).is_global
    except ValueError:
        return False


def settles(view: SiteView, pair: Pair) -> int:
    """When the latest run between the two is settled and may be judged by its silence, ns; 0 when every one is."""
    last = max((run.stamp.at for way in _ways(pair) for probe in _SENT for run in way.runs(view, probe)[-1:]), default=0)
    return last + SETTLED if last + SETTLED > view.now else 0


def looked(told: Sequence[Told]) -> Iterator[Evidence]:
    """Each technique and what came of it, in the machine's words, for those who check the verdict."""
    for each in told:
        if each.at or each.outcome == "unable":
            yield Evidence("probe", f"{each.name} {each.outcome}", each.at)
