"""Hostile pages, in any encoding."""

import msgspec

from collector.decode.web.charset import decode
from collector.decode.web.read import read_page, read_text
from collector.decode.web.ways import Reading

URL = "https://xa.tinh.gov.vn/tin"
SEEDS = (
    b"<!doctype html><html lang=vi><head><title>X\xc3\xa3</title><base href='/a/'><meta http-equiv=refresh content=\"5; url='//x.example'\"></head>"
    b"<body onload=\"location='//x.example'\"><p>nh\xc3\xa0 c\xc3\xa1i uy t\xc3\xadn</p></body></html>",
    b"<style>.a .b,#c{position:absolute;left:-9999px}</style><div class=a><p class=b><a href='https://a.example'>1</a><a href='//b.example'>2</a>"
    b"<a href='http:\\\\c.example'>3</a></p></div><iframe src='//d.example' width=1 height=1></iframe>",
    b"<iframe srcdoc='<script>top.location=\"//e.example\"</script>'></iframe><iframe src='data:text/html,%3Cscript%3E'></iframe>",
    b"<script>document.write('<scr'+'ipt src=//x.example></scr'+'ipt>')</script>",
    b'<script type=\'application/ld+json\'>{"@type":["Product"],"url":"//x.example"}</script><link rel=canonical href=//y.example>',
    b"<frameset rows='0,*'><frame src=a></frameset><object classid='clsid:d27cdb6e-ae6d-11cf-96b8-444553540000'><param name=movie value=/a>",
    "<meta charset=windows-1258><marquee width=1>C«ng hoµ x· héi chñ nghÜa ViÖt Nam</marquee><noscript><a href=x hidden>t</a></noscript>".encode("latin-1"),
)


def fuzz_one(data: bytes) -> None:
    text, _ = decode(data)
    for url in (URL, ""):
        reading = read_page(text, url)
        assert msgspec.json.decode(msgspec.json.encode(reading), type=Reading) == reading
        assert all(sign.value.isprintable() and len(sign.value) <= 300 for sign in reading.signs)
    read_text(text)
