"""`vonggac box key`: what a box hands to its province, and the file behind it."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from collector import boxkey
from collector.assembly import observed, signing
from collector.config import load
from collector.refusal import ConfigError
from model.fleet.signed import key_id
from tests.system.program import Box, ran

ES = '[[sinks]]\ntype = "elasticsearch"\nname = "tinh"\nurls = ["https://tinh.example.vn:9200"]\n'


def test_the_public_half_is_a_line_a_site_for_the_provinces_list(box: Box) -> None:
    (box.folder / "declared/site.toml").unlink()
    box.site("diem-1", folder="a").site("diem-2", legs=["khac"], folder="b").write('[box]\nid = "hop-7"\n')
    first = box.ask("box", "key").splitlines()
    assert first == box.ask("box", "key").splitlines()
    lines = [line.split(",") for line in first]
    assert [(line[:2], line[3:]) for line in lines] == [(["hop-7", "diem-1"], ["", "", ""]), (["hop-7", "diem-2"], ["", "", ""])]
    (public,) = {line[2] for line in lines}
    raw = bytes.fromhex(public)
    made = signing(load(box.write('[box]\nid = "hop-7"\n', ES).config))
    assert made is not None
    assert made.key == key_id(raw)
    Ed25519PublicKey.from_public_bytes(raw).verify(made.sign(b"x"), b"x")


def test_the_key_is_its_owners_alone(box: Box) -> None:
    file = box.folder / "state/box.key"
    boxkey.public_key(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(file.read_bytes()) == 32
    file.chmod(0o640)
    done = ran("box", "key", "--config", box.config)
    assert done.returncode == 1
    assert "chmod 600" in done.stderr
    assert done.stdout == ""


def test_a_key_that_is_none_is_refused(box: Box) -> None:
    file = box.folder / "box.key"
    file.write_bytes(b"short")
    file.chmod(0o600)
    with pytest.raises(ConfigError, match="32"):
        boxkey.public_key(file)
    (box.folder / "folder").mkdir()
    with pytest.raises(ConfigError, match="folder"):
        boxkey.public_key(box.folder / "folder")


def test_only_sinks_whose_receiver_checks_are_signed_for(box: Box) -> None:
    plain = load(box.write('[[sinks]]\ntype = "jsonlines"\n').config)
    assert signing(plain) is None
    assert not observed(plain)
    assert not (box.folder / "state/box.key").exists()
    province = load(box.write('[[sinks]]\ntype = "jsonlines"\n', ES).config)
    made = signing(province)
    assert made is not None
    assert made.sinks == {"tinh"}
    assert observed(province)
    assert observed(load(box.write('[[sinks]]\ntype = "jsonlines"\nstreams = ["observation"]\n').config))
