"""Certificates as the province makes them, and such as somebody else does; keys are made once, for making one takes longer than a test."""

from __future__ import annotations

import functools
import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NOW = datetime.now(UTC)


class Pair(NamedTuple):
    """Where a certificate and its key are, and its serial number as hex."""

    certificate: Path
    key: Path
    serial: str


@functools.cache
def _key(name: str) -> ec.EllipticCurvePrivateKey:
    del name
    return ec.generate_private_key(ec.SECP256R1())


def _named(cn: str, site: str, unit: str) -> x509.Name:
    parts = ((NameOID.COMMON_NAME, cn), (NameOID.ORGANIZATION_NAME, site), (NameOID.ORGANIZATIONAL_UNIT_NAME, unit))
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in parts if value])


class Authority:
    """A province's authority that gives certificates into a folder."""

    def __init__(self, folder: Path, name: str = "CA") -> None:
        self._folder, self._subject, self._key = folder, _named(name, "", ""), _key(f"ca {name}")
        self.path = folder / f"{name}.pem"
        made = self._build(self._subject, self._key, timedelta(days=365), x509.BasicConstraints(ca=True, path_length=0))
        self.path.write_bytes(made.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))

    def pc(self, cn: str, site: str = "xa", unit: str = "pc", *, life: timedelta = timedelta(days=90), use: x509.ObjectIdentifier | None = None) -> Pair:
        """A PC's certificate."""
        return self._issue(cn, _named(cn, site, unit), life, use or ExtendedKeyUsageOID.CLIENT_AUTH)

    def box(self) -> Pair:
        """The server's, for 127.0.0.1."""
        return self._issue("box", _named("box", "xa", "box"), timedelta(days=90), ExtendedKeyUsageOID.SERVER_AUTH, "127.0.0.1")

    def _issue(self, name: str, subject: x509.Name, life: timedelta, use: x509.ObjectIdentifier, address: str = "") -> Pair:
        key = _key(name)
        builder = self._build(subject, key, life, x509.BasicConstraints(ca=False, path_length=None))
        builder = builder.add_extension(x509.ExtendedKeyUsage([use]), critical=False)
        if address:
            builder = builder.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), critical=False)
        made = builder.sign(self._key, hashes.SHA256())
        serial = format(made.serial_number, "x")
        paths = self._folder / f"{serial}.pem", self._folder / f"{serial}.key"
        paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
        paths[1].touch(0o600)
        paths[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        return Pair(*paths, serial)

    def _build(self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, life: timedelta, constraints: x509.BasicConstraints) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(min(NOW, NOW + life) - timedelta(days=2))
            .not_valid_after(NOW + life)
            .add_extension(constraints, critical=True)
        )
