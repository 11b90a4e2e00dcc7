"""Strict stand-ins for two on-call services that can only be had on the Internet, made from what they publish.

PagerDuty: "Send an Alert Event" and "Events API v2 Overview" of its developer documentation (fields, lengths, severities, 202/400/429, 512 KB).
Zalo: the Zalo Bot Platform's `sendMessage` (POST, JSON, `chat_id`, `text` of 1 to 2,000 characters, the envelope of answers) and its error codes
(400, 401, 404, 408, 429). Neither service itself was ever spoken to.
"""

import json
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.servers.certificates import SERVER_NAME, Leaf
from tests.servers.process import free_port

JSON = "application/json"
SEVERITIES = {"critical", "error", "warning", "info"}
ACTIONS = {"trigger", "acknowledge", "resolve"}
MOST_EVENT = 512 * 1024


class Stub:
    """A service on loopback that keeps what it accepted; an async context."""

    path = "/"

    def __init__(self, *, tls: Leaf | None = None) -> None:
        self.accepted: list[dict[str, Any]] = []
        self.refused: list[str] = []
        self.port = free_port()
        self._tls = tls

    @property
    def base(self) -> str:
        """Scheme, host and port, by the name that a right certificate carries."""
        return f"https://{SERVER_NAME}:{self.port}" if self._tls else f"http://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """Where messages are posted."""
        return self.base + self.path

    def answer(self, headers: Mapping[str, str], body: bytes) -> web.Response:
        """What the service says to one POST at its address."""
        raise NotImplementedError

    async def __aenter__(self) -> Self:
        application = web.Application(client_max_size=2 * MOST_EVENT)
        application.router.add_post(self.path, self._handle)
        self._runner = web.AppRunner(application)
        await self._runner.setup()
        context = self._tls.server_context() if self._tls else None
        await web.TCPSite(self._runner, "127.0.0.1", self.port, ssl_context=context).start()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._runner.cleanup()

    async def _handle(self, request: web.Request) -> web.Response:
        return self.answer(request.headers, await request.read())


class PagerDutyStub(Stub):
    """Events API v2. `open` holds the alerts by dedup_key: "triggered" or "acknowledged"; a resolved one is gone."""

    path = "/v2/enqueue"

    def __init__(self, key: str, *, tls: Leaf | None = None) -> None:
        super().__init__(tls=tls)
        self.key = key
        self.open: dict[str, str] = {}

    def answer(self, headers: Mapping[str, str], body: bytes) -> web.Response:
        """202 for what the documentation allows, else 400 with what is wrong."""
        errors = ["Content-Type is not application/json"] if headers.get("Content-Type", "").split(";")[0] != JSON else _wrong_event(body, self.key)
        if errors:
            self.refused += errors
            return web.json_response({"status": "invalid event", "message": "Event object is invalid", "errors": errors}, status=400)
        event = json.loads(body)
        self.accepted.append(event)
        self._apply(event["event_action"], event["dedup_key"])
        return web.json_response({"status": "success", "message": "Event processed", "dedup_key": event["dedup_key"]}, status=202)

    def _apply(self, action: str, key: str) -> None:
        if action == "trigger":
            self.open.setdefault(key, "triggered")
        elif action == "resolve":
            self.open.pop(key, None)
        elif key in self.open:
            self.open[key] = "acknowledged"


def _wrong_event(body: bytes, key: str) -> list[str]:
    if len(body) > MOST_EVENT:
        return ["the event is larger than 512 KB"]
    try:
        event = json.loads(body)
    except ValueError:
        return ["the body is no JSON"]
    known = {"routing_key", "event_action", "dedup_key", "payload", "images", "links", "client", "client_url"}
    errors = [f"'{name}' is not known" for name in event.keys() - known]
    if len(event.get("routing_key", "")) != 32:
        errors.append("Length of 'routing_key' is incorrect (should be 32 characters)")
    elif event["routing_key"] != key:
        errors.append("Invalid routing key")
    if event.get("event_action") not in ACTIONS:
        errors.append("'event_action' is missing or not one of trigger, acknowledge, resolve")
    if not 1 <= len(event.get("dedup_key", "")) <= 255:
        errors.append("'dedup_key' has no or more than 255 characters")
    return errors + (_wrong_payload(event.get("payload")) if event.get("event_action") == "trigger" else [])


def _wrong_payload(payload: Any) -> list[str]:
    if not isinstance(payload, dict):
        return ["'payload' is missing"]
    known = {"summary", "source", "severity", "timestamp", "component", "group", "class", "custom_details"}
    errors = [f"'payload.{name}' is not known" for name in payload.keys() - known]
    if not 1 <= len(payload.get("summary", "")) <= 1024:
        errors.append("'payload.summary' has no or more than 1024 characters")
    if not payload.get("source"):
        errors.append("'payload.source' is missing")
    if payload.get("severity") not in SEVERITIES:
        errors.append("'payload.severity' is not one of critical, error, warning, info")
    return errors


class ZaloStub(Stub):
    """`sendMessage` for one bot, one chat. `in_200`: errors come inside a 200, as the envelope allows; else as the HTTP status too."""

    path = "/{bot}/{method}"

    def __init__(self, token: str, chat: str, *, tls: Leaf | None = None) -> None:
        super().__init__(tls=tls)
        self.token = token
        self.chat = chat
        self.in_200 = True
        self.busy = 0

    async def _handle(self, request: web.Request) -> web.Response:
        if request.match_info["bot"] != f"bot{self.token}":
            return self._error(401, "Unauthorized")
        if request.match_info["method"] != "sendMessage":
            return self._error(404, "Not Found")
        return self.answer(request.headers, await request.read())

    def answer(self, headers: Mapping[str, str], body: bytes) -> web.Response:
        """The envelope: a message's id, or a code with its words."""
        if self.busy:
            self.busy -= 1
            return self._error(429, "Quota exceeded")
        try:
            message = json.loads(body) if headers.get("Content-Type", "").split(";")[0] == JSON else {}
        except ValueError:
            message = {}
        if message.keys() - {"chat_id", "text", "parse_mode", "text_styles"} or message.get("chat_id") != self.chat:
            return self._error(400, "Bad Request: chat_id")
        # Whether it counts characters or UTF-16 units is not published: the smaller room holds.
        if not 1 <= len(message.get("text", "").encode("utf-16-le")) // 2 <= 2000:
            return self._error(400, "Bad Request: text")
        self.accepted.append(message)
        return web.json_response({"ok": True, "result": {"message_id": f"m{len(self.accepted)}", "date": 1749632637199}})

    def _error(self, code: int, description: str) -> web.Response:
        self.refused.append(description)
        return web.json_response({"ok": False, "description": description, "error_code": code}, status=200 if self.in_200 else code)
