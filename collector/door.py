"""An HTTP service at the HOST:PORT of a command line: opened, or one sentence why it cannot be."""

from __future__ import annotations

import os
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from collector.refusal import ConfigError
from model.text import Text


def place(listen: str) -> tuple[str, int]:
    """Host and port of HOST:PORT. Raises ConfigError."""
    host, _, port = listen.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise ConfigError(Text(f"--listen phải có dạng MÁY:CỔNG, nhận được “{listen}”.", f"--listen must be HOST:PORT, got “{listen}”."))
    return host, int(port)


def tls_of(certificate: Path, key: Path) -> ssl.SSLContext:
    """A server's side of TLS with this certificate. Raises ConfigError for files that cannot be used, and for a key that others may read."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    take(context, certificate, key)
    return context


def take(context: ssl.SSLContext, certificate: Path, key: Path, environ: Mapping[str, str] = os.environ) -> None:
    """Has a context show this certificate from now on. Raises ConfigError as `tls_of`."""
    # A copy that systemd gives may carry its list of readers where others carry the group: strangers alone count there.
    forbidden = 0o007 if str(key.parent) == environ.get("CREDENTIALS_DIRECTORY") else 0o077
    try:
        if key.stat().st_mode & forbidden:
            raise ConfigError(Text(f"Khóa {key} để người khác đọc được: chạy chmod 600 {key}.", f"Others may read the key {key}: run chmod 600 {key}."))
        context.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        why = error.strerror or error.reason if isinstance(error, ssl.SSLError) else error.strerror
        raise ConfigError(Text(f"Không dùng được chứng thư {certificate}: {why}.", f"The certificate {certificate} cannot be used: {why}.")) from None


@asynccontextmanager
async def opened(app: web.Application, listen: str, tls: ssl.SSLContext | None) -> AsyncIterator[str]:
    """The application answers at `listen` while the block runs; its address. Raises ConfigError."""
    host, port = place(listen)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port, ssl_context=tls).start()
        except OSError as error:
            raise ConfigError(Text(f"Không nghe được ở {listen}: {error.strerror}.", f"Cannot listen on {listen}: {error.strerror}.")) from None
        bound = runner.addresses[0]
        shown = f"[{bound[0]}]" if ":" in bound[0] else bound[0]
        yield f"{'https' if tls else 'http'}://{shown}:{bound[1]}"
    finally:
        await runner.cleanup()
