"""`vonggac endpoints catalogue`: a province makes its key and its edition, a box's check takes that and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from collector.cli.app import program
from collector.cli.say import Refusal


def did(*words):
    """What the command printed; a process of its own for each would pay its start nine times."""
    done = CliRunner().invoke(program(), words, prog_name="vonggac", catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def refused(*words):
    """The sentence with which it was refused."""
    with pytest.raises(Refusal) as refusal:
        did(*words)
    return refusal.value.text.vi


@pytest.fixture(scope="module")
def province(tmp_path_factory):
    """A folder with the province's key and its first edition."""
    folder = tmp_path_factory.mktemp("province")
    (folder / "hosts.txt").write_text("# các hệ thống của tỉnh\nMotcua.Tinh37.vn\n\n", "utf-8")
    did("endpoints", "catalogue", "keygen", "--out", str(folder / "key"))
    did(*render(folder, "--edition", "3", "--hosts", str(folder / "hosts.txt")))
    return folder


def render(folder, *more, out="catalogue.json"):
    return ("endpoints", "catalogue", "render", "--province", "37", "--key", str(folder / "key" / "catalogue.key"), "--out", str(folder / out), *more)


def check(folder, *more, file="catalogue.json"):
    return ("endpoints", "catalogue", "check", str(folder / file), "--public-key", str(folder / "key" / "catalogue.pub"), *more)


def test_what_was_rendered_is_fit_for_a_box(province):
    said = did(*check(province))
    assert "saved_passwords" in said
    assert "Mật khẩu lưu trong trình duyệt" in said
    assert "motcua.tinh37.vn" in (province / "catalogue.json").read_text("utf-8")
    assert (province / "key" / "catalogue.key").stat().st_mode & 0o077 == 0


def test_hosts_of_declared_portals_are_put_in(province):
    example = Path(__file__).parents[2] / "declared" / "examples" / "commune"
    did(*render(province, "--declared", str(example), out="declared.json"))
    text = (province / "declared.json").read_text("utf-8")
    assert "'dichvucong.tinhmau.example'" in text
    assert "'congxamau.tinhmau.example'" in text


def test_a_changed_file_and_an_old_edition_are_refused(province):
    (province / "changed.json").write_text((province / "catalogue.json").read_text("utf-8").replace("AutoAdminLogon", "DefaultPassword"), "utf-8")
    assert "không dùng được bộ câu hỏi" in refused(*check(province, file="changed.json"))
    assert "older than 2999.1.1.1" in refused(*check(province, "--known", "2999.1.1.1"))


def test_a_wrong_host_and_a_wrong_key_are_refused_by_name(province):
    (province / "bad.txt").write_text("http://motcua.vn\n", "utf-8")
    assert "http://motcua.vn" in refused(*render(province, "--hosts", str(province / "bad.txt"), out="never.json"))
    assert not (province / "never.json").exists()
    key = province / "key" / "catalogue.key"
    assert "catalogue.key" in refused("endpoints", "catalogue", "check", str(province / "catalogue.json"), "--public-key", str(key))
