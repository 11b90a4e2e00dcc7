"""A sealed file: opened by its key alone, whole or not at all, no longer than allowed."""

from __future__ import annotations

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from collector.sealing.envelope import Contents, Header, Pushed, header_of, seal, unseal
from collector.sealing.errors import SealError
from model.times import DAY
from tests.decode.frames import AT

HEADER = Header(id="20250715T021403Z-9f3ac1d2e4b0", box="hop-1", leg="lan", rule="VG-NET-03", at=AT, until=AT + DAY, reader="")
PUSH = Pushed(at=AT, family="dlna", kind="content", action="SetAVTransportURI", url="http://x/y?z", agent="", port=49494, accepted=True)
INSIDE = Contents(
    sender_mac="6a:5f:2e:10:20:51", sender_ip="192.168.10.101", screen_mac="1c:a4:10:10:20:34", screen_ip="192.168.10.34",
    vlan=(20,), pushes=(PUSH,), pcap=bytes(range(256)),
)  # fmt: skip


def test_what_was_sealed_comes_back(key: X25519PrivateKey) -> None:
    header, inside = unseal(seal(HEADER, INSIDE, key.public_key()), key, AT)
    assert inside == INSIDE
    assert (header.id, header.box, header.leg, header.at, header.until) == (HEADER.id, "hop-1", "lan", AT, AT + DAY)


def test_the_file_shows_no_address_and_no_two_are_alike(key: X25519PrivateKey) -> None:
    one, two = (seal(HEADER, INSIDE, key.public_key()) for _ in range(2))
    for secret in (INSIDE.sender_mac, INSIDE.sender_ip, INSIDE.screen_ip, "SetAVTransportURI"):
        assert secret.encode() not in one
    assert header_of(one).key != header_of(two).key
    assert one[-64:] != two[-64:]


def test_another_key_does_not_open_it(key: X25519PrivateKey) -> None:
    with pytest.raises(SealError, match="không phải khóa này"):
        unseal(seal(HEADER, INSIDE, key.public_key()), X25519PrivateKey.generate(), AT)


def test_any_change_is_noticed(key: X25519PrivateKey) -> None:
    whole = seal(HEADER, INSIDE, key.public_key())
    for place in range(0, len(whole), 7):
        changed = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
        with pytest.raises(SealError):
            unseal(changed, key, AT)
    with pytest.raises(SealError):
        unseal(whole[:-1], key, AT)


def test_an_end_date_cannot_be_moved(key: X25519PrivateKey) -> None:
    whole = seal(HEADER, INSIDE, key.public_key())
    later = whole.replace(str(AT + DAY).encode(), str(AT + DAY + 1).encode())
    assert later != whole
    with pytest.raises(SealError, match="đã bị sửa"):
        unseal(later, key, AT)


def test_past_its_end_it_is_opened_for_nobody(key: X25519PrivateKey) -> None:
    whole = seal(HEADER, INSIDE, key.public_key())
    assert unseal(whole, key, AT + DAY)[1] == INSIDE
    with pytest.raises(SealError, match="hết hạn"):
        unseal(whole, key, AT + DAY + 1)


def test_an_id_that_is_a_path_is_refused(key: X25519PrivateKey) -> None:
    with pytest.raises(SealError):
        header_of(seal(msgspec.structs.replace(HEADER, id="../../etc/cron.d/x"), INSIDE, key.public_key()))


@given(st.binary(max_size=300), st.booleans())
def test_strange_bytes_are_refused_and_nothing_else(said: bytes, marked: bool) -> None:
    with pytest.raises(SealError):
        header_of(b"VGSEAL1\n" + said if marked else said)
