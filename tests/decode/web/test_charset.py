"""Whatever a page is written in, the reader gets Vietnamese letters."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.decode.web.charset import decode
from collector.decode.web.legacy import mend

TEXT = (
    "Ủy ban nhân dân xã thông báo: việc tiếp nhận hồ sơ của người dân được thực hiện tại bộ phận một cửa. Quyết định số 12 về các thủ tục đã có hiệu lực, "
    "không thu phí; kỹ thuật, đặng, quỵt, ngoẵng, phẳng lặng."
)
# Written by hand in the two fonts, not made by the tables under test: "Cộng hòa xã hội chủ nghĩa Việt Nam. Độc lập, tự do, hạnh phúc. Quyết định của Bộ".
MOTTO = "Cộng hòa xã hội chủ nghĩa Việt Nam. độc lập, tự do, hạnh phúc. Quyết định của bộ"
MOTTO_TCVN3 = "Céng hßa x· héi chñ nghÜa ViÖt Nam. ®éc lËp, tù do, h¹nh phóc. QuyÕt ®Þnh cña bé"
MOTTO_VNI = "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam. ñoäc laäp, töï do, haïnh phuùc. Quyeát ñònh cuûa boä"


def windows_1258(text):
    out = b""
    for letter in unicodedata.normalize("NFC", text):
        try:
            out += letter.encode("cp1258")
        except UnicodeEncodeError:
            marks = unicodedata.normalize("NFD", letter)
            tone = "".join(mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323")
            out += (unicodedata.normalize("NFC", marks.replace(tone, "")) + tone).encode("cp1258")
    return out


@pytest.mark.parametrize(
    ("body", "content_type", "text", "charset"),
    [
        (TEXT.encode(), "text/html; charset=utf-8", TEXT, "utf-8"),
        (TEXT.encode(), "", TEXT, "utf-8"),
        (b"\xef\xbb\xbf" + TEXT.encode(), "text/html; charset=windows-1252", TEXT, "utf-8"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), "", TEXT, "utf-16-le"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "", TEXT, "utf-16-be"),
        (TEXT.encode(), "text/html; charset=iso-8859-1", TEXT, "utf-8"),
        (b'<meta charset="windows-1258">' + windows_1258(TEXT), "text/html", '<meta charset="windows-1258">' + TEXT, "cp1258"),
        (windows_1258(TEXT), "text/html; charset=windows-1258", TEXT, "cp1258"),
        (windows_1258(TEXT), "", TEXT, "cp1258"),
        (windows_1258(TEXT), "text/html; charset=utf-8", TEXT, "cp1258"),
        (MOTTO_TCVN3.encode("latin-1"), "", MOTTO, "tcvn3"),
        (MOTTO_TCVN3.encode("latin-1"), "text/html; charset=ISO-8859-1", MOTTO, "tcvn3"),
        (MOTTO_TCVN3.encode("latin-1"), "text/html; charset=utf-8", MOTTO, "tcvn3"),
        (MOTTO_TCVN3.encode(), "text/html; charset=utf-8", MOTTO, "tcvn3"),
        (MOTTO_VNI.encode("latin-1"), "", MOTTO, "vni"),
        (MOTTO_VNI.encode(), "text/html; charset=utf-8", MOTTO, "vni"),
        ("<meta http-equiv='Content-Type' content='text/html; charset=GB2312'>彩票".encode("gb18030"), "", None, "gb18030"),
        ("<?xml version='1.0' encoding='Shift_JIS'?>通販".encode("cp932"), "", None, "cp932"),
        ("หวย".encode("cp874"), "text/html; charset=TIS-620", "หวย", "cp874"),
        (b"plain", "text/html; charset=zip", "plain", "utf-8"),
        (b"plain", "text/html; charset=unicode_escape", "plain", "utf-8"),
        (b"", "", "", "utf-8"),
    ],
)
def test_read(body, content_type, text, charset):
    found, used = decode(body, content_type)
    assert used == charset
    assert text is None or found == text


def test_a_few_broken_bytes_stay_utf8():
    body = TEXT.encode() * 20 + b"\xff\xc3"
    text, charset = decode(body, "text/html; charset=utf-8")
    assert (charset, text.count("\ufffd"), text.startswith(TEXT)) == ("utf-8", 2, True)


@pytest.mark.parametrize(("pasted", "font"), [(MOTTO_TCVN3, "tcvn3"), (MOTTO_VNI, "vni")])
def test_an_article_pasted_into_a_unicode_page(pasted, font):
    page = f"<ul><li>{TEXT}</li></ul>\n<p>{TEXT}</p>\n<p>{pasted}</p>"
    text, charset = decode(page.encode(), "text/html; charset=utf-8")
    assert text == f"<ul><li>{TEXT}</li></ul>\n<p>{TEXT}</p>\n<p>{MOTTO}</p>"
    assert charset == font


@pytest.mark.parametrize(
    "text",
    [
        "Château à la fête, ça dépend d'où l'on naît; «Größe» São João não, coração, mañana él sólo, poésie naïve, où déjà.",
        "Müller größer schön für Überraschung, ähnlich wären früh, København øre, två år, ¿Qué? ©2024 ® µm 5,5 · 20 °C",
        TEXT,
        unicodedata.normalize("NFD", TEXT),
        "hòa, hoà, thủy, thuỷ, xoá, toà nhà, loã xoã, quà, già, oà",
    ],
)
def test_other_languages_and_right_vietnamese_stay(text):
    assert mend(text * 20) == (text * 20, "")


@given(st.binary(max_size=300), st.text(max_size=40))
def test_any_bytes_become_text(body, content_type):
    text, charset = decode(body, content_type)
    assert isinstance(text, str)
    assert charset


def test_hostile_bodies_cost_little():
    began = time.process_time()
    for body in (b"\xb8a\xae" * 500_000, b"<meta " * 300_000 + b"\xff", "aïaø<đ".encode() * 150_000, b"\xff" * 2_000_000, b"<meta charset=" + b"'" * 10**6):
        decode(body, "charset=" * 100_000)
    assert time.process_time() - began < 8
