"""PDFs that people upload: their words, title and links; whatever is in them, an answer in bounded time."""

from __future__ import annotations

import base64
import time
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.decode.web.pdf import is_pdf, read_pdf
from collector.decode.web.pdffile import MOST_FILE, File
from collector.decode.web.pdftext import text_of

PROMISE = "Nhà cái uy tín, nổ hũ đổi thưởng, đăng ký nhận 88K, nạp rút siêu tốc"
FOLDED = b"nha cai uy tin so 1, no hu doi thuong, dang ky nhan 88K, nap rut sieu toc"
LAW = "Nghị định về kinh doanh đặt cược đua ngựa, đua chó; xử phạt tội đánh bạc theo Điều 321 Bộ luật Hình sự"


def stream(number: int, content: bytes, said: bytes = b"", packed: str = "") -> bytes:
    """An object with a stream, packed as asked."""
    if packed == "flate":
        content, said = zlib.compress(content), said + b"/Filter /FlateDecode"
    elif packed == "ascii85":
        content, said = base64.a85encode(zlib.compress(content)) + b"~>", said + b"/Filter [/ASCII85Decode /FlateDecode]"
    elif packed == "hex":
        content, said = content.hex().encode() + b">", said + b"/Filter /ASCIIHexDecode"
    return b"%d 0 obj << /Length %d %s >>\nstream\n%s\nendstream\nendobj\n" % (number, len(content), said, content)


def simple(content: bytes, packed: str = "", more: bytes = b"") -> bytes:
    """A file of one page with one font that has no table of letters."""
    page = b"1 0 obj << /Type /Page /Contents 2 0 R /Resources << /Font << /F1 3 0 R >> >> >> endobj\n"
    return b"%PDF-1.4\n" + page + stream(2, content, packed=packed) + b"3 0 obj << /Type /Font /Subtype /Type1 >> endobj\n" + more + b"%%EOF"


def printed(text: str, *, objects_packed: bool = False, ranges: bool = False) -> bytes:
    """As browsers and offices print: two bytes a glyph, and a table of what the glyphs stand for."""
    letters = sorted(set(text))
    codes = {letter: 7 + place for place, letter in enumerate(letters)}
    if ranges:
        table = b"".join(b"1 beginbfrange <%04x> <%04x> <%04x> endbfrange\n" % (codes[one], codes[one], ord(one)) for one in letters)
    else:
        table = b"%d beginbfchar\n" % len(letters) + b"".join(b"<%04x> <%04x>\n" % (codes[one], ord(one)) for one in letters) + b"endbfchar"
    shown = b"BT /F4 12 Tf 1 0 0 1 50 700 Tm <%s> Tj ET" % b"".join(b"%04x" % codes[one] for one in text)
    objects = [
        (1, b"<< /Type /Page /Contents [ 2 0 R ] /Parent 5 0 R >>"),
        (3, b"<< /Type /Font /Subtype /Type0 /Encoding /Identity-H /ToUnicode 4 0 R >>"),
        (5, b"<< /Type /Pages /Kids [1 0 R] /Resources 6 0 R >>"),
        (6, b"<< /Font 7 0 R >>"),
        (7, b"<< /F4 3 0 R >>"),
    ]
    if objects_packed:
        places, bodies = [], b""
        for number, said in objects:
            places.append(b"%d %d" % (number, len(bodies)))
            bodies += said + b" "
        head = b" ".join(places) + b" "
        plain = stream(9, head + bodies, b"/Type /ObjStm /N %d /First %d" % (len(objects), len(head)), "flate")
    else:
        plain = b"".join(b"%d 0 obj %s endobj\n" % each for each in objects)
    return b"%PDF-1.5\n" + plain + stream(2, shown, packed="flate") + stream(4, table, packed="flate")


def kinds(data: bytes) -> set[str]:
    return {sign.kind for sign in read_pdf(data).signs}


@pytest.mark.parametrize("packed", ["", "flate", "ascii85", "hex"])
def test_the_words_of_a_page_are_read_however_they_are_packed(packed):
    assert kinds(simple(b"BT /F1 12 Tf (" + FOLDED + b") Tj ET", packed)) == {"promotion"}


@pytest.mark.parametrize("objects_packed", [False, True])
@pytest.mark.parametrize("ranges", [False, True])
def test_glyphs_are_read_by_the_fonts_own_table(objects_packed, ranges):
    data = printed(PROMISE, objects_packed=objects_packed, ranges=ranges)
    assert text_of(File(data)).strip() == PROMISE
    assert [(sign.kind, sign.gambling) for sign in read_pdf(data).signs] == [("promotion", True)]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"(a) Tj (b) Tj", "ab"),
        (b"[(Nh)-20(a)-250(c)10(ai)] TJ", "Nha cai"),
        (b"(mot) Tj T* (hai) Tj 0 -14 Td (ba) Tj", "mot\nhai\nba"),
        (b"(mot) Tj (hai) ' 1 2 (ba) \"", "mot\nhai\nba"),
        (b"1 0 0 1 10 700 Tm (a) Tj 1 0 0 1 20 700 Tm (b) Tj 1 0 0 1 10 680 Tm (c) Tj", "ab\nc"),
        (b"(\\101\\(x\\)\\\\ (y) \\\nz) Tj", "A(x)\\ (y) z"),
        (b"<4e 6861> Tj", "Nha"),
    ],
)
def test_operators_of_text(content, text):
    assert text_of(File(simple(b"BT /F1 9 Tf " + content + b" ET"))).strip() == text


def test_links_are_ways_that_need_a_click():
    more = b"4 0 obj << /Annots [<< /A << /S /URI /URI (https://tinh.example/a) >> >> << /A << /URI <68747470733a2f2f782e6578616d706c652f> >> >>] >> endobj\n"
    reading = read_pdf(simple(b"", more=more + b"5 0 obj << /URI (mailto:a@b.vn) >> endobj"))
    assert [(way.url, way.automatic) for way in reading.ways] == [("https://tinh.example/a", False), ("https://x.example/", False)]
    assert reading.links == ("tinh.example", "x.example")
    assert reading.signs == ()


def test_one_link_to_a_bookmaker_is_enough():
    reading = read_pdf(simple(b"BT (Xem) Tj ET", more=b"4 0 obj << /URI (https://zzwin88.vip/vao) >> endobj"))
    assert [(sign.kind, sign.hosts, sign.gambling) for sign in reading.signs] == [("promoted_links", ("zzwin88.vip",), True)]


@pytest.mark.parametrize("title", [b"(" + FOLDED + b")", b"<" + (b"\xfe\xff" + PROMISE.encode("utf-16-be")).hex().encode() + b">"])
def test_its_title_is_what_searchers_see(title):
    reading = read_pdf(simple(b"", more=b"4 0 obj << /Title " + title + b" >> endobj trailer << /Info 4 0 R >>"))
    assert [sign.kind for sign in reading.signs] == ["promoted_title"]
    assert reading.title in (FOLDED.decode(), PROMISE)


def test_laws_on_betting_sell_nothing():
    assert not kinds(printed(LAW)) & {"promotion", "promoted_title", "promoted_links"}


def test_an_encrypted_file_says_nothing():
    assert read_pdf(simple(b"BT (" + FOLDED + b") Tj ET", more=b"trailer << /Encrypt 8 0 R >>")).words == 0


def test_a_file_cut_off_is_read_as_far_as_it_goes():
    data = simple(b"BT /F1 12 Tf (" + FOLDED + b") Tj ET " + bytes(range(32, 127)) * 900, "flate")
    assert "promotion" in kinds(data[: len(data) * 3 // 4])


def test_what_is_a_pdf():
    assert is_pdf("application/pdf", b"")
    assert is_pdf("application/octet-stream", b"\n%PDF-1.7")
    assert not is_pdf("text/html", b"<p>%PDF-")


HOSTILE = [
    b"(",
    b"((a",
    b"(\\",
    b"<a",
    b"1 0 obj ",
    b"/URI (\\",
    b">> stream ",
    b"1 0 obj << /ObjStm /N 99999 /First 9 >> stream\n",
    b"/Contents [ 1 0 R ",
    b"[(a)-200(b)]TJ ",
]
HOSTILE += [b"1 beginbfrange <0000> <ffff> [", b"<00> <ff> [", b"beginbfchar ", b"/Font<<", b"trailer"]


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_files_end_soon(piece):
    many = piece * (1_500_000 // len(piece))
    bodies = [
        b"%PDF-" + many,
        b"%PDF- 1 0 obj << /Contents 2 0 R /Font << /F1 3 0 R >> >> endobj 3 0 obj << /ToUnicode 2 0 R >> endobj\n"
        + stream(2, b"BT /F1 9 Tf " + many, packed="flate"),
    ]
    for body in bodies:
        began = time.process_time()
        read_pdf(body)
        assert time.process_time() - began < 3


def test_a_bomb_is_not_unpacked_whole():
    data = b"%PDF-" + b"".join(stream(n, b"(x) Tj " * 3_000_000, b"/Subtype /Form", "flate") for n in range(1, 4))
    assert len(data) < MOST_FILE
    assert sum(len(File(data).stream(n)) for n in range(1, 4)) <= 8 << 20


@settings(deadline=None)
@given(st.binary(max_size=600), st.integers(0, 4))
def test_any_bytes_are_some_answer(noise, place):
    data = [noise, b"%PDF-" + noise, simple(noise), simple(b"", more=noise), printed(PROMISE)[:400] + noise][place]
    assert read_pdf(data).words >= 0
