"""The box's part in its own life: it joins its province, and renews its key. Files and one question; what is there already is never written over unasked."""

from __future__ import annotations

import os
import re
import secrets
import ssl
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from collector.config.load import load, read_text
from collector.enrolment.asking import ask
from collector.enrolment.certificate import put, request, server_of
from collector.enrolment.enroller import is_public_key
from collector.enrolment.wire import BUNDLE, JOIN, RENEW, DeniedError, EnrolmentError, Joined, Joining, Renewed, Renewing, asked
from collector.keyfile import own_key
from collector.refusal import ConfigError
from exporters.durable import sync_folder, write_whole
from model.text import shown

if TYPE_CHECKING:
    from collector.config import Config

TOKEN, PUBLIC, CA = "bundle-token", "declared.pub", "soc-ca.pem"
_HEAD: Final = re.compile(r"^\[bundle\][ \t]*(#.*)?$", re.MULTILINE)


class Places(msgspec.Struct, frozen=True):
    """Where a box keeps what the province gives it: `config` the file, `secrets` a folder, `credentials` whether services get those from systemd."""

    config: Path
    secrets: Path
    credentials: bool

    @property
    def folder(self) -> Path:
        """The folder of the configuration, where what is public lies."""
        return self.config.resolve().parent


class Taken(msgspec.Struct, frozen=True):
    """What joining did: files written, files that were there and stayed, the lines of [bundle], and whether they are in the configuration already."""

    joined: Joined
    written: list[Path]
    kept: list[Path]
    lines: list[str]
    configured: bool


def places_of(config: Path) -> Places:
    """The package has a folder of secrets for the sinks that systemd hands over as credentials; elsewhere they lie in one folder."""
    folder = config.resolve().parent / "secrets"
    sinks = folder / "sinks"
    return Places(config, sinks if sinks.is_dir() else folder, sinks.is_dir())


def join(config: Config, places: Places, url: str, token: str, ca: Path | None, tls: ssl.SSLContext, *, sites: Sequence[str], replace: bool) -> Taken:
    """Joins the province at `url`. Raises EnrolmentError, ConfigError, OSError."""
    if not url.startswith("https://"):
        raise EnrolmentError(f"địa chỉ của tỉnh phải bắt đầu bằng https://, đang là {shown(url)}", f"the address must begin with https://, it is {shown(url)}")
    authority = ca.read_bytes() if ca is not None else None
    _refuse_existing([places.secrets / TOKEN, places.folder / PUBLIC], replace=replace)
    places.secrets.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = Ed25519PrivateKey.from_private_bytes(own_key(config.box.key_file))
    public = _public(key)
    said = Joining(token=token, nonce=secrets.token_hex(16), box=config.box.id, sites=tuple(sites), key=public)
    base = url.rstrip("/")
    joined = ask(base + JOIN, asked(JOIN, said, key), tls, Joined)
    if (joined.box, joined.key) != (config.box.id, public) or not all(map(is_public_key, joined.declared_keys)):
        raise EnrolmentError("câu trả lời là của hộp khác hoặc đã hỏng: không ghi gì", "the answer is another box's or broken: nothing was written")
    written, kept = _write(_files(places, joined, authority), replace=replace)
    lines = _lines(places, joined, f"{base}{BUNDLE}/{joined.box}", with_ca=ca is not None)
    return Taken(joined, written, kept, lines, _configure(places.config, lines))


def _public(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()


def _refuse_existing(paths: Sequence[Path], *, replace: bool) -> None:
    """Asked before the token is used up."""
    if (there := next((path for path in paths if path.exists()), None)) and not replace:
        raise EnrolmentError(f"hộp đã gia nhập, có sẵn {there}: thêm --replace để thay", f"the box joined before, {there} is there: --replace replaces it")


def _publics(joined: Joined) -> Mapping[str, str]:
    return {PUBLIC if number == 1 else f"declared-{number}.pub": pem for number, pem in enumerate(joined.declared_keys, 1)}


def _files(places: Places, joined: Joined, authority: bytes | None) -> Iterator[tuple[Path, bytes, bool]]:
    """Path, content, whether it is its owner's alone. The token first: the rest can be asked for again with it in hand."""
    yield places.secrets / TOKEN, joined.token.encode() + b"\n", True
    for name, pem in _publics(joined).items():
        yield places.folder / name, pem.encode(), False
    if authority is not None:
        yield places.folder / CA, authority, False
    for name, text in sorted(joined.files.items()):
        # A certificate is for all services, which may be other users; what else the SOC prepared may be secret.
        public = name.endswith((".pem", ".pub")) and "PRIVATE KEY" not in text
        if name not in (TOKEN, PUBLIC) and not (name == CA and authority is not None):
            yield (places.folder if public else places.secrets) / name, text.encode(), not public


def _write(files: Iterator[tuple[Path, bytes, bool]], *, replace: bool) -> tuple[list[Path], list[Path]]:
    written, kept = [], []
    for path, content, private in files:
        if path.exists() and not replace:
            if path.read_bytes() != content:
                kept.append(path)
            continue
        write_whole(path, content, private=private)
        if not private:
            path.chmod(0o644)
        written.append(path)
    return written, kept


def _lines(places: Places, joined: Joined, url: str, *, with_ca: bool) -> list[str]:
    names = ", ".join(f'"{name}"' for name in _publics(joined))
    token = f'credential = "sinks_{TOKEN}"' if places.credentials else f'token_file = "secrets/{TOKEN}"'
    return [f"keys = [{names}]", f"url = {msgspec.json.encode(url).decode()}", token, *([f'ca_file = "{CA}"'] if with_ca else [])]


def _configure(path: Path, lines: Sequence[str]) -> bool:
    """Puts the lines under [bundle] where that table is not there or empty, tried out first; whether the configuration has them now."""
    text = read_text(path)
    table = tomllib.loads(text).get("bundle")
    if table:
        return all(tomllib.loads(line).items() <= table.items() for line in lines)
    body = "\n".join(lines)
    new = f"{text.rstrip()}\n\n[bundle]\n{body}\n" if table is None else _HEAD.sub(lambda found: f"{found[0]}\n{body}", text, count=1)
    fresh = path.with_name(path.name + ".new")
    try:
        write_whole(fresh, new.encode())
        if not load(fresh).bundle.url:
            return False
        was = path.stat()
        fresh.chmod(was.st_mode & 0o777)
        os.chown(fresh, was.st_uid, was.st_gid)
        fresh.replace(path)
    except (ConfigError, PermissionError):
        return False
    finally:
        fresh.unlink(missing_ok=True)
    sync_folder(path.resolve().parent)
    return True


def renew(config: Config, folder: Path, tls: ssl.SSLContext, now: int) -> Renewed:
    """Has a new key hold at the province, then puts it in place of the old one; with it the certificate for PCs, where the province signs one.

    `folder` is that of the configuration, `now` in ns. Raises EnrolmentError, ConfigError, OSError.
    """
    path = config.box.key_file
    url = config.bundle.url or ""
    base = url.removesuffix(f"{BUNDLE}/{config.box.id}")
    if base == url or not path.exists():
        raise EnrolmentError("hộp chưa gia nhập tỉnh: chạy vonggac box enrol trước", "this box did not join a province: run vonggac box enrol first")
    old = Ed25519PrivateKey.from_private_bytes(own_key(path))
    coming = path.with_name(path.name + ".new")
    # A key that an earlier renewal left: the province may know it already, its answer was lost.
    left = coming.exists()
    new = Ed25519PrivateKey.from_private_bytes(own_key(coming))
    server = server_of(config, folder)
    served, wanted = request(config.box.id) if server is not None else (None, "")
    try:
        told = _renewed(config, base, new, new, tls, now, wanted) if left else None
    except DeniedError:
        told = None
    told = told or _renewed(config, base, old, new, tls, now, wanted)
    coming.replace(path)
    sync_folder(path.parent)
    if server is not None and served is not None and told.certificate:
        put(server, served, told.certificate)
    return told


def _renewed(config: Config, base: str, signer: Ed25519PrivateKey, new: Ed25519PrivateKey, tls: ssl.SSLContext, now: int, wanted: str) -> Renewed:
    said = Renewing(box=config.box.id, key=_public(new), at=now, nonce=secrets.token_hex(16), request=wanted)
    told = ask(base + RENEW, asked(RENEW, said, signer, None if signer is new else new), tls, Renewed)
    if (told.box, told.key) != (said.box, said.key):
        raise EnrolmentError("câu trả lời là của hộp khác: khóa cũ vẫn dùng", "the answer is another box's: the old key stays")
    return told
