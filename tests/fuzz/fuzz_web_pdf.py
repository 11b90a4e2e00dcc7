"""Hostile PDFs: broken objects, streams that never end, tables of letters that lie."""

import zlib

import msgspec

from collector.decode.web.pdf import read_pdf
from collector.decode.web.ways import Reading

_TABLE = (
    b"1 begincodespacerange <0000> <ffff> endcodespacerange 2 beginbfchar <0001> <1ED5> <0002> <0068> endbfchar 1 beginbfrange <0010> <0012> <0061> endbfrange"
)
SEEDS = (
    b"%PDF-1.4\n1 0 obj << /Type /Page /Contents 2 0 R /Resources << /Font << /F1 3 0 R >> >> "
    b"/Annots [<< /A << /S /URI /URI (https://x.example/) >> >>] >> endobj\n"
    b"2 0 obj << /Length 9 >> stream\nBT /F1 9 Tf 1 0 0 1 9 9 Tm [(a)-300(b\\(c\\)\\101)] TJ T* <6162> Tj (d) ' ET\nendstream endobj\n"
    b"3 0 obj << /Type /Font /Subtype /Type1 >> endobj trailer << /Info 4 0 R >> 4 0 obj << /Title <FEFF0058> >> endobj %%EOF",
    b"%PDF-1.5\n1 0 obj << /Contents [2 0 R] /Resources 5 0 R >> endobj 5 0 obj << /Font 6 0 R >> endobj 6 0 obj << /F2 3 0 R >> endobj\n"
    b"2 0 obj << /Filter /FlateDecode >> stream\n" + zlib.compress(b"BT /F2 9 Tf <000100020010> Tj 0 -12 Td <0011> Tj ET") + b"\nendstream endobj\n"
    b"3 0 obj << /Subtype /Type0 /ToUnicode 4 0 R >> endobj 4 0 obj << /Filter [/FlateDecode] >> stream\n" + zlib.compress(_TABLE) + b"\nendstream endobj",
    b"%PDF-1.5\n9 0 obj << /Type /ObjStm /N 2 /First 8 /Filter /FlateDecode >> stream\n"
    + zlib.compress(b"1 0 2 9 << /A 1 >> << /URI (//x) >>") + b"\nendstream endobj",
    b"%PDF-1.4 1 0 obj << /Subtype /Form /Filter [/ASCII85Decode] >> stream\n<~6>:(~>endstream endobj 2 0 obj << /Filter /ASCIIHexDecode >> stream\n4142>",
)  # fmt: skip


def fuzz_one(data: bytes) -> None:
    for body in (data, b"%PDF-1.4 1 0 obj << /Contents 2 0 R >> endobj 2 0 obj << >> stream\n" + data):
        reading = read_pdf(body)
        assert msgspec.json.decode(msgspec.json.encode(reading), type=Reading) == reading
        assert all(sign.value.isprintable() and len(sign.value) <= 300 for sign in reading.signs)
        assert reading.title.isprintable()
