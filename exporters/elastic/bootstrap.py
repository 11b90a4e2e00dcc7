"""`es bootstrap`: installs the templates with an administrator's login, or shows what it would install."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec
from elastic_transport import ApiError, TransportError

from exporters.elastic import answer, words
from exporters.elastic.opensearch_node import PRODUCT, PRODUCT_HEADER
from exporters.elastic.opensearch_templates import adapted, may_stand
from exporters.elastic.options import ElasticOptions, client
from exporters.elastic.state_templates import state_templates
from exporters.elastic.templates import RETENTION, Template, mappings, pattern, templates
from model.text import Language, Text

if TYPE_CHECKING:
    from elasticsearch import AsyncElasticsearch

Outcome = Literal["shown", "done", "failed"]

_HEADERS = {"accept": "application/json", "content-type": "application/json"}
_INSTALLED = Text("đã cài", "installed")
_THERE = Text("đã có, giữ nguyên", "there already, left as it is")
_ROLLOVER = Text(
    "luồng dữ liệu đang có không nhận được trường mới, chỉ có từ lần xoay vòng sau (_rollover)",
    "existing data streams do not take the new fields, they will from their next _rollover on",
)


class Step(NamedTuple):
    """One request: what it is (`PUT path`), how it went, and the sentence or, in a dry run, the JSON that would be sent."""

    what: str
    outcome: Outcome
    text: str


async def bootstrap(options: ElasticOptions, dry_run: bool = False) -> list[Step]:
    """Installs component and index templates and adds new fields to streams that exist; ends at the first failure. Safe to repeat. Raises OptionsError.

    `options` hold the login of an administrator (docs/elasticsearch.md names its rights), not a box's.
    """
    wanted = _wanted(options)
    if dry_run:
        return [Step(f"PUT {template.path}", "shown", msgspec.json.format(msgspec.json.encode(template.body)).decode()) for template in wanted]
    steps: list[Step] = []
    engine = client(options)
    try:
        for template in wanted:
            steps.append(await _put(engine, template, options.language))
            if steps[-1].outcome == "failed":
                break
    finally:
        await engine.close()
    return steps


def _wanted(options: ElasticOptions) -> list[Template]:
    wanted = [*templates(), *state_templates(), *(_fields_of(f"/{pattern(stream)}") for stream in RETENTION)]
    return wanted if options.dialect == "elasticsearch" else adapted(wanted, options.namespace)


def _fields_of(target: str) -> Template:
    # A template speaks for the indices made after it alone.
    return Template(f"{target}/_mapping?ignore_unavailable=true&allow_no_indices=true", {"properties": mappings()["properties"]})


async def _put(engine: AsyncElasticsearch, template: Template, language: Language) -> Step:
    what = f"PUT {template.path.partition('?')[0]}"
    try:
        reply = await engine.perform_request("PUT", template.path, headers=_HEADERS, body=template.body)
    except ApiError as error:
        if error.meta.status == 400 and may_stand(template) and "already exists" in str(error.body):
            return Step(what, "done", _THERE.to(language))
        return Step(what, "failed", _refused(template, error, language))
    except TransportError as error:
        return Step(what, "failed", answer.of_error(error, language).reason)
    if reply.meta.headers.get(PRODUCT_HEADER) != PRODUCT:
        return Step(what, "failed", answer.stranger(language).reason)
    return Step(what, "done", _INSTALLED.to(language))


def _refused(template: Template, error: ApiError, language: Language) -> str:
    refusal = answer.of_status(error.meta.status, error.body, 0, language)
    match error.meta.status:
        case 400 if "/_mapping" in template.path:
            return f"{_ROLLOVER.to(language)}: {refusal.reason}"
        case 403 if "cluster_block_exception" not in str(error.body):
            return words.MANAGE.to(language)
    return refusal.reason
