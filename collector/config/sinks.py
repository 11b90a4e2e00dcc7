"""The options of the ways out, a kind each; secrets only by their place."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from collector.config.alerting import Alerting, Bundling, Calling, Paging
from collector.config.table import Bool, Duration, FilePath, Int, Table, Unfit, lasting, matching, some, written
from model.ports import Stream
from model.text import Text
from model.verdict import Urgency

_A_NAME = Text("tên gồm chữ thường không dấu, số, dấu gạch nối, dài 1 đến 32", "a name of 1 to 32 lower-case letters, digits and hyphens")
_A_URL = Text(
    "địa chỉ https:// (http:// chỉ cho chính máy này), không chứa mật khẩu", "an https:// address (http:// for this machine only) without a password in it"
)
# A data stream's namespace may hold neither upper case nor hyphens: they part the stream's name.
_A_NAMESPACE = Text(
    "mã gồm chữ thường, số, dấu chấm, gạch dưới, ví dụ mã tỉnh", "a code of lower-case letters, digits, dots and underscores, such as the province's"
)

_A_CHAT = Text("mã cuộc trò chuyện gồm chữ, số, dấu chấm, gạch, dài 1 đến 100", "a chat's id of 1 to 100 letters, digits, dots and hyphens")
_A_HOST = Text("tên máy hoặc địa chỉ IP, không kèm cổng", "a host's name or IP address, without a port")
_A_MAILBOX = Text('địa chỉ thư không dấu như "truc@example.vn"', 'an ASCII mail address such as "truc@example.vn"')
_A_NUMBER = Text('số điện thoại 3 đến 15 chữ số, có thể bắt đầu bằng "+"', 'a telephone number of 3 to 15 digits, with or without "+" before it')
_A_HEADER = Text('tiêu đề HTTP như "Authorization: Bearer {secret}"', 'an HTTP header such as "Authorization: Bearer {secret}"')
_A_PATTERN = Text("biểu thức chính quy (regular expression) có nội dung", "a regular expression that is not empty")
_HOST = r"[A-Za-z0-9:][A-Za-z0-9.:_-]{0,252}"
_MAILBOX = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*"


def _name(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,31}", value):
        raise Unfit(_A_NAME)
    return value


def _namespace(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9_.]{0,99}", value):
        raise Unfit(_A_NAMESPACE)
    return value


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error:
        raise Unfit(_A_PATTERN) from None
    # An empty one is found in every answer, a captive portal's page too.
    if not value.strip():
        raise Unfit(_A_PATTERN)
    return value


def is_loopback(host: str) -> bool:
    """Whether nothing but this machine can be reached by `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _url(value: str) -> str:
    try:
        parts = urlsplit(value)
        host = parts.hostname or ""
        parts.port  # noqa: B018 - reading it is what checks it
    except ValueError:
        raise Unfit(_A_URL, secret=True) from None
    # Findings and keys in clear over a network would undo what the rest protects.
    safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    if not safe or not host or parts.username is not None or parts.password is not None:
        raise Unfit(_A_URL, secret=True)
    return value


Name = Annotated[str, AfterValidator(_name)]
Url = Annotated[str, AfterValidator(_url)]
Port = Annotated[Int, Field(ge=1, le=65535)]


class EngineTable(Table):
    """How one reaches Elasticsearch or OpenSearch; `timeout` in ns."""

    dialect: Literal["elasticsearch", "opensearch"] = "elasticsearch"
    namespace: Annotated[str, AfterValidator(_namespace)] = "default"
    api_key_file: FilePath | None = None
    username: str = ""
    password_file: FilePath | None = None
    credential: str = ""
    ca_file: FilePath | None = None
    compress: Bool = True
    timeout: Duration = written("30s")

    @property
    def called(self) -> str:
        """What a sentence calls it."""
        raise NotImplementedError

    @model_validator(mode="after")
    def _one_way_in(self) -> EngineTable:
        if self.api_key_file and (self.username or self.password_file):
            raise Unfit(whole=_both(self.called, "api_key_file", "username, password_file"))
        if self.credential and (self.api_key_file or self.password_file):
            raise Unfit(whole=_both(self.called, "credential", "api_key_file, password_file"))
        if bool(self.username) != bool(self.password_file or (self.username and self.credential)):
            raise Unfit(whole=_login(self.called))
        return self


class Elasticsearch(EngineTable):
    """Append-only data streams in Elasticsearch or OpenSearch."""

    type: Literal["elasticsearch"]
    name: Name = "elasticsearch"
    urls: Annotated[tuple[Url, ...], AfterValidator(some)]
    spread: Annotated[Duration, lasting("1s", "1h")] = written("1m")
    rate: Int = Field(default=20, ge=0, le=100_000)

    @property
    def called(self) -> str:
        """The sink's name."""
        return self.name


class Webhook(Bundling):
    """Signed JSON to one address, by Standard Webhooks."""

    type: Literal["webhook"]
    name: Name = "webhook"
    url: Url
    secret_file: FilePath | None = None
    credential: str = ""
    ca_file: FilePath | None = None

    @model_validator(mode="after")
    def _signed(self) -> Webhook:
        if self.secret_file and self.credential:
            raise Unfit(whole=_both(self.name, "secret_file", "credential"))
        if not self.secret_file and not self.credential:
            raise Unfit(
                whole=Text(
                    f'nơi nhận "{self.name}": cần secret_file hoặc credential, vì mọi tin gửi đi đều được ký',
                    f'sink "{self.name}": secret_file or credential is needed, every message is signed',
                )
            )
        return self


class Alertmanager(Calling):
    """Alerts of Alertmanager's API v2; several addresses are the members of one cluster."""

    type: Literal["alertmanager"]
    name: Name = "alertmanager"
    urls: Annotated[tuple[Url, ...], AfterValidator(some)]
    username: str = ""
    password_file: FilePath | None = None
    credential: str = ""
    ca_file: FilePath | None = None
    resend: Annotated[Duration, lasting("10s", "1h")] = written("3m")
    hold: Annotated[Duration, lasting("1h", "90d")] = written("7d")

    @model_validator(mode="after")
    def _way_in(self) -> Alertmanager:
        if self.password_file and self.credential:
            raise Unfit(whole=_both(self.name, "password_file", "credential"))
        if bool(self.username) != bool(self.password_file or self.credential):
            raise Unfit(whole=_login(self.name))
        return self


class PagerDuty(Paging):
    """Events API v2 of PagerDuty."""

    type: Literal["pagerduty"]
    name: Name = "pagerduty"
    url: Url = "https://events.pagerduty.com/v2/enqueue"
    key_file: FilePath | None = None
    credential: str = ""
    ca_file: FilePath | None = None

    @model_validator(mode="after")
    def _keyed(self) -> PagerDuty:
        _one_secret(self.name, "key_file", self.key_file, self.credential)
        return self


class Zalo(Paging):
    """One chat, through a bot of the Zalo Bot Platform."""

    type: Literal["zalo"]
    name: Name = "zalo"
    url: Url = "https://bot-api.zaloplatforms.com"
    chat_id: Annotated[str, matching(r"[A-Za-z0-9._-]{1,100}", _A_CHAT)]
    token_file: FilePath | None = None
    credential: str = ""
    ca_file: FilePath | None = None

    @model_validator(mode="after")
    def _keyed(self) -> Zalo:
        _one_secret(self.name, "token_file", self.token_file, self.credential)
        return self


class Apprise(Paging):
    """Channels without a sink of their own, through the package apprise."""

    type: Literal["apprise"]
    name: Name = "apprise"
    urls_file: FilePath | None = None
    credential: str = ""
    timeout: Duration = written("30s")

    @model_validator(mode="after")
    def _keyed(self) -> Apprise:
        _one_secret(self.name, "urls_file", self.urls_file, self.credential)
        return self


class Mail(Bundling):
    """Mail over SMTP."""

    type: Literal["mail"]
    name: Name = "mail"
    host: Annotated[str, matching(_HOST, _A_HOST)]
    port: Port = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str = ""
    password_file: FilePath | None = None
    credential: str = ""
    ca_file: FilePath | None = None
    sender: Annotated[str, matching(_MAILBOX, _A_MAILBOX)]
    recipients: Annotated[tuple[Annotated[str, matching(_MAILBOX, _A_MAILBOX)], ...], AfterValidator(some)]
    timeout: Duration = written("30s")

    @model_validator(mode="after")
    def _way_in(self) -> Mail:
        _clear_text_stays(self.name, self.host, 'security = "none"', clear=self.security == "none")
        if self.password_file and self.credential:
            raise Unfit(whole=_both(self.name, "password_file", "credential"))
        if bool(self.username) != bool(self.password_file or self.credential):
            raise Unfit(whole=_login(self.name))
        return self


class _ShortMessages(Paging):
    """What both ways of sending short messages have."""

    numbers: Annotated[tuple[Annotated[str, matching(r"\+?[0-9]{3,15}", _A_NUMBER)], ...], AfterValidator(some)]
    per_hour: Int = Field(default=30, ge=5, le=1000)
    parts: Int = Field(default=2, ge=1, le=5)
    accents: Bool = False


class SmsModem(_ShortMessages):
    """Short messages by a GSM modem."""

    type: Literal["sms_modem"]
    name: Name = "sms-modem"
    device: FilePath
    pin_file: FilePath | None = None
    timeout: Duration = written("60s")


class SmsHttp(_ShortMessages):
    """Short messages by an operator's gateway."""

    type: Literal["sms_http"]
    name: Name = "sms-http"
    url: Url
    body: str
    form: Literal["json", "form"] = "json"
    headers: tuple[Annotated[str, matching(r"[A-Za-z0-9-]+: [^\x00-\x1f\x7f]+", _A_HEADER)], ...] = ()
    success: Annotated[str, AfterValidator(_pattern)]
    secret_file: FilePath | None = None
    credential: str = ""
    ca_file: FilePath | None = None
    timeout: Duration = written("15s")

    @model_validator(mode="after")
    def _one_secret(self) -> SmsHttp:
        if self.secret_file and self.credential:
            raise Unfit(whole=_both(self.name, "secret_file", "credential"))
        return self


class Syslog(Alerting):
    """CEF in syslog over TLS."""

    type: Literal["syslog"]
    name: Name = "syslog"
    host: Annotated[str, matching(_HOST, _A_HOST)]
    port: Port = 6514
    transport: Literal["tls", "tcp", "udp"] = "tls"
    ca_file: FilePath | None = None
    cert_file: FilePath | None = None
    key_file: FilePath | None = None
    facility: Int = Field(default=16, ge=0, le=23)
    urgencies: tuple[Urgency, ...] = (Urgency.PAGE, Urgency.TICKET, Urgency.REPORT)

    @model_validator(mode="after")
    def _within(self) -> Syslog:
        _clear_text_stays(self.name, self.host, 'transport = "tcp", "udp"', clear=self.transport != "tls")
        if bool(self.cert_file) != bool(self.key_file):
            raise Unfit(whole=Text(f'nơi nhận "{self.name}": cert_file phải đi cùng key_file', f'sink "{self.name}": cert_file goes together with key_file'))
        return self


class JsonLines(Table):
    """A file of JSON lines, rotated."""

    type: Literal["jsonlines"]
    name: Name = "jsonlines"
    path: FilePath = written("state/findings.jsonl")
    max_bytes: Int = Field(default=64 * 1024 * 1024, ge=64 * 1024)
    keep: Int = Field(default=5, ge=1, le=1000)
    streams: Annotated[tuple[Stream, ...], AfterValidator(some)] = ("finding", "posture", "health")


def _login(sink: str) -> Text:
    return Text(
        f'nơi nhận "{sink}": username phải đi cùng password_file hoặc credential', f'sink "{sink}": username goes together with password_file or credential'
    )


def _clear_text_stays(sink: str, host: str, key: str, *, clear: bool) -> None:
    """Findings leave this machine only where nobody on the way can read or change them."""
    if clear and not is_loopback(host):
        raise Unfit(
            whole=Text(
                f'nơi nhận "{sink}": {key} không mã hóa, chỉ dùng được với chính máy này (127.0.0.1)',
                f'sink "{sink}": {key} is not encrypted and can only be used with this machine (127.0.0.1)',
            )
        )


def _both(sink: str, one: str, other: str) -> Text:
    return Text(f'nơi nhận "{sink}": chỉ dùng một trong hai: {one} hoặc {other}', f'sink "{sink}": use either {one} or {other}, not both')


def _one_secret(sink: str, key: str, file: Path | None, credential: str) -> None:
    if file and credential:
        raise Unfit(whole=_both(sink, key, "credential"))
    if not file and not credential:
        raise Unfit(whole=Text(f'nơi nhận "{sink}": cần {key} hoặc credential', f'sink "{sink}": {key} or credential is needed'))


AnySink = Annotated[
    Elasticsearch | Webhook | Alertmanager | PagerDuty | Zalo | Apprise | Mail | SmsModem | SmsHttp | Syslog | JsonLines, Field(discriminator="type")
]
