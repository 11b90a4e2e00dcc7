"""Joining: the token once and for its box alone, nothing half done on either side, and nobody who poses as the province believed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from collector.config import load
from collector.enrolment.service import MOST_MISTAKES
from collector.enrolment.wire import JOIN, RENEW, Joining, asked
from exporters.sink import OptionsError
from model.acts import ActRefusedError
from model.times import DAY, HOUR
from tests.enrolment.place import Province, Wrapped, box_at, bundle, joined, key_of, opened, posted, serving
from tests.fleet.boxes import FakeClock
from tests.servers.certificates import Certificates
from tests.system.program import Box

Here = tuple[Province, str, Wrapped, FakeClock]
KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)


@pytest.fixture
def here(tmp_path: Path, certificates: Certificates) -> Iterator[Here]:
    province = Province(tmp_path / "tinh")
    with serving(province, certificates) as (url, enroller):
        yield province, url, enroller, province.clock


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return box_at(tmp_path / "hop")


@pytest.fixture
def ca(certificates: Certificates) -> Path:
    return certificates.authority


def refusal(box: Box, url: str, token: str, ca: Path, **how: object) -> str:
    """Why joining did not come about; nothing was written then but the box's own key."""
    before = {path for path in box.folder.rglob("*") if path.is_file()}
    with pytest.raises((ActRefusedError, OptionsError)) as error:
        joined(box, url, token, ca, **how)
    assert {path for path in box.folder.rglob("*") if path.is_file()} - before <= {box.folder / "state/box.key"}
    assert error.value.text.vi.count("\n") == 0
    return error.value.text.vi


def test_a_token_counts_once(here: Here, box: Box, tmp_path: Path, ca: Path) -> None:
    province, url, _, _ = here
    token = province.token()
    joined(box, url, token, ca)
    other = box_at(tmp_path / "ke-khac")
    assert "đã dùng rồi" in refusal(other, url, token, ca)
    assert [line[2] for line in province.lines()] == [key_of(box)]
    assert [(line["deed"], line["outcome"] == "done") for line in province.audit()] == [("token", True), ("join", True), ("join", False)]


def test_an_expired_a_wrong_and_another_boxs_token_are_told_apart(here: Here, box: Box, tmp_path: Path, ca: Path) -> None:
    province, url, _, clock = here
    token = province.token(days=2)
    assert "cho hộp khác" in refusal(box_at(tmp_path / "hop-b", name="hop-b"), url, token, ca)
    assert "không đúng" in refusal(box, url, token[:-4] + "aaaa", ca)
    clock.move(2 * DAY // 10**9)
    assert "hết hạn" in refusal(box, url, token, ca)
    assert province.lines() == []


def test_a_token_for_a_site_that_nobody_declared_is_not_used_up(here: Here, box: Box, ca: Path) -> None:
    province, url, _, _ = here
    token = province.token(sites=["xa-a", "xa-c"])
    # The box says that it is at one of the two.
    assert "điểm khác" in refusal(box, url, token, ca)
    token = province.token()
    (province.declared / "sites.csv").write_text("site,name\nxa-b,B\n")
    assert "xa-a" in refusal(box, url, token, ca)
    (province.declared / "sites.csv").write_text("site,name\nxa-a,A\n")
    assert joined(box, url, token, ca).joined.sites == ("xa-a",)


def test_an_answer_lost_on_the_way_is_asked_for_again_with_the_same_key(here: Here, box: Box, ca: Path) -> None:
    province, url, enroller, clock = here
    token = province.token()

    def lost() -> None:
        raise OSError(5, "mất điện", "x")

    enroller.after = lost
    assert "dịch vụ của tỉnh đang có lỗi" in refusal(box, url, token, ca)
    enroller.after = lambda: None
    joined(box, url, token, ca)
    assert len(province.lines()) == 1
    clock.move(2 * HOUR // 10**9)
    with pytest.raises(ActRefusedError, match="đã dùng rồi"):
        joined(box, url, token, ca, replace=True)


def test_a_question_that_was_overheard_is_worth_nothing(here: Here, ca: Path) -> None:
    province, url, _, _ = here
    said = Joining(token=province.token(), nonce="0" * 32, box="hop-a", key=KEY.public_key().public_bytes_raw().hex())
    question = asked(JOIN, said, KEY)
    status, told = posted(url + JOIN, question, ca)
    assert status == 200
    assert posted(url + JOIN, question, ca)[0] == 403
    province.sign()
    assert bundle(f"{url}/khai-bao/hop-a", told["token"], ca)[0] == 200
    # Nor does the token of one box open the bundle of another.
    province.sign("hop-b")
    assert bundle(f"{url}/khai-bao/hop-b", told["token"], ca)[0] == 401
    assert bundle(f"{url}/khai-bao/hop-a", said.token, ca)[0] == 401


def test_the_answer_to_another_box_is_not_taken(here: Here, box: Box, tmp_path: Path, certificates: Certificates, ca: Path) -> None:
    province, url, _, _ = here
    first = box_at(tmp_path / "truoc")
    stolen = msgspec.json.encode(joined(first, url, province.token(), ca).joined)

    async def same(request: web.Request) -> web.Response:
        return web.Response(body=stolen, content_type="application/json")

    app = web.Application()
    app.router.add_post(JOIN, same)
    with opened(app, certificates) as thief:
        assert "hộp khác" in refusal(box, thief, province.token(), ca)


@pytest.mark.parametrize("how", ["page", "redirect", "long", "json"])
def test_a_captive_page_is_told_as_such(box: Box, certificates: Certificates, ca: Path, how: str) -> None:
    async def page(request: web.Request) -> web.Response:
        if how == "redirect":
            raise web.HTTPFound("/dang-nhap")
        body = {"page": b"<html>Wi-Fi</html>", "long": b"x" * (1 << 20), "json": b'{"token": "' + b"a" * 43 + b'"}'}[how]
        return web.Response(body=body)

    app = web.Application()
    app.router.add_route("*", "/{any:.*}", page)
    with opened(app, certificates) as url:
        assert "trang đăng nhập mạng" in refusal(box, url, "a" * 43, ca)


def test_a_province_that_is_away_or_that_another_poses_as(here: Here, box: Box, certificates: Certificates, ca: Path) -> None:
    province, url, _, _ = here
    token = province.token()
    assert "không gọi được tỉnh" in refusal(box, "https://localhost:1", token, ca)
    assert "chứng thư" in refusal(box, url, token, ca, trusted=certificates.stranger.chain)
    assert "chứng thư" in refusal(box, url.replace("localhost", "127.0.0.1"), token, ca)
    assert "https://" in refusal(box, url.replace("https", "http"), token, ca)
    joined(box, url, token, ca)
    assert len(province.lines()) == 1


def test_what_is_there_stays_unless_somebody_says_replace(here: Here, box: Box, ca: Path) -> None:
    province, url, _, _ = here
    province.prepare("es-api-key", "moi\n")
    province.prepare("ca-es.pem", "-----BEGIN CERTIFICATE-----\n")
    (box.folder / "secrets").mkdir()
    (box.folder / "secrets/es-api-key").write_text("cu\n")
    token = province.token()
    taken = joined(box, url, token, ca)
    assert ((box.folder / "secrets/es-api-key").read_text(), taken.kept) == ("cu\n", [box.folder / "secrets/es-api-key"])
    assert (box.folder / "ca-es.pem").stat().st_mode & 0o777 == 0o644
    assert "--replace" in refusal(box, url, token, ca)
    assert joined(box, url, token, ca, replace=True).kept == []
    assert (box.folder / "secrets/es-api-key").read_text() == "moi\n"


@pytest.mark.parametrize(
    ("table", "configured"),
    [("", True), ("[bundle]\n# url\n\n[core]\nshare = 500\n", True), ('[bundle]\nkeys = ["x.pub"]\n', False)],
    ids=["none", "empty", "filled"],
)
def test_the_configuration_gets_its_lines_or_they_are_told(here: Here, box: Box, ca: Path, table: str, configured: bool) -> None:
    province, url, _, _ = here
    box.write('[box]\nid = "hop-a"\n', table)
    text = box.config.read_text()
    taken = joined(box, url, province.token(), ca)
    assert taken.configured is configured
    assert (load(box.config).bundle.url == f"{url}/khai-bao/hop-a") is configured
    assert box.config.read_text() == text or configured
    assert not (box.folder / "config.toml.new").exists()


def test_the_configuration_is_on_disk_before_it_takes_the_place_of_the_old_one(here: Here, box: Box, ca: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    province, url, _, _ = here
    synced: set[int] = set()
    sync = os.fsync

    def recorded(handle: int) -> None:
        synced.add(os.fstat(handle).st_ino)
        sync(handle)

    monkeypatch.setattr(os, "fsync", recorded)
    box.write('[box]\nid = "hop-a"\n')
    assert joined(box, url, province.token(), ca).configured
    # A rename keeps the inode.
    assert box.config.stat().st_ino in synced


def test_in_the_packages_layout_secrets_are_credentials(here: Here, box: Box, ca: Path) -> None:
    province, url, _, _ = here
    (box.folder / "secrets/sinks").mkdir(parents=True)
    joined(box, url, province.token(), ca)
    assert (box.folder / "secrets/sinks/bundle-token").exists()
    assert load(box.config).bundle.credential == "sinks_bundle-token"


def test_a_dead_box_is_replaced_by_another_of_its_name(here: Here, box: Box, tmp_path: Path, ca: Path) -> None:
    province, url, _, _ = here
    joined(box, url, province.token(), ca)
    old, spare = key_of(box), box_at(tmp_path / "thay")
    joined(spare, url, province.token(), ca)
    assert [(line[2], bool(line[4])) for line in province.lines()] == [(old, True), (key_of(spare), False)]


def test_a_key_of_another_box_is_refused(here: Here, box: Box, tmp_path: Path, ca: Path) -> None:
    province, url, _, _ = here
    joined(box, url, province.token(), ca)
    copy = box_at(tmp_path / "chep", name="hop-b")
    (copy.folder / "state").mkdir()
    (copy.folder / "state/box.key").write_bytes((box.folder / "state/box.key").read_bytes())
    (copy.folder / "state/box.key").chmod(0o600)
    assert "box.key" in refusal(copy, url, province.token("hop-b"), ca)


GOOD = Joining(token="t" * 43, nonce="0" * 32, box="hop-a", key=KEY.public_key().public_bytes_raw().hex())


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"[" * 10_000, 400),
        (b"x" * 20_000, 413),
        (b"\xff\xfe", 400),
        (b'{"said": 1}', 400),
        (asked(JOIN, msgspec.structs.replace(GOOD, box="../hop"), KEY), 400),
        (asked(JOIN, msgspec.structs.replace(GOOD, box="hop-a\n"), KEY), 400),
        (asked(JOIN, msgspec.structs.replace(GOOD, sites=("x",) * 100), KEY), 400),
        (asked(JOIN, msgspec.structs.replace(GOOD, token="../../etc/passwd" * 3), KEY), 400),
        (asked(JOIN, msgspec.structs.replace(GOOD, key="00" * 32), KEY), 403),
        (asked(JOIN, GOOD, Ed25519PrivateKey.from_private_bytes(b"x" * 32)), 403),
        (asked(RENEW, GOOD, KEY), 403),
        (asked(JOIN, GOOD, KEY), 403),
    ],
    ids=["empty", "nested", "long", "bytes", "shape", "above", "line", "sites", "token", "zero", "stranger", "purpose", "unknown"],
)
def test_hostile_questions_get_one_sentence_and_change_nothing(here: Here, ca: Path, body: bytes, status: int) -> None:
    province, url, _, _ = here
    found, told = posted(url + JOIN, body, ca)
    assert (found, sorted(told)) == (status, ["en", "vi"])
    assert province.lines() == []


def test_who_is_wrong_too_often_waits_a_minute(here: Here, box: Box, ca: Path) -> None:
    province, url, _, clock = here
    token = province.token()
    assert [posted(url + JOIN, b"", ca)[0] for _ in range(MOST_MISTAKES + 2)] == [400] * MOST_MISTAKES + [429] * 2
    assert "một phút nữa" in refusal(box, url, token, ca)
    assert bundle(f"{url}/khai-bao/hop-a", token, ca)[0] == 429
    clock.move(61)
    joined(box, url, token, ca)
    assert len(province.lines()) == 1


def test_a_broken_list_of_boxes_stops_all_and_tells_strangers_nothing(here: Here, box: Box, ca: Path) -> None:
    province, url, _, _ = here
    token = province.token()
    (province.declared / "boxes.csv").write_text("box,site,key,since,until,by\nhop-z,xa-z,1,,,\n")
    said = refusal(box, url, token, ca)
    assert ("dịch vụ của tỉnh đang có lỗi" in said, "xa-z" in said) == (True, False)
    (province.declared / "boxes.csv").write_text("box,site,key,since,until,by\n")
    joined(box, url, token, ca)
    assert len(province.lines()) == 1
