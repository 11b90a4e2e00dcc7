"""A real SMTP server (aiosmtpd) on loopback, with TLS and log-in as a mail server has them."""

import asyncio
import email
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.servers.certificates import Leaf

USER, PASSWORD = "vonggac", "mật-khẩu-thử"


class MailServer:
    """Keeps what it took; `answers` by recipient and `verdict` on content are what it says instead of taking. An async context."""

    def __init__(self, tls: Leaf | None = None, *, implicit: bool = False, login: bool = True) -> None:
        self.taken: list[Envelope] = []
        self.secured: list[bool] = []
        self.users: list[str] = []
        self.answers: dict[str, list[str]] = {}
        self.verdicts: list[str] = []
        self.attempts = 0
        self._tls = tls
        self._implicit = implicit
        self._login = login

    @property
    def mails(self) -> list[EmailMessage]:
        """What it took, read."""
        return [email.message_from_bytes(one.original_content, policy=POLICY) for one in self.taken]  # type: ignore[misc]  # the policy makes EmailMessage

    async def __aenter__(self) -> Self:
        context = self._tls.server_context() if self._tls else None
        options: dict[str, Any] = {"hostname": "localhost", "loop": asyncio.get_running_loop()}
        if self._login:
            options |= {"authenticator": self._authenticate, "auth_required": True, "auth_require_tls": True}
        if context is not None and not self._implicit:
            options |= {"tls_context": context, "require_starttls": True}
        self._server = await asyncio.get_running_loop().create_server(lambda: SMTP(self, **options), "127.0.0.1", 0, ssl=context if self._implicit else None)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.close()
        await self._server.wait_closed()

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802 - aiosmtpd's name
        """Answers as told, else takes the recipient."""
        self.attempts += 1
        planned = self.answers.get(address, [])
        if planned and (answer := planned.pop(0)) != "250":
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Answers as told, else keeps the mail."""
        if self.verdicts:
            return self.verdicts.pop(0)
        self.secured.append(session.ssl is not None or self._implicit)
        self.taken.append(envelope)
        return "250 2.0.0 OK"

    def _authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, said: Any) -> AuthResult:
        right = isinstance(said, LoginPassword) and (said.login, said.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=right, handled=False)
