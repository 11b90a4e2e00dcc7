"""A box's whole life, with the commands that people give and the service that the province runs, over TLS on loopback."""

from __future__ import annotations

import hashlib
import signal
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from collector import chain
from collector.cli import box_province_commands
from collector.cli.say import Refusal
from collector.clock import SystemClock
from collector.config import load
from collector.enrolment.wire import EnrolmentError
from model.times import DAY
from tests.enrolment.place import ADDRESS, Province, box_at, bundle, enrolled, key_of, worth, wrote
from tests.servers.certificates import Certificates
from tests.system.program import VONGGAC, Box, address, ended, fetched, ran, running, spawned, until


@pytest.fixture
def box() -> Iterator[Box]:
    """Short, for a Unix socket's path has at most 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="vonggac-test-") as name:
        yield box_at(Path(name))


def test_from_the_token_to_the_end(box: Box, tmp_path: Path, certificates: Certificates) -> None:
    province = Province(tmp_path)
    province.sign()
    province.prepare("es-api-key", "bi-mat-cua-hop\n")
    (leaf := certificates.right).key.chmod(0o600)
    serve = [str(VONGGAC), "box", "serve", "--dir", str(province.dir), "--declared", str(province.declared), "--listen", "127.0.0.1:0"]
    assert ran("endpoints", "keygen", "--out", tmp_path / "ca").returncode == 0
    serve += ["--ca", str(tmp_path / "ca")]
    manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    manager.bind(str(box.folder / "notify"))
    environ = {"NOTIFY_SOCKET": str(box.folder / "notify"), "WATCHDOG_USEC": "60000000"}
    process = spawned([*serve, "--cert", str(leaf.chain), "--key", str(leaf.key)], tmp_path / "serve.log", env=environ)
    try:
        until(lambda: ADDRESS.search(process.said()) is not None, "the service")
        found = ADDRESS.search(process.said())
        assert found
        url = f"https://localhost:{found[1]}"
        _joins(box, province, url, leaf.authority)
        _lives(box, province, url, leaf.authority)
        _renews(box, province)
        # Its certificate is taken anew; nobody is turned away meanwhile.
        process.popen.send_signal(signal.SIGHUP)
        _ends(box, province, url, leaf.authority)
    finally:
        status = ended(process)
    assert status == 0
    assert "Traceback" not in process.said()
    heard = _heard(manager)
    assert (heard[0], heard[-1]) == ("READY=1", "STOPPING=1")
    assert (heard.count("WATCHDOG=1") > 0, heard.count("RELOADING=1"), heard.count("READY=1")) == (True, 1, 2)
    assert [line["deed"] for line in province.audit()] == ["token", "join", "renew", "retire", "renew"]
    assert all(follows for _, follows in chain.checked(province.dir / "box-audit.jsonl"))


def _heard(manager: socket.socket) -> list[str]:
    """All that systemd was told, line by line."""
    lines: list[str] = []
    with manager:
        manager.setblocking(False)
        while True:
            try:
                lines += [line for line in manager.recv(4096).decode().splitlines() if not line.startswith("MONOTONIC_USEC=")]
            except BlockingIOError:
                return lines


def _joins(box: Box, province: Province, url: str, authority: Path) -> None:
    given = ran("box", "token", "--box", "hop-a", "--site", "xa-a", "--by", "Nguyễn Văn Mẫu", "--dir", province.dir)
    assert given.returncode == 0, given.stderr
    token = given.stdout.strip()
    kept = b"".join(path.read_bytes() for path in province.dir.rglob("*") if path.is_file())
    assert (token.encode() in kept, hashlib.sha256(token.encode()).hexdigest() in {path.name for path in province.dir.rglob("*")}) == (False, True)
    done = enrolled(box, url, token, authority)
    assert done.returncode == 0, done.stderr
    assert (box.folder / "secrets/es-api-key").read_text() == "bi-mat-cua-hop\n"
    for name in ("secrets/es-api-key", "secrets/bundle-token", "state/box.key"):
        assert (box.folder / name).stat().st_mode & 0o777 == 0o600
    assert (box.folder / "declared.pub").read_text() == (province.dir / "declared.pub").read_text()
    (line,) = province.lines()
    assert (line[:3], line[4:]) == (["hop-a", "xa-a", key_of(box)], ["", "Nguyễn Văn Mẫu"])
    own = (box.folder / "secrets/bundle-token").read_text().strip()
    assert not any(secret in done.stdout + done.stderr for secret in (token, own, "bi-mat"))
    assert own.encode() not in b"".join(path.read_bytes() for path in province.dir.rglob("*") if path.is_file())
    now = SystemClock().now()
    assert worth(province, wrote(box, now), now) == "taken"


def _lives(box: Box, province: Province, url: str, authority: Path) -> None:
    """The box pulls its declared data with the configuration that joining wrote."""
    with running(box, "run", rights=False) as process:
        page = address(process)
        until(lambda: "Tỉnh ký cho xã A" in fetched(page), "what the province declares")
    token = (box.folder / "secrets/bundle-token").read_text().strip()
    status, data, tag = bundle(f"{url}/khai-bao/hop-a", token, authority)
    assert (status, data) == (200, (province.dir / "goi/hop-a").read_bytes())
    assert bundle(f"{url}/khai-bao/hop-a", token, authority, tag)[0] == 304


def _renews(box: Box, province: Province) -> None:
    now, old = SystemClock().now(), key_of(box)
    before, soon, later = wrote(box, now), wrote(box, now + DAY), wrote(box, now + 3 * DAY)
    done = ran("box", "renew", "--config", box.config)
    assert (done.returncode, "vonggac-core" in done.stdout) == (0, True), done.stderr
    assert key_of(box) != old
    assert [worth(province, one, now + 3 * DAY) for one in (before, soon, later)] == ["taken", "taken", "no_key"]
    assert [worth(province, wrote(box, at), now + 3 * DAY) for at in (now, now + 3 * DAY)] == ["taken", "taken"]


def _ends(box: Box, province: Province, url: str, authority: Path) -> None:
    now, token = SystemClock().now(), (box.folder / "secrets/bundle-token").read_text().strip()
    done = ran("box", "retire", "hop-a", "--by", "Trần Thị Mẫu", "--why", "thay máy", "--declared", province.declared, "--dir", province.dir)
    assert done.returncode == 0, done.stderr
    assert worth(province, wrote(box, now + DAY), now + DAY) == "no_key"
    assert bundle(f"{url}/khai-bao/hop-a", token, authority)[0] == 401
    assert not (province.dir / "hop/hop-a").exists()
    assert not (province.dir / "goi/hop-a").exists()
    refused = ran("box", "renew", "--config", box.config)
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "mã gia nhập mới" in refused.stderr
    assert load(box.config).bundle.url == f"{url}/khai-bao/hop-a"


def test_a_lost_box_is_taken_out_with_all_it_ever_signed(box: Box, tmp_path: Path) -> None:
    line = f"hop-a,xa-a,{key_of(box)},01/01/2026,,Mẫu"
    province = Province(tmp_path, f"box,site,key,since,until,by\n{line}\nhop-b,xa-b,{'ab' * 32},,,\n")
    now = SystemClock().now()
    assert worth(province, wrote(box, now), now) == "taken"
    box_province_commands.retire("hop-a", "Mẫu", "mất trộm", province.declared, province.dir, lost=True)
    assert (province.lines(), worth(province, wrote(box, now), now)) == ([["hop-b", "xa-b", "ab" * 32, "", "", ""]], "no_key")
    beside = tmp_path / "quy"
    beside.mkdir()
    for name in ("hop-a", "../../quy"):
        with pytest.raises(EnrolmentError, match="chưa từng gia nhập"):
            box_province_commands.retire(name, "Mẫu", "lần nữa", province.declared, province.dir, lost=False)
    assert beside.exists()


@pytest.mark.parametrize(("box", "site", "by"), [("../hop", "xa-a", "Mẫu"), ("hop", "Xã A", "Mẫu"), ("hop", "xa-a", " ")], ids=["box", "site", "by"])
def test_a_token_for_what_cannot_be_is_a_wrong_use(tmp_path: Path, box: str, site: str, by: str) -> None:
    with pytest.raises(Refusal) as refusal:
        box_province_commands.token(box, [site], by, tmp_path / "d", 7)
    assert refusal.value.status == 2
    assert not (tmp_path / "d").exists()
