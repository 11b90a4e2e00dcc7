"""What every request passes: the host check against DNS rebinding, the security headers, errors as pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aiohttp import web
from multidict import MultiDict, MultiDictProxy

from exporters.console.doors import client_of
from exporters.console.phrases import PHRASES
from exporters.console.refusals import RefusedError

if TYPE_CHECKING:
    from collections.abc import Collection

    from aiohttp.typedefs import Handler, Middleware

    from exporters.console.speech import Speech

# Nothing from elsewhere, nothing inline: what a device calls itself can never become a script or a request.
POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Nothing to others. Not `no-referrer`: browsers would then hide the Origin of our own forms too, by which they are known.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # Neither our version nor that of the library is a visitor's business.
    "Server": "vonggac",
}
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


async def harden(_: web.Request, response: web.StreamResponse) -> None:
    """Puts the security headers on every answer; findings stay out of shared caches unless the answer says otherwise."""
    response.headers.update(HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")


def host_check(allowed: Collection[str], speech: Speech) -> Middleware:
    """Refuses names other than loopback's and the configured ones: a hostile site may point its own name at 127.0.0.1."""
    names = LOOPBACK | {name.lower() for name in allowed}

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        if host_of(request.host) in names:
            return await handler(request)
        return web.Response(status=421, text=speech.say("wrong_host", host=ascii(request.host[:80])) + "\n")

    return check


def host_of(authority: str) -> str:
    """The name in a Host header, in lower case, without port, brackets and the root's dot."""
    if authority.startswith("["):
        return authority[1:].partition("]")[0].lower()
    return authority.rpartition(":")[0].lower().rstrip(".") if ":" in authority else authority.lower().rstrip(".")


def same_origin(request: web.Request) -> bool:
    """Whether a POST came from a page of this very origin, by the browser's own word."""
    ours = request.headers.get("Origin", "") == f"{request.scheme}://{request.host}"
    return ours and request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"


async def form_of(request: web.Request) -> MultiDictProxy[str]:
    """The texts of a form. Raises RefusedError for what no browser sends of our forms, before anything reads it."""
    ours = request.content_type == "application/x-www-form-urlencoded" and (request.charset or "utf-8").lower() == "utf-8"
    if not ours:
        raise RefusedError(400, PHRASES["act_forged"])
    try:
        sent = await request.post()
    except ValueError as broken:
        raise RefusedError(400, PHRASES["act_forged"]) from broken
    return MultiDictProxy(MultiDict((key, value) for key, value in sent.items() if isinstance(value, str)))


def forwarded(proxy: str) -> Middleware:
    """Takes the word of the reverse proxy at that address on who asks, how and by which name; nobody else's."""
    trusted = client_of(proxy)

    @web.middleware
    async def take(request: web.Request, handler: Handler) -> web.StreamResponse:
        client = _last(request, "X-Forwarded-For")
        if not client or client_of(request.remote or "") != trusted:
            return await handler(request)
        scheme = "https" if _last(request, "X-Forwarded-Proto") == "https" else "http"
        host = _last(request, "X-Forwarded-Host") or request.host
        return await handler(request.clone(scheme=scheme, host=host, remote=client))

    return take


def _last(request: web.Request, header: str) -> str:
    """What our proxy itself wrote: each one on the way adds at the end."""
    return ",".join(request.headers.getall(header, ())).rpartition(",")[2].strip()


def clear_text_check(speech: Speech) -> Middleware:
    """Refuses whoever comes from another machine unencrypted: names and passwords do not cross a network in the clear."""

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        client = client_of(request.remote or "")
        if request.scheme == "https" or (client is not None and client.is_loopback):
            return await handler(request)
        return web.Response(status=403, text=speech.say("clear_text") + "\n")

    return check
