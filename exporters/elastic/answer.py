"""What the answer to a bulk means, item by item: delivered, refused for ever, or to be tried again, with one sentence why."""

from __future__ import annotations

import ssl
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import aiohttp
from elastic_transport import ConnectionTimeout, TlsError, TransportError

from exporters.elastic import words
from exporters.sink import DUPLICATE
from model.ports import Outcome, Receipt, Trouble
from model.text import Language, Text, shown

_SAID = 300
# How both engines begin the name of an index that is behind a data stream.
_BACKING = ".ds-"
# OpenSSL's X509_V_ERR_*: not yet valid, expired; name or address in the certificate is another.
_OUT_OF_TIME = (9, 10)
_OTHER_NAME = (62, 64)
# A 400 for one item that is no fault of its document: the cluster has no room for a stream (shard limit), or it was closed.
_CONDITIONS = ("validation_exception", "index_closed_exception", "invalid_index_name_exception", "invalid_index_template_exception")

_CERTIFICATE = (words.EXPIRED, words.WRONG_NAME, words.UNTRUSTED)
_SENTENCES = {401: words.LOGIN, 403: words.RIGHTS, 406: words.STRANGER, 429: words.BUSY}


class Refusal(NamedTuple):
    """Why a whole bulk got no answer by item; `after` in ns. `too_large`: a smaller one may pass."""

    outcome: Outcome
    reason: str
    after: int = 0
    too_large: bool = False
    trouble: Trouble = ""


class Sent(NamedTuple):
    """A row as it stands in a bulk: sequence, id, its two lines."""

    seq: int
    id: str
    lines: bytes


def of_items(sent: Sequence[Sent], body: object, after: int, language: Language) -> list[Receipt] | Refusal:
    """One receipt a row, in order; a refusal when the answer is not to what was sent."""
    items = body.get("items") if isinstance(body, dict) else None
    if not isinstance(items, list) or len(items) != len(sent):
        return Refusal("retry", words.ODD.to(language), after)
    results = [item.get("create") if isinstance(item, dict) else None for item in items]
    receipts: list[Receipt] = []
    for row, result in zip(sent, results, strict=True):
        if not isinstance(result, dict) or result.get("_id") != row.id:
            return Refusal("retry", words.ODD.to(language), after)
        receipts.append(_item(row.seq, result, after, language))
    return receipts


def _item(seq: int, result: Mapping[str, Any], after: int, language: Language) -> Receipt:
    status, error, index = result.get("status"), _Cause.of(result.get("error")), result.get("_index")
    if status in (200, 201, 409) and isinstance(index, str) and not index.startswith(_BACKING):
        # Asked of OpenSearch alone, which cannot be told to take the document into a data stream or not at all.
        return Receipt(seq, "retry", words.NO_STREAM.to(language), after)
    match status:
        case 200 | 201 if result.get("failure_store") == "used":
            # Kept by the server beside the stream, where nobody reads: its mapping, or a pipeline of its administrator's, did not take the document.
            return Receipt(seq, "rejected", words.SET_ASIDE.to(language))
        case 200 | 201:
            return Receipt(seq, "accepted")
        case 409 if error.kind == "version_conflict_engine_exception":
            # Stored before: an answer was lost, or the row was sent again after a restart.
            return Receipt(seq, "accepted", DUPLICATE)
        case 413:
            return Receipt(seq, "rejected", words.TOO_LARGE.to(language))
        case 400 if error.kind not in _CONDITIONS:
            return Receipt(seq, "rejected", error.quoted(words.REFUSED, language))
    return Receipt(seq, "retry", _why(status, error, words.TEMPLATE, language), after, _login(status, error))


def of_status(status: int, body: object, after: int, language: Language) -> Refusal:
    """The meaning of a refusal of the whole request. Nothing but size is ever the documents' fault."""
    if status == 413:
        return Refusal("rejected", words.TOO_LARGE.to(language), after, too_large=True)
    if 200 <= status < 300:
        # How the client says that nothing named the product.
        return stranger(language)
    error = _Cause.of(body.get("error") if isinstance(body, dict) else None)
    return Refusal("retry", _why(status, error, words.NOT_THERE, language), after, trouble=_login(status, error))


def stranger(language: Language) -> Refusal:
    """A success without the product's name is an outage, neither delivery nor poison."""
    return Refusal("retry", words.STRANGER.to(language))


def _login(status: object, error: _Cause) -> Trouble:
    """A block of writing is a 403 too, and no fault of the login."""
    return "login" if status in (401, 403) and error.kind != "cluster_block_exception" else ""


def _why(status: object, error: _Cause, not_found: Text, language: Language) -> str:
    """One sentence for what can heal: by itself, by the server's administrator, by whoever wrote the options."""
    match status:
        case 429 | 403 if error.kind == "cluster_block_exception":
            text = words.FULL if "flood-stage" in error.reason else words.BLOCKED
        case 400 if error.kind == "media_type_header_exception" or "unrecognized parameter" in error.reason:
            text = words.VERSION
        case 400 if error.kind in _CONDITIONS:
            text = words.CLUSTER
        case 404:
            text = not_found
        case int() if status in _SENTENCES:
            text = _SENTENCES[status]
        case int() if 300 <= status < 400:
            text = words.MOVED
        case int() if status >= 500:
            text = Text(f"{words.FAILING.vi} ({status})", f"{words.FAILING.en} ({status})")
        case _:
            text = Text(f"{words.ODD.vi} ({status})", f"{words.ODD.en} ({status})")
    return error.quoted(text, language)


def of_error(error: TransportError, language: Language) -> Refusal:
    """The meaning of no answer, or of one that is no JSON."""
    meaning = _meaning(error)
    return Refusal("retry", meaning.to(language), trouble="certificate" if meaning in _CERTIFICATE else "")


def _meaning(error: TransportError) -> Text:
    match error, error.__cause__:
        case ConnectionTimeout(), _:
            return words.SILENT
        case TlsError(), aiohttp.ClientConnectorCertificateError(certificate_error=ssl.SSLCertVerificationError(verify_code=code)):
            return words.EXPIRED if code in _OUT_OF_TIME else words.WRONG_NAME if code in _OTHER_NAME else words.UNTRUSTED
        case TlsError(), _:
            return words.NO_TLS
        case _, aiohttp.ClientConnectorDNSError() | UnicodeError():
            return words.NO_NAME
        case _, aiohttp.ClientConnectorError():
            return words.NO_WAY
        case _, aiohttp.ClientResponseError():
            return words.STRANGER
        case _, aiohttp.ClientError() | OSError():
            return words.CUT
    # Left over: a success whose body cannot be read as what it says it is.
    return words.STRANGER


class _Cause(NamedTuple):
    """The engine's own words: type of exception and reason."""

    kind: str = ""
    reason: str = ""

    @classmethod
    def of(cls, error: object) -> _Cause:
        """Reads an `error` object of whatever shape."""
        if not isinstance(error, dict):
            return cls(reason=error if isinstance(error, str) else "")
        deeper = error.get("caused_by")
        because = deeper.get("reason") if isinstance(deeper, dict) else None
        reasons = [reason for reason in (error.get("reason"), because) if isinstance(reason, str)]
        return cls(str(error.get("type", "")), "; ".join(reasons))

    def quoted(self, sentence: Text, language: Language) -> str:
        """`sentence` with the engine's words behind it, in one line."""
        said = shown(" ".join(part for part in (self.kind, self.reason) if part), _SAID)
        return f"{sentence.to(language)}: “{said}”" if said else sentence.to(language)
