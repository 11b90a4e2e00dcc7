"""The Elasticsearch client's exchange with an OpenSearch: other media types, and a proof of the product that OpenSearch does not send with each answer."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace

import aiohttp
import msgspec
from elastic_transport import HttpHeaders, TransportError
from elastic_transport._node import NodeApiResponse
from elastic_transport.client_utils import DEFAULT, DefaultType

from exporters.elastic.node import StraightNode

# What the client, and the sink, look for in every answer.
PRODUCT_HEADER = "x-elastic-product"
PRODUCT = "Elasticsearch"


class _Version(msgspec.Struct, frozen=True):
    distribution: str = ""


class _Root(msgspec.Struct, frozen=True):
    version: _Version = _Version()


class OpenSearchNode(StraightNode):
    """Names the product in answers that came over a connection on which `GET /` said `"distribution": "opensearch"`; others are a stranger's.

    Meant for one connection at a time (`connections_per_node` of 1): only then is it known which one an answer came over.
    """

    _proved = False

    async def perform_request(  # type: ignore[override] # as is the transport's own asynchronous base
        self,
        method: str,
        target: str,
        body: bytes | None = None,
        headers: HttpHeaders | None = None,
        request_timeout: DefaultType | float | None = DEFAULT,
    ) -> NodeApiResponse:
        """Asks who is there before the first request, and the first after a failure: a stranger is sent no document. Raises as StraightNode does."""
        sent = _plain(headers or HttpHeaders())
        try:
            if not self._proved and (refusal := await self._prove(sent, request_timeout)):
                return refusal
            answer = await super().perform_request(method, target, body, sent, request_timeout)
            # A connection that was closed while idle is made anew for this very request.
            if not self._proved and (refusal := await self._prove(sent, request_timeout)):
                return refusal
        except TransportError:
            self._proved = False
            raise
        return _named(answer)

    async def _prove(self, headers: HttpHeaders, request_timeout: DefaultType | float | None) -> NodeApiResponse | None:
        """None when it is an OpenSearch; else its answer, which without the product's name is an outage, or is the refusal of our login that it says."""
        asked = HttpHeaders({name: value for name, value in headers.items() if name.lower() != "content-type"})
        answer = await super().perform_request("GET", "/", None, asked, request_timeout)
        self._proved = answer.meta.status == 200 and _is_opensearch(answer.body)
        return None if self._proved else _unnamed(answer)

    def _traces(self) -> list[aiohttp.TraceConfig]:
        traces = aiohttp.TraceConfig()
        traces.on_connection_create_end.append(self._anew)
        return [traces]

    async def _anew(self, _session: aiohttp.ClientSession, _context: SimpleNamespace, _created: aiohttp.TraceConnectionCreateEndParams) -> None:
        self._proved = False


def _is_opensearch(body: bytes) -> bool:
    try:
        return msgspec.json.decode(body, type=_Root).version.distribution == "opensearch"
    except (ValueError, RecursionError):
        return False


def _plain(headers: HttpHeaders) -> HttpHeaders:
    """Without the media types of Elastic, which OpenSearch answers with 406."""
    plain = headers.copy()
    for name in ("accept", "content-type"):
        if name in plain:
            plain[name] = "application/x-ndjson" if "x-ndjson" in plain[name] else "application/json"
    return plain


def _unnamed(answer: NodeApiResponse) -> NodeApiResponse:
    """An Elasticsearch is a stranger here too."""
    headers = HttpHeaders({name: value for name, value in answer.meta.headers.items() if name.lower() != PRODUCT_HEADER})
    return NodeApiResponse(dataclasses.replace(answer.meta, headers=headers), answer.body)


def _named(answer: NodeApiResponse) -> NodeApiResponse:
    # A page in place of an answer is a stranger's, whoever was there before it.
    if not (answer.meta.headers.get("content-type") or "").startswith("application/json"):
        return answer
    named = answer.meta.headers.copy()
    named[PRODUCT_HEADER] = PRODUCT
    return NodeApiResponse(dataclasses.replace(answer.meta, headers=named), answer.body)
