"""Binds an application to its address, or says in one sentence why not."""

from __future__ import annotations

import errno
import ssl
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aiohttp import web

from collector.refusal import ConfigError
from model.text import Text, shown

if TYPE_CHECKING:
    from collector.config.web import Web


async def serve(app: web.Application, host: str, port: int, key: str = "port", tls: ssl.SSLContext | None = None) -> tuple[web.AppRunner, str]:
    """Serves until the runner is cleaned up; the runner and the page's address. `key`: the port's, in [web]. Raises ConfigError when the port is taken."""
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=2.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port, ssl_context=tls).start()
    except OSError as error:
        await runner.cleanup()
        raise _refused(error, host, port, key) from None
    bound = runner.addresses[0]
    shown = f"[{bound[0]}]" if ":" in bound[0] else bound[0]
    return runner, f"{'https' if tls else 'http'}://{shown}:{bound[1]}/"


def tls_of(options: Web) -> ssl.SSLContext | None:
    """The page's certificate and key, where it has any. Raises ConfigError for files that cannot be used or that others may read."""
    if options.cert_file is None or options.key_file is None:
        return None
    name = shown(str(options.key_file), 200)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        if options.key_file.stat().st_mode & 0o077:
            raise ConfigError(
                Text(f"Tệp khóa {name} để người khác đọc được: chạy chmod 600 {name}.", f"Others may read key file {name}: run chmod 600 {name}.")
            )
        context.load_cert_chain(options.cert_file, options.key_file)
    except OSError as error:
        why = error.strerror or str(error)
        raise ConfigError(
            Text(f'Không dùng được "[web] cert_file", "[web] key_file": {why}.', f'"[web] cert_file", "[web] key_file" cannot be used: {why}.')
        ) from None
    return context


def names_of(options: Web) -> list[str]:
    """The names that people open the page by: those of the configuration, and those that the certificate is for."""
    told = [urlsplit(options.url).hostname or "", options.host]
    return [name for name in [*told, *_certified(options.cert_file)] if name and name not in {"0.0.0.0", "::"}]  # noqa: S104 - these are what is left out


def _certified(path: Path | None) -> list[str]:
    if path is None:
        return []
    from cryptography import x509  # noqa: PLC0415 - for pages with a certificate only

    try:
        extension = x509.load_pem_x509_certificate(path.read_bytes()).extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except (OSError, ValueError, x509.ExtensionNotFound):
        return []
    names = extension.value
    return [*names.get_values_for_type(x509.DNSName), *map(str, names.get_values_for_type(x509.IPAddress))]


def _refused(error: OSError, host: str, port: int, key: str) -> ConfigError:
    if error.errno == errno.EADDRINUSE:
        return ConfigError(
            Text(
                f'Cổng {port} trên {host} đang có chương trình khác dùng: đổi "[web] {key}" trong cấu hình hoặc dừng chương trình kia.',
                f'Port {port} on {host} is in use by another program: change "[web] {key}" in the configuration or stop that program.',
            )
        )
    why = error.strerror or str(error)
    return ConfigError(Text(f"Không mở được trang ở {host} cổng {port}: {why}.", f"Cannot serve the page at {host} port {port}: {why}."))
