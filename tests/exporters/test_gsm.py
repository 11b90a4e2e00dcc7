import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporters.gsm import parts_of, submits, unaccented
from exporters.message import Message
from exporters.render import Place
from exporters.short_message import words
from model.text import Text
from tests.exporters.at_modem import read_pdu
from tests.exporters.samples import change


def test_the_worked_example_of_everybodys_textbook():
    (pdu,) = submits("+46708251358", ["hellohello"], accents=False, message="m")
    assert pdu.hexadecimal == "0011000B916407281553F80000A70AE8329BFD4697D9EC37"
    assert pdu.length == 23


@pytest.mark.parametrize(
    ("said", "bare"),
    [
        ("Đường dây nóng · “Tivi” ↔ mạng…", 'Duong day nong - "Tivi" <> mang...'),
        ("ẠẢÃÀÁ ơớờởỡợ ưứừửữự đĐ", "AAAAA oooooo uuuuuu dD"),
        ("[x]{y}|~^\\€", "[x]{y}|~^\\€"),
        ("電視 tab\t", "?? tab?"),
    ],
)
def test_vietnamese_without_its_marks_is_in_the_gsm_alphabet(said, bare):
    assert unaccented(said) == bare


@pytest.mark.parametrize(("accents", "whole", "joined"), [(False, 160, 153), (True, 70, 67)])
def test_how_much_one_message_and_one_of_several_hold(accents, whole, joined):
    assert [len(part) for part in parts_of("a" * whole, accents=accents, most=3)] == [whole]
    assert [len(part) for part in parts_of("a" * (whole + 1), accents=accents, most=3)] == [joined, whole + 1 - joined]
    cut = parts_of("a" * 999, accents=accents, most=2)
    assert [len(part) for part in cut] == [joined, joined]
    assert cut[1].endswith("a...")
    assert parts_of("a" * 999, accents=accents, most=1) == ["a" * (whole - 3) + "..."]


def test_parts_of_one_message_bear_one_reference_and_their_place():
    pdus = submits("0912345678", parts_of("Sảnh " * 60, accents=True, most=5), accents=True, message="row-1")
    headers = [read_pdu(pdu.hexadecimal)[1] for pdu in pdus]
    assert {header[:3] for header in headers} == {headers[0][:3]}
    assert [tuple(header[3:]) for header in headers] == [(len(pdus), place) for place in range(1, len(pdus) + 1)]
    assert pdus == submits("0912345678", parts_of("Sảnh " * 60, accents=True, most=5), accents=True, message="row-1")


@given(st.text(max_size=500), st.booleans(), st.integers(1, 5), st.from_regex(r"\+?[0-9]{3,15}", fullmatch=True))
def test_an_independent_reader_reads_back_what_was_said(text, accents, most, number):
    parts = parts_of(text, accents=accents, most=most)
    assert 1 <= len(parts) <= most
    pdus = submits(number, parts, accents=accents, message="row-1")
    read = [read_pdu(pdu.hexadecimal) for pdu in pdus]
    assert {one[0] for one in read} == {number}
    assert [one[2] for one in read] == [part.encode("utf-16-be", errors="replace").decode("utf-16-be") for part in parts]
    assert all(bool(one[1]) == (len(parts) > 1) for one in read)
    assert all(pdu.length == len(pdu.hexadecimal) // 2 - 1 for pdu in pdus)


def test_a_short_message_in_full_names_the_thing_once():
    def said(title):
        about = change(title=Text(title, title), name="PC-KeToan")
        return words(Message(id="x", about=about), "full", "vi", Place(name="Xã A"))

    assert said("Phiên điều khiển từ xa: UltraViewer").startswith("CAO · Phiên điều khiển từ xa: UltraViewer · “PC-KeToan” · Xã A · Mã VG-NET-02/")
    assert said("Máy “PC-KeToan” bị điều khiển").count("PC-KeToan") == 1
