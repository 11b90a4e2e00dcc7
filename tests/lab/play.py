"""Plays the laboratory's scenarios with the real program at both vantages, records them, and writes the table of docs/network.md.

sudo python tests/lab/play.py [NAME ...] [--record] [--table] [--together N]
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.metadata
import importlib.util
import json
import re
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

from lab import LabError
from scene import VANTAGES, Found, Names, Scenario, Vantage, differences, scenarios, unsaid
from stage import Stage, Watcher, node_modules, stage_of

DOCUMENT = Path(__file__).parents[2] / "docs" / "network.md"
MARKS = ("<!-- played: begin -->", "<!-- played: end -->")
# After the playing, what is still to be judged (a rule may look again after some seconds).
PATIENCE = 30.0


@dataclass
class Played:
    """What came of one playing: differences to the description, the seconds from the event to each alert by vantage,
    and what the rule says `instead` at a vantage where it finds nothing."""

    scenario: Scenario
    wrong: list[str] = field(default_factory=list)
    seconds: dict[tuple[Vantage, Found], float] = field(default_factory=dict)
    instead: dict[tuple[Vantage, str, str], str] = field(default_factory=dict)


def play(scenario: Scenario, *, record: bool = False) -> Played:
    """One scenario, live; with `record` its recordings are written anew. Raises LabError when a part of it fails."""
    with stage_of(scenario, node_modules()) as stage:
        stage.happens()
        _module(scenario).play(stage)
        stage.settle()
        played = _waited(scenario, stage)
        if record:
            for box in stage.boxes:
                box.keep(scenario)
    return played


def tried(scenario: Scenario, record: bool) -> Played:
    """The same, where a part that fails is one more way in which it went otherwise than described."""
    try:
        return play(scenario, record=record)
    except LabError as error:
        return Played(scenario, [str(error)])


def _module(scenario: Scenario):
    spec = importlib.util.spec_from_file_location(f"scenario_{scenario.name}", scenario.folder / "play.py")
    if spec is None or spec.loader is None:
        raise LabError(f"{scenario.name} has no play.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _waited(scenario: Scenario, stage: Stage) -> Played:
    """As soon as all is as described, at the latest as it stands after some time."""
    end = time.monotonic() + PATIENCE
    while True:
        played = _looked(scenario, stage)
        if not played.wrong or time.monotonic() > end:
            return played
        time.sleep(0.1)


def _looked(scenario: Scenario, stage: Stage) -> Played:
    played = Played(scenario)
    for vantage, box, watcher in zip(VANTAGES, stage.boxes, stage.watchers, strict=True):
        names = Names(box.declared, vantage)
        wrong = differences(scenario.expected(vantage), watcher.standing, names)
        wrong += unsaid([said for said in scenario.said if vantage in said.at], watcher.verdicts, names)
        played.wrong += [f"{vantage}: {each}" for each in wrong]
        for found in scenario.expected(vantage):
            if (alert := _alerted(found, names, watcher)) is not None:
                mark = max((mark for mark in stage.marks if mark <= alert), default=stage.marks[0])
                played.seconds[vantage, found] = (alert - mark) / 1e9
        for verdict in watcher.verdicts:
            about = [found for found in scenario.found if found.detector == verdict.detector and names.fits(found, verdict.subject.id)]
            played.instead |= {(vantage, found.detector, found.mac or found.subject): verdict.outcome.value for found in about}
    return played


def _alerted(found: Found, names: Names, watcher: Watcher) -> int | None:
    """When that finding could first be read, as it stands."""
    about = {change.finding.subject.id for change in watcher.standing if names.fits(found, change.finding.subject.id, change.macs)}
    wanted = (found.state, found.severity, found.grade)
    first = dict(watcher.first).items()
    return min((at for (rule, subject, *rest), at in first if rule == found.detector and subject in about and tuple(rest) == wanted), default=None)


# The table


def version(name: str) -> str:
    """The version of a Debian package, a Python distribution or an npm module that is installed here; empty for none."""
    done = subprocess.run(["dpkg-query", "-W", "-f", "${db:Status-Status} ${Version}", name], capture_output=True, text=True, check=False)
    if done.stdout.startswith("installed "):
        return re.sub(r"^\d+:", "", done.stdout.split()[1])
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        return importlib.metadata.version(name)
    module = node_modules() / name / "package.json"
    return str(json.loads(module.read_text())["version"]) if module.exists() else ""


def row_of(played: Played) -> list[str]:
    """The rows of the table, one a finding; one in all where nothing may be found, or where it went otherwise than described."""
    scenario = played.scenario
    software = ", ".join(f"{name} {version(name)}".strip() for name in scenario.software)
    made = "; ".join(filter(None, (software, f"*built: {scenario.built}*" if scenario.built else "")))
    begin = f"| {scenario.name} | {scenario.title} | {made} |"
    if played.wrong or not scenario.found:
        cell = "**otherwise**" if played.wrong else "nothing"
        return [f"{begin} | {cell} | {cell} |"]
    whose = dict.fromkeys((found.detector, found.mac or found.subject) for found in scenario.found)
    cells = [[f"{rule} {about.replace('|', ' / ')}", *(_cell(played, rule, about, vantage) for vantage in VANTAGES)] for rule, about in whose]
    return [f"{begin} {' | '.join(row)} |" for row in cells]


def _cell(played: Played, rule: str, about: str, vantage: Vantage) -> str:
    found = next((each for each in played.scenario.expected(vantage) if (each.detector, each.mac or each.subject) == (rule, about)), None)
    if found is None:
        return played.instead.get((vantage, rule, about), "nothing")
    seconds = played.seconds.get((vantage, found))
    return f"{found.state}, {found.severity}, {found.grade}: {'-' if seconds is None else f'{seconds:.1f} s'}"


def table(rows: list[str]) -> str:
    """The whole table, by name."""
    head = "| scenario | what happens | software | rule, about | at a mirror port | at a plain port |\n|---|---|---|---|---|---|\n"
    return head + "".join(f"{row}\n" for row in rows)


def write_table(all_played: list[Played]) -> None:
    """Puts the rows of what was played between the document's marks, in the place of those it had; scenarios that are no more go."""
    before, rest = DOCUMENT.read_text().split(MARKS[0])
    old, after = rest.split(MARKS[1])
    rows = {scenario.name: [row for row in old.splitlines() if row.startswith(f"| {scenario.name} |")] for scenario in scenarios()}
    rows |= {played.scenario.name: row_of(played) for played in all_played}
    text = table([row for name in sorted(rows) for row in rows[name]])
    DOCUMENT.write_text(f"{before}{MARKS[0]}\n{text}{MARKS[1]}{after}")


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="scenarios to play, all if none")
    parser.add_argument("--record", action="store_true", help="write the recordings anew, where all was as described")
    parser.add_argument("--table", action="store_true", help="write what was played into the table of docs/network.md")
    parser.add_argument("--together", type=int, default=1, metavar="N", help="play so many at once: most of the time is waiting")
    options = parser.parse_args()
    chosen = [scenario for scenario in scenarios() if not options.names or scenario.name in options.names]
    all_played = []
    # Each in a process of its own: what a laboratory starts dies with the thread that started it.
    with ProcessPoolExecutor(options.together, max_tasks_per_child=1, mp_context=get_context("spawn")) as players:
        for played in players.map(tried, chosen, [options.record] * len(chosen)):
            all_played.append(played)
            said = "as described" if not played.wrong else "OTHERWISE"
            print("\n".join([f"{played.scenario.name}: {said}", *(f"  {wrong}" for wrong in played.wrong)]), flush=True)
    print(table([row for played in all_played for row in row_of(played)]))
    if options.table:
        write_table(all_played)
    return 1 if any(played.wrong for played in all_played) else 0


if __name__ == "__main__":
    sys.exit(main())
