"""Plain clients that ask as the kinds of visitor do: what a case serves is checked without any part of the product."""

from __future__ import annotations

import gzip
import http.client
import socket
import ssl
from dataclasses import dataclass, field
from urllib.parse import urlsplit

_CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0"
_WINDOWS = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_CHROME} Safari/537.36"
_ANDROID = f"Mozilla/5.0 (Linux; Android 10; K) {_CHROME} Mobile Safari/537.36"
_IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148"
_VIETNAMESE = "vi-VN,vi;q=0.9,en-US;q=0.6,en;q=0.5"

KINDS: dict[str, dict[str, str]] = {
    "desktop": {"User-Agent": _WINDOWS},
    "mobile": {"User-Agent": _ANDROID},
    "iphone": {"User-Agent": f"{_IPHONE} Safari/604.1"},
    "search_google": {"User-Agent": _WINDOWS, "Referer": "https://www.google.com/"},
    "search_coccoc": {"User-Agent": _WINDOWS, "Referer": "https://coccoc.com/"},
    "social_zalo": {"User-Agent": f"{_ANDROID} Zalo android/12100745 ZaloTheme/light ZaloLanguage/vi", "Referer": "https://zalo.me/"},
    "social_facebook": {"User-Agent": f"{_IPHONE} [FBAN/FBIOS;FBAV/540.0.0.40.70]", "Referer": "https://l.facebook.com/"},
    "crawler_google": {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
    "crawler_bing": {"User-Agent": "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)"},
    "crawler_coccoc": {"User-Agent": "Mozilla/5.0 (compatible; coccocbot-web/1.0; +http://help.coccoc.com/searchengine)"},
    "english": {"User-Agent": _WINDOWS, "Accept-Language": "en-US,en;q=0.9"},
}


@dataclass(frozen=True)
class Answer:
    """What came back; `body` with gzip taken off, header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Client:
    """One visitor with a jar. `address_of` gives a name's address; `context` None asks without TLS checks being possible."""

    kind: str
    address_of: dict[str, str]
    context: ssl.SSLContext
    jar: dict[str, str] = field(default_factory=dict)

    def get(self, url: str) -> Answer:
        """One GET, no redirect followed. Raises OSError, ssl.SSLError, http.client.HTTPException."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        headers = {
            "Host": host, "Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language": _VIETNAMESE, "Accept-Encoding": "gzip",
            **KINDS[self.kind], "Connection": "close",
        }  # fmt: skip
        if self.jar:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.jar.items())
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        head = f"GET {target} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\n"
        with socket.create_connection((self.address_of[host], 80 if parts.scheme == "http" else 443), 10) as plain:
            wire = plain if parts.scheme == "http" else self.context.wrap_socket(plain, server_hostname=host)
            with wire:
                wire.sendall(head.encode())
                return self._read(wire)

    def _read(self, wire: socket.socket) -> Answer:
        answer = http.client.HTTPResponse(wire)
        answer.begin()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.split(";")[0].partition("=")
            self.jar[name.strip()] = value.strip()
        body = answer.read()
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Answer(answer.status, headers, gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body)
