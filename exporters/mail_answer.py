"""What a mail server's answer means (RFC 5321 §4.2): 4yz is for later; 5yz is about the login, the recipient or the mail, by where it was said."""

from __future__ import annotations

import re

import aiosmtplib

from exporters.webhook_answer import Answer, malformed
from exporters.wire_answer import of_socket
from model.text import Language, Text

TROUBLES = (aiosmtplib.SMTPException, OSError, EOFError)

_LOGIN = Text(
    "máy thư không chấp nhận đăng nhập hoặc người gửi: hãy kiểm tra username, tệp mật khẩu, sender", "the mail server does not accept login or sender"
)
_NO_TLS = Text("máy thư không có STARTTLS hoặc cách đăng nhập cần dùng", "the mail server has no STARTTLS, or no way of login that we need")
_POLICY = Text("máy thư chặn thư này theo chính sách của mình", "the mail server blocks this mail by its policy")
_NOBODY = Text("máy thư từ chối mọi người nhận: hãy kiểm tra recipients", "the mail server refuses every recipient: check recipients")
_LATER = Text("máy thư hẹn nhận sau", "the mail server asks to come back later")
_NOT_NOW = Text("máy thư không phục vụ lúc này", "the mail server does not serve now")

# RFC 3463: 5.7.z is security or policy. What a filter says is put right by people, and is no fault of the form.
_BY_POLICY = re.compile(r"\b5\.7\.\d")


def of_error(error: Exception, language: Language) -> Answer:
    """The meaning of a refusal or of no answer. The server's words are repeated for a malformed mail alone."""
    match error:
        case aiosmtplib.SMTPConnectResponseError() | aiosmtplib.SMTPHeloError():
            return _outage(_NOT_NOW, error.code, language)
        case aiosmtplib.SMTPAuthenticationError() | aiosmtplib.SMTPSenderRefused():
            return _outage(_LATER, error.code, language) if is_later(error.code) else _outage(_LOGIN, error.code, language)._replace(trouble="login")
        case aiosmtplib.SMTPDataError():
            return _of_data(error, language)
        case aiosmtplib.SMTPRecipientsRefused():
            return of_refused([one.code for one in error.recipients], language)
        case aiosmtplib.SMTPResponseException():
            return _outage(_NOT_NOW, error.code, language)
        case aiosmtplib.SMTPException() if not isinstance(error, OSError):
            # The library has no name of its own for a server without STARTTLS or without log-in.
            return Answer("retry", _NO_TLS.to(language), outage=True)
        case _:
            return of_socket(error, language)


def of_refused(codes: list[int], language: Language) -> Answer:
    """Nobody took it. 4yz for one of them (grey-listing) is this mail's matter; 5yz for all is ours to put right."""
    if any(is_later(code) for code in codes):
        return Answer("retry", f"{_LATER.to(language)} ({codes[0]})")
    return _outage(_NOBODY, codes[0] if codes else 0, language)


def is_later(code: int) -> bool:
    """Whether an answer is a transient one."""
    return 400 <= code < 500


def _of_data(error: aiosmtplib.SMTPDataError, language: Language) -> Answer:
    if is_later(error.code):
        return Answer("retry", f"{_LATER.to(language)} ({error.code})")
    if _BY_POLICY.search(error.message):
        return _outage(_POLICY, error.code, language)
    return malformed(error.code, error.message, language)


def _outage(reason: Text, code: int, language: Language) -> Answer:
    return Answer("retry", f"{reason.to(language)} ({code})", outage=True)
