"""What every request passes: the host check against DNS rebinding, the security headers, errors as pages."""

from __future__ import annotations

import hmac
import secrets
from typing import TYPE_CHECKING, Final

from aiohttp import web

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
    "Referrer-Policy": "no-referrer",
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


class Forgery:
    """Tells our own forms from those of other sites: a secret of this process in each form, and the browser's own word for the origin."""

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(24)

    def genuine(self, request: web.Request, token: str) -> bool:
        """Whether a POST came from a form that this process wrote, on a page of this very origin."""
        origin = request.headers.get("Origin", "")
        ours = origin == f"{request.scheme}://{request.host}"
        site = request.headers.get("Sec-Fetch-Site", "same-origin")
        return ours and site == "same-origin" and hmac.compare_digest(token.encode(), self.token.encode())
