"""Plain HTTP calls for checking a server from outside, with none of the clients under test."""

import json
import ssl
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# A proxy in the environment must never see, or answer, a call to loopback.
_NO_PROXY = urllib.request.ProxyHandler({})


@dataclass(frozen=True)
class Login:
    """A user name and password for HTTP basic authentication."""

    user: str
    password: str

    def header(self) -> str:
        """Value of the Authorization header."""
        return "Basic " + b64encode(f"{self.user}:{self.password}".encode()).decode()


@dataclass(frozen=True)
class Reply:
    """What the server answered, whatever the status; header names as sent."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body parsed as JSON; ValueError when it is none."""
        return json.loads(self.body)


def call(
    method: str,
    url: str,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    *,
    login: Login | None = None,
    tls: ssl.SSLContext | None = None,
    seconds: float = 30.0,
) -> Reply:
    """One request; OSError (urllib.error.URLError) when no answer came."""
    sent = dict(headers or {})
    if login is not None:
        sent["Authorization"] = login.header()
    request = urllib.request.Request(url, data=body, headers=sent, method=method)
    opener = urllib.request.build_opener(_NO_PROXY, urllib.request.HTTPSHandler(context=tls))
    try:
        with opener.open(request, timeout=seconds) as answer:
            return Reply(answer.status, dict(answer.headers), answer.read())
    except urllib.error.HTTPError as refusal:
        with refusal:
            return Reply(refusal.code, dict(refusal.headers), refusal.read())
