"""The options of the sink to Elasticsearch or OpenSearch, as `[[sinks]]` of config.toml gives them, and the client they make."""

from __future__ import annotations

import base64
import logging
import ssl
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from exporters.elastic.ecs import Origin
from exporters.elastic.node import StraightNode
from exporters.elastic.opensearch_node import OpenSearchNode
from exporters.secret import read_secret
from exporters.sink import OptionsError
from model.text import Language, Text, shown
from model.times import SECOND

if TYPE_CHECKING:
    from elasticsearch import AsyncElasticsearch

Dialect = Literal["elasticsearch", "opensearch"]

_NODES: dict[Dialect, dict[str, Any]] = {
    "elasticsearch": {"node_class": StraightNode},
    "opensearch": {"node_class": OpenSearchNode, "connections_per_node": 1},
}


class ElasticOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Where to send, as whom and in whose name. `timeout` and `spread` in ns, `rate` in documents a second (`exporters.sink.Pacing`).

    `credential` is a password where `username` is set, else an API key; none: no login.
    """

    name: str = "elasticsearch"
    urls: tuple[str, ...]
    dialect: Dialect = "elasticsearch"
    namespace: str = "default"
    api_key_file: Path | None = None
    username: str = ""
    password_file: Path | None = None
    credential: str = ""
    ca_file: Path | None = None
    compress: bool = True
    timeout: int = 30 * SECOND
    spread: int = 60 * SECOND
    rate: int = 20
    language: Language = "vi"
    origin: Origin = Origin()


def client(options: ElasticOptions) -> AsyncElasticsearch:
    """A client that retries nothing by itself. Reads secrets and certificates. Raises OptionsError."""
    from elasticsearch import AsyncElasticsearch  # noqa: PLC0415 - 0.5 s and 600 modules of REST calls, for boxes that have such a sink

    refuse(options)
    # The runner says in one sentence what is wrong; the transport would add a line a request and a trace a failure.
    logging.getLogger("elastic_transport").setLevel(logging.ERROR)
    tls: dict[str, Any] = {"ssl_context": _tls(options.ca_file)} if _secure(options) else {}
    login = _login(options)
    try:
        return AsyncElasticsearch(
            list(options.urls),
            **_NODES[options.dialect],
            # The transport's own retries come within milliseconds and know no Retry-After: the runner has the one back-off.
            max_retries=0,
            retry_on_status=(),
            retry_on_timeout=False,
            request_timeout=options.timeout / SECOND,
            http_compress=options.compress,
            meta_header=False,
            **tls,
            **login,
        )
    except ValueError as error:
        why = shown(str(error), 200)
        raise OptionsError(Text(f'Nơi nhận "{options.name}": urls không dùng được: {why}.', f'Sink "{options.name}": urls cannot be used: {why}.')) from None


def refuse(options: ElasticOptions) -> None:
    """Raises OptionsError for what cannot work whatever the server is."""
    if _secure(options) and not all(url.startswith("https:") for url in options.urls):
        raise OptionsError(
            Text(
                f'Nơi nhận "{options.name}": các địa chỉ trong urls phải cùng là https:// hoặc cùng là http://.',
                f'Sink "{options.name}": the addresses in urls must all be https:// or all http://.',
            )
        )


def _secure(options: ElasticOptions) -> bool:
    return any(url.startswith("https:") for url in options.urls)


def _login(options: ElasticOptions) -> dict[str, Any]:
    if options.username:
        return {"basic_auth": _encoded(f"{options.username}:{_secret(options.password_file, options.credential)}")}
    if options.api_key_file is None and not options.credential:
        return {}
    key = _secret(options.api_key_file, options.credential)
    # The engine gives out both forms: `encoded`, and id and key apart.
    return {"api_key": _encoded(key) if ":" in key else key}


def _encoded(pair: str) -> str:
    # The engine reads UTF-8; the client would take ASCII alone.
    return base64.b64encode(pair.encode()).decode()


def _secret(file: Path | None, credential: str) -> str:
    return read_secret(file, credential)[0]


def _tls(ca_file: Path | None) -> ssl.SSLContext:
    # A context of our own: the transport's would not compare the certificate with an address in the URL.
    try:
        return ssl.create_default_context(cafile=ca_file)
    except (OSError, ssl.SSLError) as error:
        why = shown(str(error.strerror or error))
        raise OptionsError(Text(f"Không dùng được tệp chứng thư {ca_file}: {why}.", f"Certificate file {ca_file} cannot be used: {why}.")) from None
