"""Mutual TLS: who may connect, which PC a certificate names, and what is counted of those who were turned away before they said a word."""

from __future__ import annotations

import functools
import os
import re
import resource
import ssl
import stat
import weakref
from collections import Counter
from pathlib import Path
from typing import Any, Final, NamedTuple

from cryptography import x509

from collector.refusal import ConfigError
from model.text import Text, shown
from model.times import SECOND

# Forward secrecy and authenticated encryption only; osquery 5 and the Windows it runs on have these (research/endpoint.md §1, behaviour 12).
_CIPHERS: Final = "ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM"
_A_PC: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_MOST: Final = 16_384
_UNIT: Final = "pc"
# Reasons of OpenSSL for turning a client away, as they are counted. X509_V_ERR_CERT_NOT_YET_VALID 9, X509_V_ERR_CERT_HAS_EXPIRED 10.
_EXPIRED: Final = (9, 10)
_NO_CERTIFICATE: Final = "PEER_DID_NOT_RETURN_A_CERTIFICATE"


class Identity(NamedTuple):
    """Who speaks, by its certificate alone: the PC's id, its site, the certificate's serial number (lower-case hex), its begin and end (ns)."""

    pc: str
    site: str
    serial: str
    since: int
    until: int


class Files(NamedTuple):
    """Where the server's certificate (with its chain), its key and the province's authority are."""

    certificate: Path
    key: Path
    authority: Path


class Door(ssl.SSLContext):
    """A context that counts the handshakes that failed, by why, of which asyncio tells nobody; and that has `most` connections open at a time."""

    most: int = 1024

    @property
    def failed(self) -> Counter[str]:
        """Handshakes that failed, by a word of model.posture.figures."""
        return self._failed

    def enter(self, connection: ssl.SSLObject) -> None:
        """Raises CrowdedError when there are too many connections. Asked by a connection's handshake, for where that fails asyncio closes the socket."""
        if connection in self._open:
            return
        if len(self._open) >= self.most:
            self._failed["crowded"] += 1
            raise CrowdedError
        self._open.add(connection)

    @functools.cached_property
    def _open(self) -> weakref.WeakSet[ssl.SSLObject]:
        return weakref.WeakSet()

    @functools.cached_property
    def _failed(self) -> Counter[str]:
        return Counter()

    def count(self, error: ssl.SSLError) -> None:
        """One more handshake failed."""
        if isinstance(error, ssl.SSLCertVerificationError):
            self._failed["expired" if error.verify_code in _EXPIRED else "foreign"] += 1
        else:
            self._failed["no_certificate" if error.reason == _NO_CERTIFICATE else "protocol"] += 1


class CrowdedError(ssl.SSLError):
    """There are too many connections."""


class _Counting(ssl.SSLObject):
    def do_handshake(self) -> None:
        door = self.context
        try:
            if isinstance(door, Door):
                door.enter(self)
            super().do_handshake()
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError, CrowdedError):
            raise
        except ssl.SSLError as error:
            if isinstance(door, Door):
                door.count(error)
            raise


def door_of(files: Files) -> Door:
    """TLS 1.2 and 1.3 with a client certificate of the province's authority required. Raises ConfigError."""
    context = Door(ssl.PROTOCOL_TLS_SERVER)
    # Files and sockets share one limit: half of it is left for the others of this process.
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    context.most = _MOST if limit == resource.RLIM_INFINITY else min(limit // 2, _MOST)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(_CIPHERS)
    # Whoever comes again shows its certificate again: one that expired or was revoked meanwhile must not come in by a ticket.
    context.options |= ssl.OP_NO_TICKET | ssl.OP_CIPHER_SERVER_PREFERENCE | ssl.OP_NO_RENEGOTIATION
    context.num_tickets = 0
    context.verify_mode = ssl.CERT_REQUIRED
    try:
        context.load_verify_locations(files.authority)
    except (OSError, ssl.SSLError) as error:
        raise _unusable(files.authority, error) from None
    load(context, files)
    context.sslobject_class = _Counting
    return context


def load(context: ssl.SSLContext, files: Files) -> None:
    """Takes the server's certificate and key, for connections from now on. Raises ConfigError."""
    _refuse_readable(files.key)
    try:
        # Without a password OpenSSL would ask the terminal for one.
        context.load_cert_chain(files.certificate, files.key, password=lambda: "")
    except (OSError, ssl.SSLError) as error:
        raise _unusable(files.certificate, error) from None


def written(files: Files) -> tuple[int, ...]:
    """When certificate and key were written last, to see that they were renewed; 0 for one that is not there."""
    return tuple(path.stat().st_mtime_ns if path.exists() else 0 for path in (files.certificate, files.key))


def expiry(files: Files) -> int | None:
    """When the server's certificate runs out, seconds since the epoch; None where it cannot be read."""
    try:
        return int(x509.load_pem_x509_certificate(files.certificate.read_bytes()).not_valid_after_utc.timestamp())
    except (OSError, ValueError):
        return None


def identity_of(peer: dict[str, Any] | None) -> Identity | None:
    """The PC that a certificate names (`ssl.SSLObject.getpeercert`); None for one that names none: another kind of certificate of the same authority."""
    if not peer:
        return None
    told: dict[str, list[str]] = {}
    for part in peer.get("subject", ()):
        for name, value in part:
            told.setdefault(name, []).append(value)
    pc, site, unit = (told.get(name, []) for name in ("commonName", "organizationName", "organizationalUnitName"))
    if len(pc) != 1 or len(site) != 1 or unit != [_UNIT] or not _A_PC.fullmatch(pc[0]):
        return None
    since, until = (int(ssl.cert_time_to_seconds(peer[end])) * SECOND for end in ("notBefore", "notAfter"))
    return Identity(pc[0], site[0], serial_of(str(peer.get("serialNumber", ""))), since, until)


def serial_of(written_as: str) -> str:
    """A serial number as it is compared: hex, however it was written."""
    return written_as.strip().lower().lstrip("0")


def _refuse_readable(key: Path) -> None:
    try:
        mode = key.stat().st_mode
    except OSError as error:
        raise _unusable(key, error) from None
    if mode & (stat.S_IROTH | stat.S_IWOTH):
        name = shown(os.fspath(key), 200)
        raise ConfigError(Text(f"Tệp khóa {name} ai cũng đọc được: chạy chmod 600 {name}.", f"Anybody may read key file {name}: run chmod 600 {name}."))


def _unusable(path: Path, error: OSError) -> ConfigError:
    name, why = shown(os.fspath(path), 200), error.strerror or str(error)
    return ConfigError(Text(f"Không dùng được {name}: {why}.", f"{name} cannot be used: {why}."))
