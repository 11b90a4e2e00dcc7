"""What an error of a socket means for a sink that speaks no HTTP: an outage, whatever it was, with the reason as a sentence."""

from __future__ import annotations

import socket
import ssl

from exporters.webhook_answer import Answer
from model.text import Language, Text

_SILENT = Text("máy nhận không trả lời kịp", "the receiver did not answer in time")
_CERTIFICATE = Text("chứng thư không hợp lệ hoặc TLS không khớp: hãy kiểm tra ca_file", "a certificate is not valid, or TLS does not fit: check ca_file")
_NO_NAME = Text("không phân giải được tên máy nhận", "the receiver's name cannot be resolved")
_CUT = Text("máy nhận cắt kết nối", "the receiver cut the connection")
_NO_WAY = Text("không kết nối được tới máy nhận", "the receiver cannot be reached")


def of_socket(error: BaseException, language: Language) -> Answer:
    """The meaning of an error; what it was raised from is looked at too, for libraries wrap it."""
    for one in _chain(error):
        match one:
            case ssl.SSLEOFError() | ssl.SSLZeroReturnError():
                return _outage(_CUT, language)
            case ssl.SSLError():
                return Answer("retry", _CERTIFICATE.to(language), outage=True, trouble="certificate")
            case TimeoutError():
                return _outage(_SILENT, language)
            case socket.gaierror():
                return _outage(_NO_NAME, language)
            case ConnectionRefusedError():
                return _outage(_NO_WAY, language)
            case ConnectionResetError() | ConnectionAbortedError() | BrokenPipeError() | EOFError():
                return _outage(_CUT, language)
    return _outage(_NO_WAY, language)


def _outage(reason: Text, language: Language) -> Answer:
    return Answer("retry", reason.to(language), outage=True)


def _chain(error: BaseException) -> list[BaseException]:
    """The deepest cause first."""
    found: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and one not in found:
        found.insert(0, one)
        one = one.__cause__ or one.__context__
    return found
