"""A province's state in Elasticsearch or OpenSearch, as its page asks for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec

from exporters.elastic.fleet_asking import (
    MOST_SITES,
    PAYLOAD,
    SITE,
    Asking,
    Json,
    Search,
    Version,
    buckets,
    by_site,
    hits,
    read_payload,
    terms,
    total,
)  # fmt: skip
from exporters.elastic.options import ElasticOptions
from exporters.elastic.site_reader import SiteReader
from exporters.elastic.state import StateIndex
from model.fleet.declared import FleetDeclared
from model.fleet.ports import NOBODY, Asked, Campaign, CoverageStanding, Found, MatterStanding, SiteStanding
from model.fleet.silence import Watch, heard
from model.fleet.verify import Verifier
from model.inspection.counted import about_pcs
from model.inspection.counting import WORST
from model.inspection.matters import MATTERS
from model.ledger import STANDING, Change
from model.times import SECOND
from model.verdict import Outcome, Severity

# The engine pages no further by counting than this; who wants more narrows the list.
DEEPEST: Final = 10_000
# A province has news each second; its sites and the fifteen are counted anew at most this often, seconds, for as many as look.
POLL: Final = 3.0
# Campaigns are folded from so many open findings at most, the worst.
_MOST_LED: Final = 5_000
_MOST_CAMPAIGNS: Final = 200
_MILLISECOND: Final = 1_000_000
_COVERAGE: Final = "VG-COV-01"
_STATE: Final = "vonggac.finding.state"
_OUTCOME: Final = "vonggac.posture.outcome"
_NUMBERS: Final = "vonggac.source_findings"
# What PCs tell themselves: by the rules of that, and by the roster's of the PCs on it.
_BY_PCS: Final[tuple[Json, ...]] = ({"prefix": {"rule.id": "VG-END-"}}, terms({"rule.id": _COVERAGE}, {"vonggac.subject.kind": "asset"}))
_TROUBLE: Final = [Outcome.VIOLATION.value, Outcome.UNKNOWN.value]
# Every verdict, whatever it counts for.
_ANY: Final = "any"
_SITES: Final = {"terms": {"field": SITE, "size": MOST_SITES}}
_WORST_FIRST: Final = [
    {"event.severity": {"order": "desc", "unmapped_type": "long"}},
    {"vonggac.finding.opened": {"order": "desc", "missing": "_last", "unmapped_type": "date"}},
    {"vonggac.finding.id": {"order": "asc", "unmapped_type": "keyword"}},
]

_change: Final = msgspec.json.Decoder(Change).decode


class ElasticFleet:
    """Implements `model.fleet.ports.FleetReader`. Raises EngineError."""

    def __init__(
        self,
        options: ElasticOptions,
        declared: Callable[[], FleetDeclared],
        now: Callable[[], int],
        *,
        verify: Verifier,
        watch: Callable[[], Watch] | None = None,
    ) -> None:
        """`now` in ns; `verify` checks the boxes' signatures in a finding's history. `watch`: since when the province reads heartbeats without a gap.

        Without `watch`, the newest heartbeat of any box stands for how far the province has read. Connects at the first question. Raises OptionsError.
        """
        self._asking = Asking(options)
        self._declared = declared
        self._now = now
        self._watch = watch
        self._verify = verify
        indices = [self._asking.state("finding"), self._asking.state("posture")]
        self._version = Version(self._asking, indices, {"match_all": {}}, now, POLL)
        self._sites: dict[str, SiteReader] = {}

    async def sites(self) -> Sequence[SiteStanding]:
        """Every declared site, worst first."""
        severities = [severity.value for severity in Severity]
        outcomes = [outcome.value for outcome in Outcome]
        found = await self._asking.all(
            [
                *(self._count("finding", terms({_STATE: "open"}, {"vonggac.severity": severity})) for severity in severities),
                self._count("finding", terms({_STATE: "accepted"})),
                *(self._count("posture", terms({_OUTCOME: outcome})) for outcome in outcomes),
                Search(self._asking.state("box"), {"size": 0, "aggs": {"sites": {**_SITES, "aggs": {"last": {"max": {"field": "vonggac.heard_at"}}}}}}),
            ]
        )
        opened = dict(zip(severities, map(by_site, found), strict=False))
        accepted = by_site(found[len(severities)])
        judged = dict(zip(outcomes, map(by_site, found[len(severities) + 1 : -1]), strict=True))
        last = {each["key"]: int(each["last"]["value"] or 0) * _MILLISECOND for each in buckets(found[-1], "sites")}
        return sorted(self._standings(opened, accepted, judged, last), key=worst_first)

    def _standings(
        self, opened: dict[str, dict[str, int]], accepted: dict[str, int], judged: dict[str, dict[str, int]], last: dict[str, int]
    ) -> list[SiteStanding]:
        declared, now = self._declared(), self._now()
        watch = self._watch() if self._watch else Watch(at=max(last.values(), default=0))
        since: dict[str, list[int]] = {}
        for line in declared.boxes:
            if not line.until or now < line.until:
                since.setdefault(line.site, []).append(line.since)
        return [
            SiteStanding(
                site=site.site,
                name=site.name,
                commune=site.commune,
                group=site.group,
                heard=heard(last.get(site.site, 0), max(site.since, min(since[site.site])), watch, now) if site.site in since else "unknown",
                heard_at=last.get(site.site, 0),
                open={severity: found[site.site] for severity, found in opened.items() if site.site in found},
                accepted=accepted.get(site.site, 0),
                outcomes={outcome: found[site.site] for outcome, found in judged.items() if site.site in found},
                boxes=len(since.get(site.site, ())),
            )
            for site in declared.sites.values()
        ]

    async def matters(self, sites: Sequence[str] = ()) -> Sequence[MatterStanding]:
        """The fifteen over these sites, all of them unless told. One search a matter: an engine bounds what one search may count."""
        asked = set(sites) or self._declared().sites.keys()
        searches = [self._matter(number, sites) for number in range(1, len(MATTERS) + 1)]
        found = await self._asking.all(searches, "responses.aggregations.*.count.count")
        return [_matter_of(number, answered, len(asked)) for number, answered in enumerate(found, 1)]

    def _matter(self, number: int, sites: Sequence[str]) -> Search:
        """For each outcome the number of sites that stand there or worse: a site counts once, at its worst. A network cannot clear what is about PCs."""
        pcs = about_pcs(number)
        filters = {outcome.value: _upto(WORST[: rank + 1], pcs=pcs) for rank, outcome in enumerate(WORST)}
        counting = {"sites": _SITES, "count": {"stats_bucket": {"buckets_path": "sites>_count"}}}
        aggs = {name: {"filter": those, "aggs": counting} for name, those in {**filters, _ANY: {"match_all": {}}}.items()}
        return Search(self._asking.state("posture"), {"size": 0, "query": self._of_sites({_NUMBERS: number}, *only(sites)), "aggs": aggs})

    async def findings(self, asked: Asked) -> Found:
        """Findings as they stand, the province's acts laid over them; none beyond the first ten thousand."""
        start, limit = min(max(0, asked.start), DEEPEST), max(0, asked.limit)
        body = {
            "from": start,
            "size": min(limit, DEEPEST - start),
            "query": query_of(asked),
            "sort": _WORST_FIRST,
            "track_total_hits": True,
            "_source": [PAYLOAD],
        }
        found = await self._asking.one(Search(self._asking.state("finding"), body))
        return Found(total=total(found), changes=[change_of(hit) for hit in hits(found)])

    async def finding(self, finding: str) -> Sequence[Change]:
        """The changes of one finding, oldest first; none for one that is not known."""
        body = {"size": 1, "query": terms({"vonggac.finding.id": finding}), "_source": [PAYLOAD]}
        known = hits(await self._asking.one(Search(self._asking.state("finding"), body)))
        return await self.site(change_of(known[0]).finding.site).history(finding) if known else ()

    async def campaigns(self) -> Sequence[Campaign]:
        """Campaigns that stand, largest first: open findings of two portals at least that lead to one place."""
        query = terms({_STATE: "open"})
        query["bool"]["filter"].append({"exists": {"field": "vonggac.target"}})
        body = {
            "size": _MOST_LED,
            "query": query,
            "sort": _WORST_FIRST,
            "_source": ["vonggac.target", SITE, "vonggac.finding.id", "vonggac.subject.id", "vonggac.finding.since"],
        }
        return campaigns_of([hit["_source"]["vonggac"] for hit in hits(await self._asking.one(Search(self._asking.state("finding"), body)))])

    async def coverage(self) -> Sequence[CoverageStanding]:
        """What the rule of coverage says of all sites' sensors, PCs and portals, by kind."""
        kinds = {"terms": {"field": "vonggac.subject.kind", "size": 10}, "aggs": {"outcomes": {"terms": {"field": _OUTCOME, "size": 10}}}}
        body = {
            "size": 0,
            "query": self._of_sites({"rule.id": _COVERAGE}),
            "aggs": {"kinds": kinds},
        }
        found = await self._asking.one(Search(self._asking.state("posture"), body))
        return [
            CoverageStanding(kind=each["key"], outcomes={inner["key"]: inner["doc_count"] for inner in each["outcomes"]["buckets"]})
            for each in sorted(buckets(found, "kinds"), key=lambda each: str(each["key"]))
        ]

    async def owners(self) -> Sequence[str]:
        """Who has taken findings that stand, by name; the first hundred."""
        body = {"size": 0, "query": terms({_STATE: list(STANDING)}), "aggs": {"owners": {"terms": {"field": "vonggac.finding.owner", "size": 100}}}}
        return sorted(str(each["key"]) for each in buckets(await self._asking.one(Search(self._asking.state("finding"), body)), "owners"))

    def site(self, site: str) -> SiteReader:
        """One site as its box's journal would give it, for the same views."""
        if site not in self._sites:
            self._sites[site] = SiteReader(self._asking, site, self._declared, self._now, self._verify)
        return self._sites[site]

    async def wait(self, version: int, wait: float) -> int:
        """As JournalReader.wait, for pages that are live."""
        return await self._version.wait(version, wait)

    async def close(self) -> None:
        """Lets go of connections."""
        await self._asking.close()

    def _of_sites(self, *wanted: Mapping[str, object]) -> Json:
        """A query for what is of a site: the province speaks of itself under its own code."""
        query = terms(*wanted)
        query["bool"]["must_not"] = [{"term": {SITE: self._declared().province}}]
        return query

    def _count(self, index: StateIndex, query: Json) -> Search:
        return Search(self._asking.state(index), {"size": 0, "query": query, "aggs": {"sites": _SITES}})


def worst_first(site: SiteStanding) -> tuple[object, ...]:
    """Where a tile stands: what is critical or high before all, then who is not heard, then the rest; by name at the end."""
    severe = tuple(-site.open.get(severity, 0) for severity in ("critical", "high"))
    slight = tuple(-site.open.get(severity, 0) for severity in ("medium", "low"))
    return (*severe, ("silent", "never", "unknown", "heard").index(site.heard), *slight, -site.outcomes.get("unknown", 0), site.name, site.site)


def query_of(asked: Asked) -> Json:
    """What narrows the list, as a query."""
    wanted: list[Mapping[str, object]] = [
        *only(asked.sites),
        *([{_STATE: list(asked.states)}] if asked.states else ()),
        *([{"vonggac.severity": asked.severity}] if asked.severity else ()),
        *([{"rule.id": asked.detector}] if asked.detector else ()),
        *([{_NUMBERS: asked.number}] if asked.number else ()),
        *([{"vonggac.finding.owner": asked.owner}] if asked.owner and asked.owner != NOBODY else ()),
    ]
    query = terms(*wanted)
    if asked.owner == NOBODY:
        query["bool"]["must_not"] = [{"exists": {"field": "vonggac.finding.owner"}}]
    return query


def only(sites: Sequence[str]) -> list[Mapping[str, object]]:
    """What narrows to some sites; nothing for all of them."""
    return [{SITE: list(sites)}] if sites else []


def _upto(outcomes: Sequence[Outcome], *, pcs: bool) -> Json:
    """The verdicts at these outcomes; where it is about `pcs`, of those that are no trouble only what PCs told."""
    those = terms({_OUTCOME: [outcome.value for outcome in outcomes]})
    return {"bool": {**those["bool"], "should": [terms({_OUTCOME: _TROUBLE}), *_BY_PCS], "minimum_should_match": 1}} if pcs else those


def _matter_of(number: int, answered: Json, sites: int) -> MatterStanding:
    """The engine counts those at an outcome or worse: what two of them differ by stands at the one. What nothing that counts was said of is unknown."""
    found = {name: int(each.get("count", {}).get("count", 0)) for name, each in answered.get("aggregations", {}).items()}
    upto = [found.get(outcome.value, 0) for outcome in WORST]
    counts = {outcome.value: count - before for outcome, count, before in zip(WORST, upto, (0, *upto), strict=False)}
    counts[Outcome.UNKNOWN.value] += found.get(_ANY, 0) - upto[-1]
    return MatterStanding(number=number, sites=counts, unheard=max(0, sites - found.get(_ANY, 0)))


def change_of(hit: Json) -> Change:
    """The change that a state document holds. Raises EngineError for one that this version cannot read."""
    return read_payload(hit, _change)


def campaigns_of(led: Sequence[Json]) -> list[Campaign]:
    """Campaigns among open findings, each given as the `vonggac` part of its state document."""
    members: dict[str, list[Json]] = {}
    for each in led:
        targets = each.get("target", ())
        for target in [targets] if isinstance(targets, str) else targets:
            members.setdefault(target, []).append(each)
    found = [
        Campaign(
            target=target,
            sites=tuple(sorted({each["site"]["id"] for each in those})),
            findings=tuple(sorted(each["finding"]["id"] for each in those)),
            since=min(_instant(each["finding"].get("since", "")) for each in those),
        )
        for target, those in members.items()
        if len({(each["site"]["id"], each["subject"]["id"]) for each in those}) > 1
    ]
    return sorted(found, key=lambda campaign: (-len(campaign.findings), campaign.target))[:_MOST_CAMPAIGNS]


def _instant(written: str) -> int:
    return int(datetime.fromisoformat(written).timestamp()) * SECOND if written else 0
