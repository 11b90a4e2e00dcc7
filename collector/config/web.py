"""The table [web] of config.toml: where the page is, who may reach it, who may come in."""

from __future__ import annotations

import ipaddress
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from collector.config.sinks import is_loopback
from collector.config.table import Duration, FilePath, Int, Table, Unfit, lasting, written
from model.text import Text

_LOOPBACK = Text(
    "địa chỉ của chính máy này (127.0.0.1, ::1 hoặc localhost), trừ khi có TLS (cert_file, key_file) hoặc proxy",
    "an address of this machine itself (127.0.0.1, ::1 or localhost), unless there is TLS (cert_file, key_file) or a proxy",
)
_AN_ADDRESS = Text("một địa chỉ IP, ví dụ 127.0.0.1", "an IP address, such as 127.0.0.1")
_NETWORKS = Text('các dải địa chỉ, ví dụ ["127.0.0.0/8", "10.9.0.0/16"]', 'address ranges, such as ["127.0.0.0/8", "10.9.0.0/16"]')
_A_PAGE = Text("địa chỉ như https://soc.tinh.example, không có đường dẫn", "an address such as https://soc.tinh.example, without a path")
_BOTH = Text('"[web] cert_file" và "[web] key_file" phải đi cùng nhau', '"[web] cert_file" and "[web] key_file" go together')


def _address(value: str) -> str:
    try:
        return str(ipaddress.ip_address(value)) if value else ""
    except ValueError:
        raise Unfit(_AN_ADDRESS) from None


def _network(value: str) -> str:
    try:
        return str(ipaddress.ip_network(value))
    except ValueError:
        raise Unfit(_NETWORKS) from None


def _page(value: str) -> str:
    try:
        parts = urlsplit(value)
        fits = parts.scheme in {"https", "http"} and bool(parts.hostname) and not (parts.path.strip("/") or parts.query or parts.fragment or parts.username)
    except ValueError:
        fits = False
    if value and not fits:
        raise Unfit(_A_PAGE)
    return value.rstrip("/")


class Web(Table):
    """Where the page and the metrics are; `metrics_port`: of the metrics where `vonggac export` runs apart; `url`: how people open the page.

    `proxy` is the address of a reverse proxy that is believed; `metrics_open`: who reads the metrics without a log-in; `idle` and `session` in ns.
    """

    host: str = "127.0.0.1"
    port: Int = Field(default=8470, ge=0, le=65535)
    metrics_port: Int = Field(default=8473, ge=0, le=65535)
    url: Annotated[str, AfterValidator(_page)] = ""
    users_file: FilePath = written("state/users.json")
    cert_file: FilePath | None = None
    key_file: FilePath | None = None
    proxy: Annotated[str, AfterValidator(_address)] = ""
    metrics_open: tuple[Annotated[str, AfterValidator(_network)], ...] = ("127.0.0.0/8", "::1/128")
    idle: Annotated[Duration, lasting("1m", "1d")] = written("30m")
    session: Annotated[Duration, lasting("10m", "7d")] = written("12h")

    @model_validator(mode="after")
    def _reached_safely(self) -> Web:
        if (self.cert_file is None) != (self.key_file is None):
            raise Unfit(whole=_BOTH)
        if not (is_loopback(self.host) or self.cert_file or self.proxy):
            raise Unfit(whole=Text(f'"[web] host" phải là {_LOOPBACK.vi}, đang là "{self.host}"', f'"[web] host" must be {_LOOPBACK.en}, but is "{self.host}"'))
        return self

    @property
    def local(self) -> bool:
        """Whether nothing but this machine reaches the page."""
        return is_loopback(self.host) and not self.proxy
