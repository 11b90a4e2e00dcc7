"""`vonggac endpoints catalogue`: a province makes its key and its edition, a box's check takes that and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.system.program import ran


@pytest.fixture(scope="module")
def province(tmp_path_factory):
    """A folder with the province's key and its first edition."""
    folder = tmp_path_factory.mktemp("province")
    (folder / "hosts.txt").write_text("# các hệ thống của tỉnh\nMotcua.Tinh37.vn\n\n", "utf-8")
    made = ran("endpoints", "catalogue", "keygen", "--out", str(folder / "key"))
    assert (made.returncode, made.stderr) == (0, "")
    rendered = ran(*render(folder, "--edition", "3", "--hosts", str(folder / "hosts.txt")))
    assert (rendered.returncode, rendered.stderr) == (0, "")
    return folder


def render(folder, *more, out="catalogue.json"):
    return ("endpoints", "catalogue", "render", "--province", "37", "--key", str(folder / "key" / "catalogue.key"), "--out", str(folder / out), *more)


def checked(folder, *more, file="catalogue.json"):
    return ran("endpoints", "catalogue", "check", str(folder / file), "--public-key", str(folder / "key" / "catalogue.pub"), *more)


def test_what_was_rendered_is_fit_for_a_box(province):
    done = checked(province)
    assert (done.returncode, done.stderr) == (0, "")
    assert "saved_passwords" in done.stdout
    assert "Mật khẩu lưu trong trình duyệt" in done.stdout
    assert "motcua.tinh37.vn" in (province / "catalogue.json").read_text("utf-8")
    assert (province / "key" / "catalogue.key").stat().st_mode & 0o077 == 0


def test_hosts_of_declared_portals_are_put_in(province):
    example = Path(__file__).parents[2] / "declared" / "examples" / "commune"
    done = ran(*render(province, "--declared", str(example), out="declared.json"))
    assert (done.returncode, done.stderr) == (0, "")
    text = (province / "declared.json").read_text("utf-8")
    assert "'dichvucong.tinhmau.example'" in text
    assert "'congxamau.tinhmau.example'" in text


def test_a_changed_file_and_an_old_edition_are_refused(province):
    (province / "changed.json").write_text((province / "catalogue.json").read_text("utf-8").replace("AutoAdminLogon", "DefaultPassword"), "utf-8")
    changed, old = checked(province, file="changed.json"), checked(province, "--known", "2999.1.1.1")
    assert (changed.returncode, old.returncode) == (1, 1)
    assert "không dùng được bộ câu hỏi" in changed.stderr
    assert "older than 2999.1.1.1" in old.stderr


def test_a_wrong_host_and_a_wrong_key_are_refused_by_name(province):
    (province / "bad.txt").write_text("http://motcua.vn\n", "utf-8")
    host = ran(*render(province, "--hosts", str(province / "bad.txt"), out="never.json"))
    key = ran("endpoints", "catalogue", "check", str(province / "catalogue.json"), "--public-key", str(province / "key" / "catalogue.key"))
    assert (host.returncode, key.returncode) == (1, 1)
    assert "http://motcua.vn" in host.stderr
    assert "catalogue.key" in key.stderr
    assert not (province / "never.json").exists()
