"""Templates to HTML: one environment a language, everything written is escaped and inert."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from exporters.console.inert import inert
from exporters.console.speech import Speech
from model.text import Language, Text
from model.times import rfc3339

if TYPE_CHECKING:
    from collections.abc import Mapping

TEMPLATES: Final = Path(__file__).parent / "templates"


def environment(language: Language) -> Environment:
    """The templates in one language. A value that is printed is always inert, whether or not its template thought of it."""
    speech = Speech(language)
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        finalize=partial(_printed, language),
    )
    made.globals.update(say=speech.say, speech=speech)
    made.filters.update(
        number=speech.number,
        size=speech.size,
        instant=speech.instant,
        day=speech.day,
        span=speech.span,
        about=speech.about,
        term=speech.term,
        cut=inert,
        iso=rfc3339,
        path=partial(quote, safe=""),
    )
    return made


def _printed(language: Language, value: object) -> object:
    if isinstance(value, Markup):
        return value
    if isinstance(value, Text):
        return inert(value.to(language))
    return inert(value) if isinstance(value, str) else value


@dataclass(frozen=True)
class Links:
    """Addresses inside the page; a language that is not the configured one travels with every link.

    `prefix` stands before every address: the pages of one site at the province have the addresses they have on the site's box. `path` is without it.
    """

    language: Language
    configured: Language
    path: str = "/"
    query: tuple[tuple[str, str], ...] = ()
    prefix: str = ""

    @property
    def up(self) -> Links:
        """Links to the place above: the province's, for a page of one of its sites."""
        return replace(self, prefix="")

    def to(self, path: str, **query: str) -> str:
        """`path` with a query of those that are not empty; `_` in a name is written `-`."""
        pairs = [(key.replace("_", "-"), value) for key, value in query.items() if value]
        return self._joined(path, pairs)

    def here(self, **changed: str) -> str:
        """This very view with some of its filters changed."""
        names = {key.replace("_", "-"): value for key, value in changed.items()}
        pairs = [(key, value) for key, value in self.query if key not in names and key != "lang"]
        return self._joined(self.path, [*pairs, *((key, value) for key, value in names.items() if value)])

    def other(self) -> str:
        """This view in the other language."""
        other: Language = "en" if self.language == "vi" else "vi"
        return replace(self, language=other).here()

    def _joined(self, path: str, pairs: list[tuple[str, str]]) -> str:
        if self.language != self.configured:
            pairs = [*pairs, ("lang", self.language)]
        return f"{self.prefix}{path}?{urlencode(pairs)}" if pairs else f"{self.prefix}{path}"


def render(environments: Mapping[Language, Environment], template: str, links: Links, **values: Any) -> str:  # noqa: ANN401 - what a template is given is its own matter
    """One page as HTML."""
    return environments[links.language].get_template(template).render(links=links, language=links.language, **values)
