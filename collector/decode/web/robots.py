"""robots.txt: which sitemaps it names, what it forbids whom, and what is meant for search engines alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

LONGEST = 512 << 10
_MOST_LINES = 20_000
_MOST = 2_000
# Names under which search engines read the file; a section for one of them alone is how a kit opens its folders to them.
_ENGINES = ("googlebot", "bingbot", "coccoc", "yandex", "baiduspider", "duckduckbot", "slurp", "applebot")


class Rule(NamedTuple):
    """One line of a group: `allow` or not, and the path it begins with."""

    allow: bool
    path: str


class Robots(NamedTuple):
    """`rules` for everyone and for `us`; `sitemaps` as written; `engines`: lines of groups for search engines alone; `lines`: all rules, in their order."""

    sitemaps: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    us: tuple[Rule, ...] = ()
    engines: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()

    def allows(self, path: str) -> bool:
        """Whether we may ask for the path: the longest rule that fits decides, a group of our own before that for everyone."""
        fitting = [rule for rule in self.us or self.rules if _fits(rule.path, path)]
        return max(fitting, key=lambda rule: (len(rule.path), rule.allow)).allow if fitting else True


def read_robots(text: str, us: str = "vonggac") -> Robots:
    """The file as search engines read it; what is no rule is passed over. Never raises."""
    groups: list[tuple[list[str], list[Rule]]] = []
    sitemaps: dict[str, None] = {}
    lines: dict[str, None] = {}
    named = False
    for name, value in _fields(text):
        if name == "sitemap":
            sitemaps[value] = None
        elif name == "user-agent":
            if not named:
                groups.append(([], []))
            groups[-1][0].append(value.lower())
        elif name in ("allow", "disallow") and groups:
            groups[-1][1].append(Rule(name == "allow", value))
            lines[f"{', '.join(groups[-1][0])[:200]}: {name} {value}"] = None
        named = name == "user-agent" or (named and name == "sitemap")
    return Robots(
        tuple(sitemaps)[:_MOST],
        _rules(groups, lambda agent: agent == "*"),
        _rules(groups, lambda agent: agent == us),
        tuple(line for line in lines if _for_engines(line))[:_MOST],
        tuple(lines)[:_MOST],
    )


def _fields(text: str) -> Iterable[tuple[str, str]]:
    for line in text[:LONGEST].lstrip("\ufeff").splitlines()[:_MOST_LINES]:
        name, colon, value = line.partition("#")[0].partition(":")
        if colon:
            yield name.strip().lower(), value.strip()[:2048]


def _rules(groups: list[tuple[list[str], list[Rule]]], wanted: Callable[[str], bool]) -> tuple[Rule, ...]:
    found = [rule for agents, rules in groups if any(map(wanted, agents)) for rule in rules if rule.path]
    return tuple(dict.fromkeys(found))[:_MOST]


def _for_engines(line: str) -> bool:
    agents = line.partition(":")[0]
    return "*" not in agents and any(engine in agents for engine in _ENGINES)


def _fits(rule: str, path: str) -> bool:
    """Whether a path is one of the rule's: `*` for anything, `$` for the end."""
    ends = rule.endswith("$")
    pieces = rule.removesuffix("$").split("*")
    if not path.startswith(pieces[0]):
        return False
    at = len(pieces[0])
    for piece in pieces[1:]:
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return not ends or at == len(path) or (pieces[-1] != "" and path.endswith(pieces[-1])) or (len(pieces) > 1 and pieces[-1] == "")
