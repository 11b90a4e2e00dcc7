"""The offline bundle's install script: nothing is installed but what was signed by whom the site trusts."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

INSTALL = Path(__file__).parents[2] / "deploy/deb/install.sh"


@pytest.fixture
def signer() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


@pytest.fixture
def bundle(tmp_path: Path, signer: Ed25519PrivateKey) -> Path:
    """As deploy/bundle.sh makes it, with an empty package; the public key lies beside it."""
    folder = tmp_path / "bundle"
    (folder / "wheels").mkdir(parents=True)
    (folder / "vonggac_0.1.0_amd64.deb").write_bytes(b"a package")
    (folder / "wheels/some.whl").write_bytes(b"a wheel")
    shutil.copy(INSTALL, folder)
    files = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    (folder / "SHA256SUMS").write_text("".join(f"{hashlib.sha256((folder / file).read_bytes()).hexdigest()}  ./{file}\n" for file in files))
    (folder / "SHA256SUMS.sig").write_bytes(signer.sign((folder / "SHA256SUMS").read_bytes()))
    (tmp_path / "key.pem").write_bytes(signer.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return folder


def installed(bundle: Path) -> tuple[int, str, bool]:
    """Exit status, what was said, and whether dpkg was asked; dpkg is a stand-in that notes it."""
    tools = bundle.parent / "tools"
    tools.mkdir()
    (tools / "dpkg").write_text('#!/bin/sh\necho "$*" >"$(dirname "$0")/asked"\n')
    (tools / "dpkg").chmod(0o755)
    environ = {"PATH": f"{tools}:{os.environ['PATH']}", "LANG": "C.UTF-8"}
    done = subprocess.run(["bash", bundle / "install.sh", bundle.parent / "key.pem"], env=environ, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stderr, (tools / "asked").exists()


def test_what_was_signed_is_installed(bundle: Path) -> None:
    assert installed(bundle) == (0, "", True)
    assert (bundle.parent / "tools/asked").read_text() == "--install ./vonggac_0.1.0_amd64.deb\n"


def change_the_package(bundle: Path) -> None:
    (bundle / "vonggac_0.1.0_amd64.deb").write_bytes(b"another one")


def lose_a_file(bundle: Path) -> None:
    (bundle / "wheels/some.whl").unlink()


def add_a_package(bundle: Path) -> None:
    (bundle / "vonggac_9.9.9_amd64.deb").write_bytes(b"an evil one")


def change_package_and_list(bundle: Path) -> None:
    change_the_package(bundle)
    sums, name = bundle / "SHA256SUMS", "vonggac_0.1.0_amd64.deb"
    lines = [line for line in sums.read_text().splitlines() if name not in line]
    sums.write_text("\n".join([*lines, f"{hashlib.sha256(b'another one').hexdigest()}  ./{name}"]) + "\n")


def sign_with_another_key(bundle: Path) -> None:
    (bundle / "SHA256SUMS.sig").write_bytes(Ed25519PrivateKey.generate().sign((bundle / "SHA256SUMS").read_bytes()))


def leave_the_signature_out(bundle: Path) -> None:
    (bundle / "SHA256SUMS.sig").unlink()


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (change_the_package, "bị sửa"), (lose_a_file, "bị sửa"), (add_a_package, "không nằm trong danh sách"),
        (change_package_and_list, "Chữ ký không đúng"), (sign_with_another_key, "Chữ ký không đúng"), (leave_the_signature_out, "Chữ ký không đúng"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)  # fmt: skip
def test_what_was_not_signed_is_not(bundle: Path, harm: Callable[[Path], None], said: str) -> None:
    harm(bundle)
    status, words, asked = installed(bundle)
    assert (status, asked) == (1, False)
    assert said in words
