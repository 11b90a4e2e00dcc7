"""The certificate with which a box serves its PCs, renewed with its key: the private half is made here and never leaves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from collector.enrolment.wire import EnrolmentError
from exporters.durable import write_whole

if TYPE_CHECKING:
    from collector.config import Config


class Server(msgspec.Struct, frozen=True):
    """Where the server's certificate and key lie."""

    certificate: Path
    key: Path


def server_of(config: Config, folder: Path) -> Server | None:
    """Those of a box that serves PCs; in the package's layout they are credentials below `folder`, that of the configuration."""
    options, given = config.endpoints, folder / "secrets" / "endpoints"
    if not options.enabled:
        return None
    if options.certificate_file is not None and options.key_file is not None:
        return Server(options.certificate_file, options.key_file)
    return Server(given / "certificate", given / "key") if given.is_dir() else None


def request(box: str) -> tuple[ec.EllipticCurvePrivateKey, str]:
    """A new key and the request for it (PEM). The name in it says who asks; for which names the certificate is, the province knows."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, box)])
    asked = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
    return key, asked.public_bytes(serialization.Encoding.PEM).decode()


def put(server: Server, key: ec.EllipticCurvePrivateKey, certificate: str) -> None:
    """Puts both in place. Raises EnrolmentError for a certificate of another key, OSError."""
    try:
        ours = x509.load_pem_x509_certificate(certificate.encode()).public_key() == key.public_key()
    except ValueError:
        ours = False
    if not ours:
        raise EnrolmentError("chứng thư tỉnh trao không phải của hộp này: giữ chứng thư cũ", "the certificate is not of this box's key: the old one stays")
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    write_whole(server.key, pem, private=True)
    write_whole(server.certificate, certificate.encode())
    server.certificate.chmod(0o644)
