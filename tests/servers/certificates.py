"""Certificates for loopback servers: a right one, and each wrong one a client must refuse."""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme

SERVER_NAME = "localhost"


@dataclass(frozen=True)
class Leaf:
    """A server's certificate chain and key (PEM files), and the authority a client should trust for it."""

    chain: Path
    key: Path
    authority: Path

    def server_context(self) -> ssl.SSLContext:
        """TLS settings for a server that shows this certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.chain, self.key)
        return context


class Certificates:
    """Leaves made in `folder`. All are for `localhost` only, so `https://127.0.0.1` is a wrong name too."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        authority = trustme.CA(organization_name="test authority")
        self.authority = folder / "authority.pem"
        authority.cert_pem.write_to_path(self.authority)
        past = datetime.now(UTC) - timedelta(days=2)
        self.right = self._write("right", authority.issue_cert(SERVER_NAME))
        self.wrong_name = self._write("wrong-name", authority.issue_cert("elsewhere.example"))
        self.expired = self._write(
            "expired",
            authority.issue_cert(SERVER_NAME, not_before=past, not_after=past + timedelta(days=1)),
        )
        stranger = trustme.CA(organization_name="another authority")
        self.stranger = self._write("stranger", stranger.issue_cert(SERVER_NAME))

    def client_context(self) -> ssl.SSLContext:
        """TLS settings for a client that trusts this authority alone."""
        return ssl.create_default_context(cafile=str(self.authority))

    def _write(self, name: str, leaf: trustme.LeafCert) -> Leaf:
        chain, key = self._folder / f"{name}.pem", self._folder / f"{name}.key"
        chain.write_bytes(b"".join(blob.bytes() for blob in leaf.cert_chain_pems))
        leaf.private_key_pem.write_to_path(key)
        return Leaf(chain, key, self.authority)
