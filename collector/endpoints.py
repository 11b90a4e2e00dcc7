"""The server for PCs out of configuration: certificates, the signed catalogue, the inbox, and the way to core. Imported by composition roots alone."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from collector.catalogue.shapes import CatalogueError, Signed
from collector.catalogue.signing import opened
from collector.clock import Clock
from collector.config import Config
from collector.journal import JournalError
from collector.marks import mark_of
from collector.refusal import ConfigError
from collector.sensors.endpoints.admission import Admission
from collector.sensors.endpoints.api import SENSOR, Api
from collector.sensors.endpoints.asking import Asking
from collector.sensors.endpoints.feeding import Feeding
from collector.sensors.endpoints.figures import Figures
from collector.sensors.endpoints.inbox import Inbox, InboxError
from collector.sensors.endpoints.presence import Presence
from collector.sensors.endpoints.serving import Endpoints, Place
from collector.sensors.endpoints.tls import Files
from collector.sensorthread import SensorThread
from collector.sockets import SocketError, SocketReader, path_of
from model.declared import Declared
from model.ports import FactSink
from model.text import Text, shown

log = logging.getLogger(__name__)

# The inbox's file and the newest catalogue's version, in the state folder.
FOLDER: Final = "endpoints"
INBOX: Final = "inbox.sqlite"
_VERSION: Final = "catalogue"
_MAX_CATALOGUE: Final = 4 << 20
_ENDED = Text("bộ thu máy tính dừng vì lỗi không ngờ; các phần khác vẫn chạy", "the sensor of PCs ended by an unexpected fault; everything else goes on")


def inbox_path(config: Config) -> Path:
    """Where the inbox is."""
    return config.state_dir / FOLDER / INBOX


def _remember(known: Path, version: str) -> None:
    """Whole and on disk, or as it was: an empty file would let an older catalogue in. Raises OSError."""
    fresh = known.with_name(known.name + ".new")
    with fresh.open("w", encoding="ascii") as file:
        file.write(version)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(known)


def catalogue_of(config: Config, environ: Mapping[str, str] = os.environ) -> Signed:
    """The signed catalogue; one older than this box has known is refused. Raises ConfigError."""
    path = _file(config.endpoints.catalogue_file, "catalogue", environ)
    known = config.state_dir / FOLDER / _VERSION
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_CATALOGUE)
        signed = opened(data, [_public_key(key) for key in config.endpoints.catalogue_keys], known.read_text("ascii") if known.exists() else "")
        known.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _remember(known, signed.version)
    except CatalogueError as error:
        raise _unusable(path, str(error)) from None
    except OSError as error:
        raise _unusable(Path(error.filename or path), error.strerror or str(error)) from None
    return signed


@contextmanager
def endpoints_of(config: Config, sites: Sequence[Declared], sink: FactSink, clock: Clock) -> Iterator[Endpoints]:
    """The sensor with all its parts, ready to run in a loop. Raises ConfigError."""
    options = config.endpoints
    files = Files(
        _file(options.certificate_file, "certificate", os.environ), _file(options.key_file, "key", os.environ), _file(options.ca_file, "ca", os.environ)
    )
    signed, mark = catalogue_of(config), mark_of(config)
    try:
        inbox = Inbox(inbox_path(config), clock, max_bytes=options.inbox_max_bytes)
    except InboxError as error:
        raise ConfigError(error.text) from None
    with contextlib.closing(inbox):
        if inbox.notice is not None:
            log.warning("%s", inbox.notice.to(config.language))
        held, figures, presence = inbox.held(), Figures(), Presence(SENSOR)
        revoked = [each for site in sites for each in site.revoked]
        admission = Admission(inbox, held.nodes, clock, sites=[site.site for site in sites], revoked=revoked)
        api = Api(signed, inbox, admission, Asking(held.asked, options.topics_at_once), presence, clock, mark, figures)
        # Core is asked by its socket, also where it is in the same process: its own reader belongs to another loop.
        reader = SocketReader(path_of(config.sockets.dir, "read"))
        failures = (SocketError, JournalError, OSError)
        feeding = Feeding(inbox, presence, sink, reader, clock, SENSOR, failures=failures, language=config.language)
        place = Place(options.host, options.port, options.prefix, files)
        yield Endpoints(place, api, admission, inbox, feeding, sink, clock, figures, close=reader.close, language=config.language)


@contextmanager
def in_thread(config: Config, sites: Sequence[Declared], sink: FactSink, clock: Clock) -> Iterator[None]:
    """The sensor at work in a thread of its own. Raises ConfigError for what can be seen to be wrong before it starts."""
    with endpoints_of(config, sites, sink, clock) as endpoints:
        thread = SensorThread("endpoints", endpoints.run, _ENDED, config.language)
        thread.start()
        try:
            yield
        finally:
            thread.stop()


def _file(given: Path | None, credential: str, environ: Mapping[str, str]) -> Path:
    """The configured file, else systemd's credential of that name. Raises ConfigError."""
    if given is not None:
        return given
    folder = environ.get("CREDENTIALS_DIRECTORY")
    if not folder:
        key = f"[endpoints] {credential}_file"
        raise ConfigError(
            Text(f"Thiếu {key}, và systemd không trao credential “{credential}”.", f"{key} is missing, and systemd gave no credential “{credential}”.")
        )
    return Path(folder) / credential


def _public_key(path: Path) -> Ed25519PublicKey:
    try:
        key = load_pem_public_key(path.read_bytes())
    except OSError as error:
        raise _unusable(path, error.strerror or str(error)) from None
    except (ValueError, UnsupportedAlgorithm):
        raise _unusable(path, "PEM") from None
    if not isinstance(key, Ed25519PublicKey):
        raise _unusable(path, "Ed25519")
    return key


def _unusable(path: Path, why: str) -> ConfigError:
    name = shown(str(path), 200)
    return ConfigError(Text(f"Không dùng được {name}: {why}.", f"{name} cannot be used: {why}."))
