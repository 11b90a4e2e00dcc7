"""What a webhook receiver's answer means: delivered, refused for ever, or to be tried again, with the reason as a sentence."""

from __future__ import annotations

import datetime
import email.utils
from http import HTTPStatus
from typing import NamedTuple

import aiohttp

from exporters.render import inert
from model.ports import Outcome, Receipt, Trouble
from model.text import Language, Text
from model.times import SECOND

# The body itself is refused: sending the same again cannot help.
_DISLIKED = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY)
_REFUSED = (*_DISLIKED, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
# How a page begins that is meant for a browser: a log-in, a proxy's excuse, a server being repaired. No receiver of alerts answers so.
_PAGES = (b"<!doctype html", b"<html", b"<head", b"<meta", b"<script")
# The server is there and has trouble with this message now: others may still get through.
_TROUBLED = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY)
_LOGIN = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_SAID = 120

_CONTENT = Text("máy nhận từ chối nội dung", "the receiver refuses the content")
_BUSY = Text("máy nhận yêu cầu gửi chậm lại", "the receiver asks to slow down")
_FAILING = Text("máy nhận gặp lỗi", "the receiver fails")
_MOVED = Text("máy nhận chuyển hướng sang nơi khác, không đi theo: hãy sửa url", "the receiver redirects, which is not followed: correct url")
_KEYS = Text("máy nhận không chấp nhận khóa, mật khẩu hoặc quyền: hãy kiểm tra tệp khóa", "the receiver does not accept key or right: check the secret's file")
_NOT_THERE = Text("máy nhận không có địa chỉ này: hãy kiểm tra url", "the receiver has no such address: check url")
_ODD = Text("máy nhận trả lời ngoài dự kiến: hãy kiểm tra url", "the receiver's answer was not expected: check url")
_PAGE = Text(
    "nơi trả lời đưa ra một trang web chứ không phải máy nhận cảnh báo (trang đăng nhập mạng, proxy, hoặc trang bảo trì)",
    "what answers shows a web page and is no receiver of alerts (a network's log-in, a proxy, or a page of maintenance)",
)
_SILENT = Text("máy nhận không trả lời kịp", "the receiver did not answer in time")
_CERTIFICATE = Text("chứng thư của máy nhận không hợp lệ: hãy kiểm tra ca_file", "the receiver's certificate is not valid: check ca_file")
_NO_NAME = Text("không phân giải được tên máy nhận", "the receiver's name cannot be resolved")
_CUT = Text("máy nhận cắt kết nối", "the receiver cut the connection")
_NO_WAY = Text("không kết nối được tới máy nhận", "the receiver cannot be reached")


class Answer(NamedTuple):
    """An outcome with its reason and the wait asked for (ns); `outage`: no other row would fare better now; `unsent`: it certainly reached nobody."""

    outcome: Outcome
    reason: str = ""
    after: int = 0
    outage: bool = False
    trouble: Trouble = ""
    unsent: bool = False

    def receipt(self, seq: int) -> Receipt:
        """The receipt of one row."""
        return Receipt(seq, self.outcome, self.reason, self.after, self.trouble)


def of_status(status: int, retry_after: str, said: bytes, now: int, language: Language) -> Answer:
    """The meaning of an HTTP status. Only what is wrong with the body for ever is rejected; a wrong key or address is put right by people."""
    if 200 <= status < 300:
        return Answer("accepted")
    if status in _REFUSED:
        return malformed(status, said, language)
    return not_now(status, retry_after, now, language)


def of_receiver(status: int, retry_after: str, said: bytes, now: int, language: Language) -> Answer:
    """As `of_status`, for a receiver whose status alone counts; but a web page in its place is a stranger's, neither delivery nor refusal.

    A proxy says with a page and a 400 that our certificate is missing, or that it wants TLS.
    """
    if said.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_PAGES) and (200 <= status < 300 or status in _DISLIKED):
        return Answer("retry", f"{_PAGE.to(language)} ({status})", outage=status not in _DISLIKED, unsent=status in _DISLIKED)
    return of_status(status, retry_after, said, now, language)


def malformed(status: int, said: bytes | str, language: Language) -> Answer:
    """The server itself calls what was sent malformed; `said` is its words."""
    words = inert(said if isinstance(said, str) else said.decode(errors="replace"), _SAID)
    return Answer("rejected", f"{_CONTENT.to(language)} ({status})" + (f": “{words}”" if words else ""))


def not_now(status: int, retry_after: str, now: int, language: Language) -> Answer:
    """Any status that is neither delivery nor the server's own word that the content is malformed: kept, whatever it is."""
    reason = f"{_reason(status).to(language)} ({status})"
    troubled = status in _TROUBLED or status >= 500
    refused = 300 <= status < 500
    return Answer("retry", reason, asked(retry_after, now), outage=not troubled, trouble="login" if status in _LOGIN else "", unsent=refused)


def of_error(error: Exception, language: Language) -> Answer:
    """The meaning of no answer. The error's own text may hold the address, which may hold a token: it is not repeated."""
    match error:
        case TimeoutError():
            reason = _SILENT
        case aiohttp.ClientSSLError():
            reason = _CERTIFICATE
        case aiohttp.ClientConnectorDNSError():
            reason = _NO_NAME
        case aiohttp.ServerDisconnectedError() | aiohttp.ClientPayloadError():
            reason = _CUT
        case _:
            reason = _NO_WAY
    nowhere = isinstance(error, aiohttp.ClientConnectorError)
    return Answer("retry", reason.to(language), outage=True, trouble="certificate" if reason is _CERTIFICATE else "", unsent=nowhere)


def asked(retry_after: str, now: int) -> int:
    """Nanoseconds that a Retry-After header asks to wait (RFC 9110 §10.2.3: seconds or a date); 0 when it says nothing usable."""
    value = retry_after.strip()
    if value.isascii() and value.isdigit():
        return int(value[:9]) * SECOND
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return 0
    # RFC 9110 §5.6.7: the obsolete forms of a date carry no zone and mean GMT.
    moment = moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
    return max(0, int(moment.timestamp()) * SECOND - now)


def _reason(status: int) -> Text:
    if 300 <= status < 400:
        return _MOVED
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return _BUSY
    if status in _TROUBLED or status >= 500:
        return _FAILING
    if status in _LOGIN:
        return _KEYS
    return _NOT_THERE if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE) else _ODD
