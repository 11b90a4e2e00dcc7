"""Whom a sink trusts as its server, and how it shows who it is: settings of TLS."""

from __future__ import annotations

import ssl
from pathlib import Path

from exporters.sink import OptionsError
from model.text import Text, shown


def trusting(ca_file: Path | None, certificate: Path | None = None, key: Path | None = None) -> ssl.SSLContext:
    """TLS that checks name and authority (`ca_file`, else the machine's own) and shows our `certificate` where one is given. Raises OptionsError."""
    settings = _loaded(ca_file)
    settings.minimum_version = ssl.TLSVersion.TLSv1_2
    if certificate is not None:
        try:
            settings.load_cert_chain(certificate, key)
        except (OSError, ssl.SSLError) as error:
            raise _unusable(certificate, error) from None
    return settings


def _loaded(ca_file: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file)
    except (OSError, ssl.SSLError) as error:
        raise _unusable(ca_file, error) from None


def _unusable(file: Path | None, error: OSError) -> OptionsError:
    why = shown(str(error.strerror or error))
    return OptionsError(Text(f"Không dùng được tệp chứng thư {file}: {why}.", f"Certificate file {file} cannot be used: {why}."))
