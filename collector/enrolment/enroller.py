"""The province's part in a box's life: tokens, joining, renewal, retirement, and the bundle that is a box's own. Files alone; the network is `service`."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from collector.clock import Clock
from collector.declared_fleet import load_fleet
from collector.enrolment import rosterfile
from collector.enrolment.audit import Audit
from collector.enrolment.records import BoxRecord, Records, TokenRecord, hash_of
from collector.enrolment.wire import APART, JOIN, RENEW, DeniedError, EnrolmentError, Envelope, Joined, Joining, Renewed, Renewing, apart, holds
from collector.onboarding.pki import Authority, for_request, serial_of
from collector.refusal import ConfigError
from collector.signeddata.form import MOST
from model.fleet.declared import FleetBox, FleetDeclared
from model.text import Text
from model.times import DAY, HOUR, SECOND, VIETNAM

# Whose answer was lost on the way asks again with the same key.
_AGAIN: Final = HOUR
# What waited in a box's journal while it was cut off is signed with the new key: that one holds for so long before, as the old one did.
_BACKLOG: Final = 90 * DAY
# As often may a box ask with one token, or for a renewal within the minutes in which one could be repeated.
_MOST_QUESTIONS: Final = 20
_NO_TOKEN: Final = (403, "mã gia nhập không đúng", "there is no such token")
_UNKNOWN: Final = (403, "hộp này chưa gia nhập, hoặc đã thôi dùng: xin SOC mã gia nhập mới", "this box did not join, or was retired: ask the SOC for a token")
_NOT_SIGNED: Final = (403, "chữ ký không phải của khóa đang có hiệu lực của hộp", "this is not signed with a key of the box that holds now")


class Enroller:
    """Works on the service's folder and on the province's declared one; every method is one change, whole or not at all."""

    def __init__(self, folder: Path, declared: Path, clock: Clock, authority: Authority | None = None) -> None:
        """`authority` signs the certificates with which boxes serve PCs, where the province lets it do that here."""
        self._records = Records(folder)
        self._declared = declared
        self._clock = clock
        self._audit = Audit(folder, clock)
        self._authority = authority

    def prepare(self) -> None:
        """Makes the folder, and looks whether there is what answers need. Raises ConfigError, OSError."""
        self._records.prepare()
        self._keys()
        load_fleet(self._declared)
        rosterfile.read(self._declared)

    def join(self, envelope: Envelope, asked: Joining, address: str) -> Joined:
        """Takes a box. Raises DeniedError, ConfigError, OSError."""
        key = bytes.fromhex(asked.key)
        if not any(key) or not holds(JOIN, envelope.said, envelope.signature, key):
            raise DeniedError(403, "chữ ký không phải của khóa được gửi", "this is not signed with the key that it names")
        with self._records.locked():
            declared, now = load_fleet(self._declared), self._clock.now()
            record = self._good_token(asked, declared)
            _own(declared, asked.box, key, now)
            prepared, keys = self._records.prepared(asked.box), self._keys()
            # The token is used up first: whatever breaks after this, only who has this very key may go on.
            used = msgspec.structs.replace(record, key=asked.key, used=record.used or now, nonces=(*record.nonces, asked.nonce))
            self._records.put_token(asked.token, used)
            new = [site for site in record.sites if not any(line.key == key for line in declared.keys_of(asked.box, site))]
            sheet = rosterfile.ended(rosterfile.read(self._declared), asked.box, now + DAY, keep=[key])
            rosterfile.put(self._declared, rosterfile.added(sheet, [_line(asked.box, site, asked.key, record.by, now) for site in new]))
            token = secrets.token_urlsafe(32)
            self._records.put_box(asked.box, BoxRecord(bundle=hash_of(token)))
            self._audit.note("join", asked.box, by=record.by, about=f"{asked.key[:16]} {','.join(record.sites)}", address=address)
        return Joined(box=asked.box, key=asked.key, sites=record.sites, declared_keys=keys, token=token, files=prepared)

    def _good_token(self, asked: Joining, declared: FleetDeclared) -> TokenRecord:
        record, now = self._records.token(asked.token), self._clock.now()
        if record is None:
            raise DeniedError(*_NO_TOKEN)
        if record.box != asked.box:
            raise DeniedError(403, f"mã gia nhập này cho hộp khác, không phải {asked.box}", f"this token is for another box than {asked.box}")
        again = record.key == asked.key and now - record.used <= _AGAIN and asked.nonce not in record.nonces and len(record.nonces) < _MOST_QUESTIONS
        if record.key and not again:
            raise DeniedError(403, "mã gia nhập này đã dùng rồi: xin SOC mã mới", "this token was used already: ask the SOC for another")
        if not record.key and now >= record.until:
            raise DeniedError(403, "mã gia nhập này đã hết hạn: xin SOC mã mới", "this token has expired: ask the SOC for another")
        if asked.sites and set(asked.sites) != set(record.sites):
            wanted = ", ".join(record.sites)
            raise DeniedError(403, f"hộp khai điểm khác với mã gia nhập ({wanted})", f"the box declares other sites than the token ({wanted})")
        if missing := [site for site in record.sites if site not in declared.sites]:
            raise DeniedError(409, f"tỉnh chưa khai điểm {missing[0]} trong sites.csv", f"the province has no site {missing[0]} in sites.csv")
        return record

    def renew(self, envelope: Envelope, asked: Renewing, address: str) -> Renewed:
        """Lets a new key hold beside the old one. Raises DeniedError, ConfigError, OSError."""
        key, now = bytes.fromhex(asked.key), self._clock.now()
        with self._records.locked():
            record = self._records.box(asked.box)
            if record is None:
                raise DeniedError(*_UNKNOWN)
            declared = load_fleet(self._declared)
            lines = [line for line in declared.boxes if line.box == asked.box and (not line.until or now < line.until)]
            held = {line.key for line in lines if line.since <= now}
            signer = next((known for known in sorted(held) if holds(RENEW, envelope.said, envelope.signature, known)), None)
            if signer is None or not any(key) or not holds(RENEW, envelope.said, envelope.proof or envelope.signature, key):
                raise DeniedError(*_NOT_SIGNED)
            self._once(record, asked, now)
            certificate = self._certificate(asked, lines[0].site, now)
            if key not in held:
                _own(declared, asked.box, key, now)
                if len(held) > 1:
                    raise DeniedError(429, "khóa của hộp vừa được đổi, mai hãy gia hạn", "the box's key was changed just now, renew it tomorrow")
                self._changed([line for line in lines if line.key == signer], asked, now)
            about = f"{signer.hex()[:16]} -> {asked.key[:16]}" + (f", certificate {serial_of(certificate)}" if certificate else "")
            self._audit.note("renew", asked.box, about=about, address=address)
        old = [line.until - 1 for line in lines if line.key != key and line.until]
        return Renewed(box=asked.box, key=asked.key, until=_day(min([now + DAY, *old])) if held - {key} else "", certificate=certificate.decode())

    def _certificate(self, asked: Renewing, site: str, now: int) -> bytes:
        """The certificate for the box's request, for the names that the SOC wrote; empty where there are none, or nobody to sign."""
        names = self._records.names(asked.box)
        if not asked.request or self._authority is None or not names:
            return b""
        try:
            return for_request(self._authority, site, names, asked.request.encode(), now)
        except ValueError:
            raise DeniedError(400, "yêu cầu chứng thư của hộp không dùng được", "the box's certificate request cannot be used") from None

    def _once(self, record: BoxRecord, asked: Renewing, now: int) -> None:
        """Each renewal counts once, and soon after it was signed."""
        if minutes := apart(asked.at, now):
            raise DeniedError(
                403,
                f"đồng hồ của hộp và của tỉnh lệch nhau {minutes} phút: chỉnh giờ rồi gia hạn lại",
                f"the two clocks are {minutes} min apart",
            )
        if asked.nonce in record.nonces:
            raise DeniedError(403, "yêu cầu gia hạn này đã dùng rồi", "this renewal was used already")
        recent = {nonce: at for nonce, at in record.nonces.items() if now - at <= 2 * APART}
        if len(recent) >= _MOST_QUESTIONS:
            raise DeniedError(429, "hộp gia hạn quá nhiều lần, lát nữa hãy thử lại", "the box renews too often, try again later")
        self._records.put_box(asked.box, msgspec.structs.replace(record, nonces={**recent, asked.nonce: now}))

    def _changed(self, lines: Sequence[FleetBox], asked: Renewing, now: int) -> None:
        key = bytes.fromhex(asked.key)
        sheet = rosterfile.ended(rosterfile.read(self._declared), asked.box, now + DAY, keep=[key])
        # A line whose end people wrote ends then under the new key too.
        new = [_line(asked.box, line.site, asked.key, line.by, max(line.since, now - _BACKLOG), line.until) for line in lines]
        rosterfile.put(self._declared, rosterfile.added(sheet, new))

    def bundle(self, box: str, token: str) -> tuple[bytes, str] | None:
        """The box's signed declared data with its tag; None where there is none yet. Raises DeniedError, OSError."""
        record = self._records.box(box)
        # Compared also where there is no such box: both take the same time.
        good = hmac.compare_digest(record.bundle if record else hash_of(""), hash_of(token))
        if record is None or not good:
            raise DeniedError(401, "mã của hộp không đúng", "this is not the box's token")
        data = self._records.bundle(box, MOST + 1)
        return None if data is None or len(data) > MOST else (data, f'"{hashlib.sha256(data).hexdigest()[:32]}"')

    def retire(self, box: str, by: str, why: str, *, lost: bool) -> int:
        """Ends a box: how many of its lines ended (`lost`: were taken out). Raises EnrolmentError, ConfigError, OSError."""
        self._records.prepare()
        with self._records.locked():
            declared, sheet = load_fleet(self._declared), rosterfile.read(self._declared)
            lines = [line for line in declared.boxes if line.box == box]
            known = self._records.forget(box)
            if not lines and not known:
                raise EnrolmentError(f"không có hộp {box} trong boxes.csv, cũng chưa từng gia nhập", f"no box {box} is in boxes.csv or ever joined")
            changed = rosterfile.without(sheet, box) if lost else rosterfile.ended(sheet, box, self._clock.now())
            rosterfile.put(self._declared, changed)
            about = ", ".join(f"{line.site} {line.key.hex()[:16]}" for line in lines)
            self._audit.note("retire", box, by=by, why=why, about=("lost: " if lost else "") + about)
        return len(lines)

    def denied(self, what: str, box: str, error: DeniedError, address: str) -> None:
        """Writes down who was turned away. Raises OSError."""
        self._audit.note("join" if what == JOIN else "renew", box, outcome=error.text.en, address=address)

    def _keys(self) -> tuple[str, ...]:
        """The public keys of declared data, which the SOC put into the folder."""
        found = [path.read_text("ascii", "replace") for path in sorted(self._records.folder.glob("declared*.pub"))]
        if not found or not all(map(is_public_key, found)):
            where = self._records.folder
            raise ConfigError(
                Text(f"Thư mục {where} cần declared.pub (vonggac declared keygen).", f"The folder {where} needs declared.pub (vonggac declared keygen).")
            )
        return tuple(found)


def issue(folder: Path, clock: Clock, box: str, sites: Sequence[str], days: int, by: str) -> str:
    """A new token, which is kept nowhere. Raises OSError."""
    records, token = Records(folder), secrets.token_urlsafe(32)
    records.prepare()
    with records.locked():
        records.put_token(token, TokenRecord(box=box, sites=tuple(dict.fromkeys(sites)), by=by, until=clock.now() + days * DAY))
        Audit(folder, clock).note("token", box, by=by, about=f"{','.join(sites)}; {days} d")
    return token


def is_public_key(pem: str) -> bool:
    """Whether it is an Ed25519 public key in PEM."""
    try:
        return isinstance(load_pem_public_key(pem.encode()), Ed25519PublicKey)
    except (ValueError, UnsupportedAlgorithm):
        return False


def _own(declared: FleetDeclared, box: str, key: bytes, now: int) -> None:
    """A key is nobody's yet, or this box's already: not another box's, nor one that this box has laid aside."""
    if any(line.box != box or (line.until and line.until <= now) for line in declared.boxes if line.key == key):
        raise DeniedError(
            409,
            "khóa này đã khai cho hộp khác hoặc đã hết hạn: xóa tệp box.key của hộp rồi chạy lại để tạo khóa mới",
            "this key is another box's or has ended: remove the box's box.key and try again with a new one",
        )


def _line(box: str, site: str, key: str, by: str, since: int, until: int = 0) -> dict[str, str]:
    ends = rosterfile.written_day(until - 1) if until else ""
    return {"box": box, "site": site, "key": key, "since": rosterfile.written_day(since), "until": ends, "by": by}


def _day(at: int) -> str:
    return datetime.fromtimestamp(at // SECOND, VIETNAM).date().isoformat()
