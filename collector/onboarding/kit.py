"""The kit of one site: a folder for the box, one for each PC, the roster's lines, and the page a technician follows."""

from __future__ import annotations

import csv
import html
import io
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from collector.onboarding import lists
from collector.onboarding.pki import PC_DAYS, SERVER_DAYS, Authority, Pair, for_box, for_pc, serial_of
from collector.refusal import ConfigError
from model.text import Text, shown
from model.times import DAY, local

_TEMPLATES = Path(__file__).parent / "templates"
FOR_PC = ("osquery.flags", "cai-dat.ps1", "go-bo.ps1")
SCRIPT = "vg-facts.ps1"
# Windows tools read a script without this mark as the machine's own code page, and Vietnamese breaks.
_BOM = b"\xef\xbb\xbf"
# The certificate says who a PC is; the agent wants a secret all the same, so it is given one that is none.
_SECRET = b"certificate\n"


class Order(NamedTuple):
    """What is to be made: for which site, which PCs, how the PCs reach the box (the first host with the port in their settings).

    `lists`: what the facts script compares with on the PC (collector.onboarding.lists).
    """

    site: str
    pcs: tuple[str, ...]
    hosts: tuple[str, ...]
    port: int
    at: int
    lists: bytes = b""


def names(count: int, first: int, prefix: str) -> tuple[str, ...]:
    """`count` ids from `first` on: `may-001`, `may-002` ..."""
    return tuple(f"{prefix}-{number:03d}" for number in range(first, first + count))


def write(order: Order, ca: Authority, out: Path) -> None:
    """Makes the kit in a folder that is not there yet. Raises ConfigError."""
    new_folder(out)
    _box(order, ca, out / "hop")
    pairs = [(pc, for_pc(ca, order.site, pc, order.at)) for pc in order.pcs]
    for pc, pair in pairs:
        _pc(order, ca, out / "may" / pc, pc, pair)
    until = local(order.at + PC_DAYS * DAY)[:10]
    file(out / "enrolled.csv", _csv((("id", "name", "use", "people", "owner"), *((pc, "", "office", "1", "") for pc in order.pcs))))
    file(out / "chung-chi.csv", _csv((("id", "serial", "until"), *((pc, serial_of(pair.certificate), until) for pc, pair in pairs))))
    file(out / "HUONG-DAN.html", _guide(order, until).encode())


def write_server(site: str, hosts: Sequence[str], ca: Authority, at: int, out: Path) -> None:
    """A new server certificate for a site's box, in a folder that is not there yet. Raises ConfigError."""
    new_folder(out)
    _box(Order(site, (), tuple(hosts), 0, at), ca, out / "hop")


def _box(order: Order, ca: Authority, folder: Path) -> None:
    new_folder(folder)
    pair = for_box(ca, order.site, order.hosts, order.at)
    file(folder / "ca.pem", ca.pem)
    file(folder / "server.pem", pair.certificate)
    file(folder / "server.key", pair.key, 0o600)
    until = local(order.at + SERVER_DAYS * DAY)[:10]
    said = {"SITE": order.site, "UNTIL": until, "HOSTS": " --box ".join(order.hosts)}
    file(folder / "LAM-GI.txt", _filled("LAM-GI.txt", said).encode())


def _pc(order: Order, ca: Authority, folder: Path, pc: str, pair: Pair) -> None:
    new_folder(folder)
    file(folder / "ca.pem", ca.pem)
    file(folder / "pc.pem", pair.certificate)
    file(folder / "pc.key", pair.key, 0o600)
    file(folder / "enroll_secret", _SECRET, 0o600)
    host = f"[{order.hosts[0]}]" if ":" in order.hosts[0] else order.hosts[0]
    file(folder / lists.FILE, order.lists)
    _script(folder / SCRIPT)
    for name in FOR_PC:
        text = _filled(name, {"BOX": f"{host}:{order.port}", "PC": pc}).replace("\n", "\r\n").encode()
        file(folder / name, (_BOM if name.endswith(".ps1") else b"") + text)


def _guide(order: Order, until: str) -> str:
    rows = "".join(f"<tr><td><code>{html.escape(pc)}</code></td><td>{until}</td><td></td><td></td><td></td></tr>" for pc in order.pcs)
    said = {"SITE": html.escape(order.site), "COUNT": str(len(order.pcs)), "FIRST": html.escape(order.pcs[0]), "ROWS": rows}
    return _filled("huong-dan.html", said)


def _filled(template: str, said: dict[str, str]) -> str:
    text = (_TEMPLATES / template).read_text("utf-8")
    for key, value in said.items():
        text = text.replace(f"@{key}@", value)
    return text


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    table = io.StringIO()
    csv.writer(table, lineterminator="\r\n").writerows(rows)
    return _BOM + table.getvalue().encode()


def script(folder: Path) -> None:
    """The facts script and the line that runs it, into the folder of a stick."""
    _script(folder / SCRIPT)
    file(folder / "chay.cmd", b'@powershell -NoProfile -ExecutionPolicy Bypass -File "%~dp0vg-facts.ps1" -Bundle\r\n@pause\r\n')


def _script(path: Path) -> None:
    file(path, _BOM + (_TEMPLATES / SCRIPT).read_bytes().replace(b"\n", b"\r\n"))


def new_folder(path: Path) -> None:
    """A folder that was not there, for its owner alone. Raises ConfigError."""
    try:
        path.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        name = shown(str(path), 200)
        raise ConfigError(
            Text(f"Đã có thư mục {name}: chọn thư mục khác, khóa cũ không bị ghi đè.", f"There is a folder {name} already: choose another.")
        ) from None
    except OSError as error:
        raise _unwritable(path, error) from None


def file(path: Path, data: bytes, mode: int = 0o644) -> None:
    """A file that was not there, on disk when this returns. Raises ConfigError."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
    except OSError as error:
        raise _unwritable(path, error) from None


def _unwritable(path: Path, error: OSError) -> ConfigError:
    name = shown(str(path), 200)
    return ConfigError(Text(f"Không ghi được {name}: {error.strerror}.", f"{name} cannot be written: {error.strerror}."))
