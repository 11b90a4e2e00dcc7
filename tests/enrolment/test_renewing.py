"""Renewal: only the key that holds may name the next, once and now; the old one stays until the province has said yes."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from collector.boxkey import public_key
from collector.config import load
from collector.doctor import of_keys
from collector.enrolment.rosterfile import written_day
from collector.enrolment.wire import RENEW, EnrolmentError, Renewing, asked
from collector.onboarding.pki import authority, new_authority
from model.times import DAY, MINUTE, SECOND
from tests.enrolment.place import Province, Wrapped, box_at, joined, key_of, posted, renewed, serving, worth, wrote
from tests.servers.certificates import Certificates
from tests.system.program import Box

NEW = Ed25519PrivateKey.from_private_bytes(b"n" * 32)
DAYS = DAY // SECOND


class Place:
    """A province, and a box that joined it."""

    def __init__(self, province: Province, url: str, enroller: Wrapped, box: Box, ca: Path) -> None:
        self.province, self.url, self.enroller, self.box, self.ca = province, url, enroller, box, ca
        self.clock = province.clock
        joined(box, url, province.token(), ca)

    @property
    def pending(self) -> Path:
        return self.box.folder / "state/box.key.new"

    def question(
        self, *, at: int = 0, nonce: str = "0" * 32, box: str = "hop-a", signer: Ed25519PrivateKey | None = None, proof: bool = True, **more: str
    ) -> bytes:
        own = Ed25519PrivateKey.from_private_bytes((self.box.folder / "state/box.key").read_bytes())
        said = Renewing(box=box, key=NEW.public_key().public_bytes_raw().hex(), at=self.clock.now() + at, nonce="0" * 32, **more)
        return asked(RENEW, said, signer or own, NEW if proof else None)

    def posted(self, question: bytes) -> tuple[int, str]:
        status, told = posted(self.url + RENEW, question, self.ca)
        return status, told.get("en", "")


@pytest.fixture
def place(tmp_path: Path, certificates: Certificates) -> Iterator[Place]:
    province = Province(tmp_path / "tinh")
    with serving(province, certificates) as (url, enroller):
        yield Place(province, url, enroller, box_at(tmp_path / "hop"), certificates.authority)


def test_both_keys_hold_for_a_day_then_the_new_one_alone(place: Place) -> None:
    now, old = place.clock.now(), key_of(place.box)
    early, late = wrote(place.box, now + DAY), wrote(place.box, now + 2 * DAY)
    assert renewed(place.box, now).until
    assert [line[2:5] for line in place.province.lines()] == [
        [old, written_day(now), written_day(now + DAY)],
        [key_of(place.box), written_day(now), ""],
    ]
    then = now + 2 * DAY
    assert [worth(place.province, one, then) for one in (early, late, wrote(place.box, now), wrote(place.box, then))] == ["taken", "no_key", "taken", "taken"]
    assert not place.pending.exists()


def test_what_waited_in_the_journal_through_an_outage_holds_under_the_new_key(place: Place) -> None:
    place.clock.move(30 * DAYS)
    now = place.clock.now()
    renewed(place.box, now)
    assert worth(place.province, wrote(place.box, now - 20 * DAY), now) == "taken"
    assert worth(place.province, wrote(place.box, now - 40 * DAY), now) == "no_key"


def test_an_end_that_people_wrote_holds_for_the_new_key_too(place: Place) -> None:
    now = place.clock.now()
    place.clock.move(2 * DAYS)
    file = place.province.declared / "boxes.csv"
    file.write_text(file.read_text().replace(",,Nguyễn", f",{written_day(now + 5 * DAY)},Nguyễn"))
    renewed(place.box, place.clock.now())
    assert [line[4] for line in place.province.lines()] == [written_day(now + 3 * DAY), written_day(now + 5 * DAY)]


def test_an_answer_lost_on_the_way_leaves_the_old_key_and_the_next_try_ends_it(place: Place) -> None:
    now, old = place.clock.now(), key_of(place.box)

    def lost() -> None:
        raise OSError(5, "mất điện", "x")

    place.enroller.after = lost
    with pytest.raises(EnrolmentError, match="đang có lỗi"):
        renewed(place.box, now)
    assert key_of(place.box) == old
    coming = public_key(place.pending)
    (told,) = [check for check in of_keys(load(place.box.config), now) if check.name == "box.key_file"]
    assert (told.state, told.mend.vi) == ("warn", "vonggac box renew")
    place.enroller.after = lambda: None
    # Even when the old key has ended meanwhile.
    place.clock.move(3 * DAYS)
    renewed(place.box, place.clock.now())
    assert (key_of(place.box), len(place.province.lines()), place.pending.exists()) == (coming, 2, False)


def test_a_province_that_never_heard_of_it_is_asked_again_with_the_old_key(place: Place) -> None:
    config = place.box.config.read_text()
    place.box.config.write_text(config.replace(place.url, "https://localhost:1"))
    with pytest.raises(EnrolmentError, match="không gọi được tỉnh"):
        renewed(place.box)
    coming = public_key(place.pending)
    place.box.config.write_text(config)
    renewed(place.box, place.clock.now())
    assert key_of(place.box) == coming


def test_a_renewal_that_was_overheard_is_refused(place: Place) -> None:
    question = place.question()
    assert place.posted(question)[0] == 200
    assert place.posted(question) == (403, "this renewal was used already")
    assert len(place.province.lines()) == 2


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_renewal_of_another_time_is_refused(place: Place, minutes: int) -> None:
    status, why = place.posted(place.question(at=minutes * MINUTE))
    assert (status, "6 min" in why, len(place.province.lines())) == (403, True, 1)


def test_only_a_key_of_the_box_that_holds_now_names_the_next(place: Place) -> None:
    stranger = Ed25519PrivateKey.from_private_bytes(b"x" * 32)
    for question in (place.question(signer=stranger), place.question(proof=False), place.question(signer=NEW, proof=False)):
        assert place.posted(question)[0] == 403
    assert place.posted(place.question(box="hop-b"))[0] == 403
    file = place.province.declared / "boxes.csv"
    file.write_text(file.read_text().replace(",,Nguyễn", f",{written_day(place.clock.now())},Nguyễn"))
    place.clock.move(2 * DAYS)
    assert place.posted(place.question())[0] == 403
    assert len(place.province.lines()) == 1


def test_a_stolen_key_cannot_fill_the_list(place: Place) -> None:
    renewed(place.box, place.clock.now())
    status, why = place.posted(place.question())
    assert (status, "tomorrow" in why, len(place.province.lines())) == (429, True, 2)


def test_who_never_joined_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(EnrolmentError, match="box enrol"):
        renewed(box_at(tmp_path))


def test_the_certificate_for_pcs_comes_with_the_key_for_the_names_that_the_soc_wrote(tmp_path: Path, certificates: Certificates) -> None:
    province = Province(tmp_path / "tinh")
    pair = new_authority("CA tỉnh", province.clock.now())
    serves = '[endpoints]\nenabled = true\ncatalogue_keys = ["c.pub"]\ncertificate_file = "hop.pem"\nkey_file = "hop.key"\n'
    with serving(province, certificates, authority(pair)) as (url, enroller):
        place = Place(province, url, enroller, box_at(tmp_path / "hop", serves), certificates.authority)
        # Nobody wrote yet how PCs call this box.
        assert renewed(place.box, province.clock.now()).certificate == ""
        assert not (place.box.folder / "hop.pem").exists()
        province.clock.move(2 * DAYS)
        (province.dir / "ten/hop-a").write_text("192.168.10.2\nhop.xa-a.example\n")
        renewed(place.box, province.clock.now())
    made = x509.load_pem_x509_certificate((place.box.folder / "hop.pem").read_bytes())
    made.verify_directly_issued_by(x509.load_pem_x509_certificate(pair.certificate))
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert (str(names[0].value), names[1].value) == ("192.168.10.2", "hop.xa-a.example")
    assert made.subject.rfc4514_string() == "OU=box,O=xa-a,CN=192.168.10.2"
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(place.box.folder / "hop.pem", place.box.folder / "hop.key")
    assert (place.box.folder / "hop.key").stat().st_mode & 0o777 == 0o600
    assert format(made.serial_number, "x") in province.audit()[-1]["about"]


def test_a_request_that_is_none_is_refused_and_the_key_stays(tmp_path: Path, certificates: Certificates) -> None:
    province = Province(tmp_path / "tinh")
    with serving(province, certificates, authority(new_authority("CA", province.clock.now()))) as (url, enroller):
        place = Place(province, url, enroller, box_at(tmp_path / "hop"), certificates.authority)
        (province.dir / "ten/hop-a").write_text("192.168.10.2\n")
        assert place.posted(place.question(request="-----BEGIN"))[0] == 400
        assert len(province.lines()) == 1
