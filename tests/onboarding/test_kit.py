"""The kit of a site, as the province makes it and as PCs and the box use it: real files, a real TLS handshake."""

from __future__ import annotations

import csv
import json
import re
import socket
import ssl
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

ROOT = Path(__file__).resolve().parents[2]
FORBIDDEN = {"curl", "carves", "shell_history", "process_envs", "dns_cache", "recent_files", "office_mru", "windows_search", "powershell_events"}


def vonggac(*words, status=0):
    done = subprocess.run([str(Path(sys.executable).with_name("vonggac")), *map(str, words)], check=False, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def kit(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tinh")
    vonggac("endpoints", "keygen", "--name", "CA tỉnh thử", "--out", folder / "ca")
    kit_of = ("endpoints", "enroll-kit", "--site", "xa-a", "--count", 2, "--box", "127.0.0.1", "--box", "hop.xa-a.local", "--ca", folder / "ca")
    vonggac(*kit_of, "--out", folder / "bo")
    return folder


def meet(server: ssl.SSLContext, client: ssl.SSLContext) -> dict:
    """What the server knows of the client after a handshake over loopback. Raises what the client's side raised."""
    told: list = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve():
            try:
                with server.wrap_socket(listening.accept()[0], server_side=True) as line:
                    told.append(line.getpeercert())
                    line.recv(1)
            except (ssl.SSLError, ConnectionError) as error:
                told.append(error)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            with client.wrap_socket(socket.create_connection(listening.getsockname(), 10), server_hostname="127.0.0.1") as line:
                line.sendall(b"x")
                line.recv(1)
        finally:
            thread.join(10)
    if isinstance(told[0], Exception):
        raise told[0]
    return told[0]


def box_side(kit):
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=kit / "bo/hop/ca.pem")
    made.load_cert_chain(kit / "bo/hop/server.pem", kit / "bo/hop/server.key")
    made.verify_mode = ssl.CERT_REQUIRED
    return made


def pc_side(kit, folder=None):
    pc = folder or kit / "bo/may/xa-a-may-001"
    made = ssl.create_default_context(cafile=kit / "bo/may/xa-a-may-001/ca.pem")
    made.load_cert_chain(pc / "pc.pem", pc / "pc.key")
    return made


def test_a_pc_and_its_box_know_each_other_by_the_kit_alone(kit):
    subject = dict(part[0] for part in meet(box_side(kit), pc_side(kit))["subject"])
    assert (subject["commonName"], subject["organizationName"], subject["organizationalUnitName"]) == ("xa-a-may-001", "xa-a", "pc")


def test_another_provinces_pc_is_turned_away(kit, tmp_path):
    vonggac("endpoints", "keygen", "--out", tmp_path / "ca")
    vonggac("endpoints", "enroll-kit", "--site", "xa-a", "--count", 1, "--box", "127.0.0.1", "--ca", tmp_path / "ca", "--out", tmp_path / "bo")
    with pytest.raises((ssl.SSLError, ConnectionError)):
        meet(box_side(kit), pc_side(kit, tmp_path / "bo/may/xa-a-may-001"))


def test_a_pc_cannot_pose_as_the_box(kit):
    thief = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=kit / "bo/hop/ca.pem")
    thief.load_cert_chain(kit / "bo/may/xa-a-may-002/pc.pem", kit / "bo/may/xa-a-may-002/pc.key")
    with pytest.raises(ssl.SSLCertVerificationError):
        meet(thief, pc_side(kit))


def test_keys_are_for_their_owner_alone_and_the_ca_key_is_in_no_kit(kit):
    keys = sorted(kit.rglob("*.key"))
    assert len(keys) == 4
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in keys)
    secret = (kit / "ca/vonggac-ca.key").read_bytes().splitlines()[1]
    assert not [path for path in (kit / "bo").rglob("*") if path.is_file() and secret in path.read_bytes()]


def test_the_flags_switch_off_what_a_stolen_box_could_abuse(kit):
    flags = dict(line.removeprefix("--").split("=", 1) for line in (kit / "bo/may/xa-a-may-001/osquery.flags").read_text().splitlines())
    assert set(flags["disable_tables"].split(",")) >= FORBIDDEN
    assert (flags["disable_carver"], flags["tls_hostname"], flags["host_identifier"]) == ("true", "127.0.0.1:8471", "instance")
    assert not {"tls_dump", "disable_enrollment", "allow_unsafe"} & set(flags)


def test_no_placeholder_is_left_and_scripts_are_read_as_unicode_by_windows(kit):
    pc = kit / "bo/may/xa-a-may-002"
    for path in (*pc.glob("*.ps1"), pc / "osquery.flags", kit / "bo/HUONG-DAN.html", kit / "bo/hop/LAM-GI.txt"):
        assert not re.findall(rb"@[A-Z]+@", path.read_bytes()), path
    assert all(path.read_bytes().startswith(b"\xef\xbb\xbf") and b"\r\n" in path.read_bytes() for path in pc.glob("*.ps1"))
    assert "xa-a-may-002" in (pc / "cai-dat.ps1").read_text("utf-8-sig")


def test_a_pc_gets_the_facts_script_and_what_it_compares_with(kit):
    pc = kit / "bo/may/xa-a-may-001"
    assert json.loads((pc / "vg-facts.json").read_text())["government"] == ["gov.vn"]
    assert {"vg-facts.ps1", "vg-facts.json"} <= set(re.findall(r"vg-facts\.\w+", (pc / "cai-dat.ps1").read_text("utf-8-sig")))


def test_the_roster_can_be_declared_as_it_is_and_serials_stay_at_the_province(kit):
    with (kit / "bo/enrolled.csv").open(encoding="utf-8-sig") as file:
        assert [row["id"] for row in csv.DictReader(file)] == ["xa-a-may-001", "xa-a-may-002"]
    with (kit / "bo/chung-chi.csv").open(encoding="utf-8-sig") as file:
        serials = {row["id"]: row["serial"] for row in csv.DictReader(file)}
    certificate = x509.load_pem_x509_certificate((kit / "bo/may/xa-a-may-001/pc.pem").read_bytes())
    assert serials[certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value] == format(certificate.serial_number, "x")


def test_a_later_kit_goes_on_counting_and_a_box_gets_a_new_certificate(kit, tmp_path):
    more = ("endpoints", "enroll-kit", "--site", "xa-a", "--count", 1, "--first", 3, "--box", "127.0.0.1", "--ca", kit / "ca", "--out", tmp_path / "them")
    vonggac(*more)
    assert [path.name for path in (tmp_path / "them/may").iterdir()] == ["xa-a-may-003"]
    vonggac("endpoints", "server-cert", "--site", "xa-a", "--box", "127.0.0.1", "--ca", kit / "ca", "--out", tmp_path / "hop")
    renewed = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=kit / "bo/hop/ca.pem")
    renewed.load_cert_chain(tmp_path / "hop/hop/server.pem", tmp_path / "hop/hop/server.key")
    renewed.verify_mode = ssl.CERT_REQUIRED
    assert meet(renewed, pc_side(kit))


@pytest.mark.parametrize(
    ("words", "said", "status"),
    [
        (("--site", "Xã A"), "mã điểm", 2),
        (("--box", "hop; rm -rf"), "--box", 2),
        (("--prefix", "MÁY"), "chữ đứng đầu", 2),
        (("--ca", "khong-co"), "không đọc được", 1),
        (("--out", "bo"), "Đã có thư mục", 1),
    ],
)
def test_bad_input_gets_one_sentence_and_makes_nothing(kit, words, said, status):
    given = {"--site": "xa-a", "--count": "1", "--box": "127.0.0.1", "--ca": str(kit / "ca"), "--out": str(kit / "moi")}
    given |= {words[0]: str(kit / words[1]) if words[0] in ("--ca", "--out") else words[1]}
    before = sorted(kit.rglob("*"))
    answer = vonggac("endpoints", "enroll-kit", *(word for pair in given.items() for word in pair), status=status)
    assert said in answer
    assert len(answer.strip().splitlines()) == 1
    assert sorted(kit.rglob("*")) == before


def test_a_key_with_a_passphrase_opens_with_it_alone(tmp_path):
    (tmp_path / "mk").write_text("mat-khau-ca\n")
    (tmp_path / "mk").chmod(0o600)
    vonggac("endpoints", "keygen", "--out", tmp_path / "ca", "--passphrase-file", tmp_path / "mk")
    kit_of = ("endpoints", "server-cert", "--site", "xa-a", "--box", "127.0.0.1", "--ca", tmp_path / "ca", "--out", tmp_path / "hop")
    assert "sai mật khẩu" in vonggac(*kit_of, status=1)
    vonggac(*kit_of, "--passphrase-file", tmp_path / "mk")
    assert (tmp_path / "hop/hop/server.pem").exists()


def test_a_ca_key_that_others_can_read_is_refused(tmp_path):
    vonggac("endpoints", "keygen", "--out", tmp_path / "ca")
    (tmp_path / "ca/vonggac-ca.key").chmod(0o644)
    answer = vonggac("endpoints", "server-cert", "--site", "xa-a", "--box", "127.0.0.1", "--ca", tmp_path / "ca", "--out", tmp_path / "hop", status=1)
    assert "chmod 600" in answer
