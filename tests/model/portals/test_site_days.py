"""2,000 site-days of portals on which nothing is wrong: whatever portals do by themselves, nobody is woken.

The churn is scripted and the dice have a fixed seed. It says what the rules do with what was thought of; how often they err in the field was not measured.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from model.portals.declared import Portal
from model.times import DAY, HOUR, MINUTE, SECOND
from model.webfacts import Sign
from tests.model.portals.making import LAWFUL, Eyes, engine_of, hop, known, take, told

PORTALS, DAYS = 50, 40
WATCHING = ("desktop", "mobile", "search_google", "english", "crawler_google")
CHURN = ("outage", "challenge", "certificate", "moved_host", "analytics", "stale_node", "redesign", "address", "migration", "closed", "language", "bot_block")

POLICE = Sign(kind="topic", value="công an triệt phá đường dây cá độ bóng đá bong88", hits=9)
LOTTERY = Sign(kind="topic", value="kết quả xổ số kiến thiết", hits=4)
TITLES = ("Chúc mừng năm mới", "Lịch tiếp công dân", "Công an tỉnh triệt phá sòng bạc", "Đại hội Đảng bộ", "Xổ số kiến thiết nộp ngân sách")


class Site:
    """One portal with its habits, its state, and the day's happenings."""

    def __init__(self, number: int, dice: random.Random) -> None:
        self.id = f"xa-{number:02}"
        self.host = f"{self.id}.example.gov.vn"
        self.eyes = Eyes(self.id, self.host)
        self.dice = dice
        self.scripts = ("www.google-analytics.com", "cdn.vendor.test", f"lib{number % 5}.test")
        self.links = ("www.facebook.com", "bao.example.gov.vn", f"bao{number}.test")
        self.generator, self.issuer, self.address = "Liferay 7.3", "CN=R10, O=Let's Encrypt", f"45.119.{number}.1"
        self.entries, self.closed, self.moved, self.hosts = 200 + number, False, "", ()

    def day(self, day: int) -> Iterator[Any]:
        """All facts of one day: two rounds, news, a sitemap, sometimes something happens."""
        happens = self.dice.choice(CHURN) if day > 1 and self.dice.random() < 0.2 else ""
        self._change(happens)
        news = self.dice.getrandbits(64) - (1 << 63)
        for half in range(2):
            at = day * DAY + half * 12 * HOUR + self.dice.randrange(20) * MINUTE
            yield from self._round(at, f"{self.id}/{day}/{half}", news, happens)
        self.entries += self.dice.randrange(8)
        yield self.eyes.sitemap(day * DAY + 20 * HOUR, entries=self.entries)
        yield self.eyes.name(day * DAY + 20 * HOUR, addresses=(self.address,))
        yield self.eyes.script(day * DAY + 20 * HOUR, digest=f"{len(self.generator):064x}")

    def _change(self, happens: str) -> None:
        if happens == "redesign":
            self.generator, self.scripts = "WordPress 6.5", ("fonts.gstatic.com", "cdn.newvendor.test")
        elif happens == "analytics":
            self.scripts = (*self.scripts[:3], f"metrics{self.dice.randrange(3)}.test")
        elif happens == "certificate":
            self.issuer = self.dice.choice(("CN=E5, O=Let's Encrypt", "CN=X, O=Other CA"))
        elif happens == "address":
            self.address = f"103.9.{self.dice.randrange(200)}.1"
        elif happens == "migration":
            self.entries += 60
        elif happens == "closed":
            self.closed = True
        elif happens == "moved_host":
            self.moved = self.dice.choice((f"new-{self.host}", f"portal{self.id}.test"))

    def _round(self, at: int, round_id: str, news: int, happens: str) -> Iterator[Any]:
        for n, persona in enumerate(WATCHING):
            moment = at + n * 3 * SECOND
            if happens == "outage":
                yield self.eyes.failed(persona, moment, self.dice.choice(("timeout", "error", "connect")), round=round_id)
            elif happens == "challenge" and self.dice.random() < 0.5:
                yield self.eyes.failed(persona, moment, "challenged", round=round_id)
            elif happens == "bot_block" and persona == "crawler_google":
                yield self.eyes.failed(persona, moment, "blocked", round=round_id)
            else:
                yield self._look(persona, moment, round_id, news, happens)
        if happens == "" and self.dice.random() < 0.3:
            page = f"https://{self.host}/tin/{self.dice.randrange(900)}"
            yield self.eyes.look("desktop", at + MINUTE, part="sample", url=page, round=round_id, signs=(POLICE,), title=TITLES[2], text=news, words=900)
        missing = (hop(self.host, "asked", status=404),)
        yield self.eyes.look("desktop", at + 2 * MINUTE, part="missing", url=f"https://{self.host}/{at}", round=round_id, hops=missing, words=12)

    def _look(self, persona: str, at: int, round_id: str, news: int, happens: str) -> Any:
        text = news ^ self.dice.getrandbits(3)
        fields = {"scripts": self.scripts, "links": self.links, "generator": self.generator, "title": self.dice.choice(TITLES), "text": text}
        hops = [hop(self.host, "asked", issuer=self.issuer)]
        if self.closed:
            hops.append(hop(LAWFUL, self.dice.choice(("http", "meta", "script"))))
        elif self.moved:
            hops.append(hop(self.moved, "http"))
        elif persona == "mobile":
            hops.append(hop("m." + self.host, "http"))
        if happens == "stale_node" and self.dice.random() < 0.5:
            fields |= {"text": ~text, "links": self.links[:1]}
        if happens == "language" and persona == "english":
            fields |= {"text": ~text, "language": "en", "links": (*self.links, "tourism.test")}
        if self.dice.random() < 0.1:
            fields["links"] = (*self.links, f"hoinghi{self.dice.randrange(50)}.test")
        signs = tuple(sign for sign in (POLICE, LOTTERY) if self.dice.random() < 0.2)
        return self.eyes.look(persona, at, round=round_id, hops=tuple(hops), signs=signs, **fields)


@pytest.fixture(scope="module")
def lived():
    """All site-days, and what people were told."""
    dice = random.Random(20250629)
    sites = [Site(number, dice) for number in range(PORTALS)]
    data = known(*(Portal(id=site.id, url=f"https://{site.host}/", period=12 * HOUR, vendor=f"v{n % 4}") for n, site in enumerate(sites)))
    engine = engine_of(data)
    looks = 0
    for day in range(DAYS):
        facts = sorted((fact for site in sites for fact in site.day(day)), key=lambda fact: fact.at)
        looks += len(facts)
        take(engine, facts)
    return engine, looks


def test_2000_site_days_of_ordinary_churn_wake_nobody(lived):
    engine, looks = lived
    assert PORTALS * DAYS == 2000
    assert looks > 2000 * 2 * 5
    assert [change.finding.title.vi for change in engine.news.changes if change.finding.urgency.value == "page"] == []


def test_what_is_told_of_them_is_little_and_slight(lived):
    engine, _ = lived
    severities = Counter(
        change.finding.severity.value for change in engine.news.changes if change.finding.detector.startswith("VG-WEB") and change.step == "opened"
    )
    assert set(severities) <= {"low"}, "an ordinary change is for the report"


def test_the_churn_reached_the_rules(lived):
    """Were nothing told at all, the days would have been too quiet to prove anything."""
    engine, _ = lived
    kinds = {dict(verdict.state).get("slight", "").split(" ")[0] for verdict in engine.verdicts.values()} - {""}
    assert kinds >= {"new_script_host", "government", "moved"} or len(kinds) >= 3
    assert {step for step, _, _ in told(engine, "VG-COV")} <= {"opened", "updated", "resolved", "reopened"}


def test_the_same_days_with_one_portal_hit_wake_somebody(lived):
    """The same dice and the same churn: the rules were awake."""
    dice = random.Random(20250629)
    site = Site(1, dice)
    engine = engine_of(known(Portal(id=site.id, url=f"https://{site.host}/")))
    for day in range(10):
        take(engine, sorted(site.day(day), key=lambda fact: fact.at))
    take(engine, [site.eyes.sent("mobile", 10 * DAY + n * 2 * MINUTE) for n in (0, 1)])
    assert [change.finding.urgency.value for change in engine.news.changes if change.finding.detector == "VG-WEB-01"][-1] == "page"
