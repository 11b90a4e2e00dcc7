"""The province's certificates: one authority, one certificate for each PC, a short-lived one for each box. ECDSA P-256 (Fleet and osquery advise it).

A PC's certificate names it: CN its id, O its site, OU `pc`; the box believes nothing else about who speaks (endpoint.md §1, behaviour 17).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from collector.refusal import ConfigError
from model.text import Text
from model.times import SECOND

CA_YEARS = 10
PC_DAYS = 2 * 365
# Renewed well before: a box that was stolen is of no use for long.
SERVER_DAYS = 90
# Clocks of offices' PCs are off by hours; by a day, seldom.
_EARLY = timedelta(days=1)


class Pair(NamedTuple):
    """A certificate with its key, both PEM."""

    certificate: bytes
    key: bytes


class Authority(NamedTuple):
    """The province's authority, ready to sign."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> bytes:
        """The certificate alone: what PCs and boxes are given."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)


def new_authority(name: str, at: int, passphrase: bytes | None = None) -> Pair:
    """A new authority called `name`. `at` in ns; the key is encrypted where there is a passphrase."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Vọng Gác")])
    builder = (
        _builder(subject, subject, key.public_key(), at, timedelta(days=365 * CA_YEARS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(sign=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    certificate = builder.sign(key, hashes.SHA256())
    return Pair(certificate.public_bytes(serialization.Encoding.PEM), _pem(key, passphrase))


def authority(pair: Pair, passphrase: bytes | None = None) -> Authority:
    """The authority out of its files. Raises ConfigError."""
    try:
        key = serialization.load_pem_private_key(pair.key, passphrase)
        certificate = x509.load_pem_x509_certificate(pair.certificate)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ConfigError(
            Text(
                "Không mở được khóa hoặc chứng chỉ CA của tỉnh: sai mật khẩu, hoặc tệp không do vonggac endpoints keygen làm ra.",
                "The province's CA key or certificate cannot be opened: wrong passphrase, or not made by vonggac endpoints keygen.",
            )
        ) from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or certificate.public_key() != key.public_key():
        raise ConfigError(Text("Khóa và chứng chỉ CA không phải một cặp.", "The CA's key and certificate are no pair."))
    return Authority(certificate, key)


def for_pc(ca: Authority, site: str, pc: str, at: int, days: int = PC_DAYS) -> Pair:
    """A PC's certificate and key."""
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, pc),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, site),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "pc"),
        ]
    )
    return _issued(ca, subject, at, timedelta(days=days), ExtendedKeyUsageOID.CLIENT_AUTH, ())


def for_box(ca: Authority, site: str, hosts: Sequence[str], at: int, days: int = SERVER_DAYS) -> Pair:
    """The box's server certificate; `hosts` are names and addresses by which PCs reach it, the first one its CN."""
    return _issued(ca, _box_name(site, hosts), at, timedelta(days=days), ExtendedKeyUsageOID.SERVER_AUTH, hosts)


def for_request(ca: Authority, site: str, hosts: Sequence[str], request: bytes, at: int, days: int = SERVER_DAYS) -> bytes:
    """The same for the key of a box's own request (PEM), whose other words are not heeded. Raises ValueError for one that is none."""
    asked = x509.load_pem_x509_csr(request)
    key = asked.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1) or not asked.is_signature_valid:
        raise ValueError("no request for a P-256 key")
    return _signed(ca, _box_name(site, hosts), key, at, timedelta(days=days), ExtendedKeyUsageOID.SERVER_AUTH, hosts)


def _box_name(site: str, hosts: Sequence[str]) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, hosts[0][:64]),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, site),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "box"),
        ]
    )


def serial_of(certificate: bytes) -> str:
    """A certificate's serial number in lower-case hex, as revocations name it."""
    return format(x509.load_pem_x509_certificate(certificate).serial_number, "x")


def _issued(ca: Authority, subject: x509.Name, at: int, life: timedelta, use: x509.ObjectIdentifier, hosts: Sequence[str]) -> Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    return Pair(_signed(ca, subject, key.public_key(), at, life, use, hosts), _pem(key, None))


def _signed(
    ca: Authority, subject: x509.Name, key: ec.EllipticCurvePublicKey, at: int, life: timedelta, use: x509.ObjectIdentifier, hosts: Sequence[str]
) -> bytes:
    builder = (
        _builder(subject, ca.certificate.subject, key, at, life)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(sign=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([use]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca.key.public_key()), critical=False)
    )
    if hosts:
        builder = builder.add_extension(x509.SubjectAlternativeName([_name(host) for host in hosts]), critical=False)
    return builder.sign(ca.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, at: int, life: timedelta) -> x509.CertificateBuilder:
    now = datetime.fromtimestamp(at // SECOND, UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _EARLY)
        .not_valid_after(now + life)
    )


def _usage(*, sign: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not sign,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=sign,
        crl_sign=sign,
        encipher_only=False,
        decipher_only=False,
    )


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _pem(key: ec.EllipticCurvePrivateKey, passphrase: bytes | None) -> bytes:
    guard = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, guard)
