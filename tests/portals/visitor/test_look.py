"""What a look becomes: the words of the end, the hosts of the portal's own pages, the signs of all, and the exchanges as evidence."""

from __future__ import annotations

import asyncio
import hashlib

from collector.sensors.portals.evidence.recorded import Recorded
from collector.sensors.portals.recording import recorded
from model.text import shown
from tests.portals.visitor.places import START, World, failed, looked, moved, page, reply, seen

WORDS = "Ủy ban nhân dân xã thông báo lịch tiếp công dân định kỳ tháng này tại trụ sở"
HOME = f"""<!doctype html><html lang="vi"><head><title>Cổng thông tin xã Ví Dụ</title><meta name="generator" content="CMS 3">
<script src="/js/app.js"></script><script src="https://thong-ke.example/dem.js"></script></head>
<body><p>{WORDS}</p><a href="/tin/1.html">Tin</a><a href="https://tinh.example/">Tỉnh</a>
<iframe src="https://ban-do.example/nhung" width=600 height=400></iframe><form action="https://tim-kiem.example/s"></form></body></html>"""


async def test_a_page_is_told_in_full(world: World) -> None:
    origin = await world.serve("xa.test", reply(HOME))
    visitor = await world.visitor(vantage="hop-1")
    look = await looked(visitor, origin, persona="mobile", attempt=2)
    fact = seen(look)
    assert (fact.at, fact.portal, fact.vantage, fact.round, fact.persona, fact.part, fact.attempt) == (START, "p1", "hop-1", "r1", "mobile", "home", 2)
    assert (fact.url, fact.title, fact.language, fact.generator) == (f"{origin}/", "Cổng thông tin xã Ví Dụ", "vi", "CMS 3")
    assert fact.words >= len(WORDS.split())
    assert fact.text != 0
    assert fact.scripts == ("thong-ke.example",)
    assert fact.links == ("tinh.example",)
    assert fact.frames == ("ban-do.example",)
    assert fact.forms == ("tim-kiem.example",)
    assert fact.pages == (f"{origin}/tin/1.html",)
    assert look.own_scripts == (f"{origin}/js/app.js",)
    assert look.requests == 1
    hop = fact.hops[0]
    assert (hop.host, hop.address, hop.digest) == (origin.partition("//")[2], "127.0.0.1", hashlib.sha256(HOME.encode()).hexdigest())


async def test_the_words_are_the_ends_and_the_hosts_the_portals(world: World) -> None:
    end = await world.serve("away.test", reply(HOME.replace("Cổng thông tin xã Ví Dụ", "Đích")))
    origin = await world.serve("xa.test", page("Xã", f'<meta http-equiv=refresh content="1;url={end}"><script src="https://la.example/x.js"></script>'))
    look = await looked(await world.visitor(), origin)
    fact = seen(look)
    assert fact.title == "Đích"
    assert fact.scripts == ("la.example",)
    assert (fact.links, fact.frames, fact.pages) == ((), (), ())
    assert look.own_scripts == ()


async def test_where_nobody_answers_there_are_no_words(world: World) -> None:
    origin = await world.serve("xa.test", page(WORDS, '<meta http-equiv=refresh content="1;url=http://dead.test/">'))
    fact = seen(await looked(await world.visitor(), origin))
    assert (fact.title, fact.words, fact.text, fact.hops[-1].trouble) == ("", 0, 0, "dns")


async def test_each_sign_says_on_whose_page_it_stood(world: World) -> None:
    links = "".join(f'<a href="https://lien-ket-{n}.example/">x{n}</a>' for n in range(9))
    hidden = f'<div style="display:none">{links}</div>'
    end = await world.serve("away.test", page("Đích", hidden))
    origin = await world.serve("xa.test", page("Xã", hidden + f'<meta http-equiv=refresh content="1;url={end}">'))
    fact = seen(await looked(await world.visitor(), origin))
    assert [sign.page for sign in fact.signs if sign.kind == "hidden_links"] == [host.partition("//")[2] for host in (origin, end)]


async def test_other_kinds_of_content_are_no_page(world: World) -> None:
    for kind, body in (("image/png", b"\x89PNG"), ("application/pdf", b"%PDF-1.7 <title>x</title>"), ("application/zip", b"PK")):
        origin = await world.serve("xa.test", reply(body, Content_Type=kind))
        fact = seen(await looked(await world.visitor(), origin))
        assert (fact.title, fact.words, fact.unfolded) == ("", 0, ())


async def test_markup_under_another_name_is_a_page_to_a_browser_that_sniffs(world: World) -> None:
    for kind in ("", "application/octet-stream", "text/plain"):
        origin = await world.serve("xa.test", reply(HOME, Content_Type=kind))
        assert seen(await looked(await world.visitor(), origin)).title == "Cổng thông tin xã Ví Dụ"


async def test_old_encodings_are_read(world: World) -> None:
    body = "<title>Thông báo</title>".encode("utf-16")
    origin = await world.serve("xa.test", reply(body, Content_Type="text/html"))
    assert seen(await looked(await world.visitor(), origin)).title == "Thông báo"
    origin = await world.serve("xa.test", reply(b"<title>\xff\xfe\x00\x9f</title>", Content_Type="text/html; charset=utf-8"))
    assert shown(seen(await looked(await world.visitor(), origin)).title) is not None


async def test_an_address_of_any_length_is_cut_in_the_fact_only(world: World) -> None:
    origin = await world.serve("xa.test", page("Xã"))
    fact = seen(await looked(await world.visitor(), origin, "/?q=" + "a" * 5000))
    assert len(fact.url) == len(fact.hops[0].url) == 2048
    assert len(world.servers[0].paths[0]) > 5000


async def test_a_failed_look_tells_in_one_line(world: World) -> None:
    origin = await world.serve("xa.test", moved("http://10.0.0.1/\x01\u202e"))
    fact = failed(await looked(await world.visitor(), origin))
    assert fact.detail.isprintable()
    assert "10.0.0.1" in fact.detail


async def test_every_exchange_is_there_for_the_evidence(world: World) -> None:
    end = await world.serve("away.test", page("Đích"))
    origin = await world.serve("xa.test", moved(end))
    look = await looked(await world.visitor(), origin)
    kept = [recorded(how, made) for how, made in look.exchanges]
    assert all(isinstance(one, Recorded) for one in kept)
    assert [(one.how, one.status, one.url, one.address) for one in kept] == [("asked", 302, f"{origin}/", "127.0.0.1"), ("http", 200, f"{end}/", "127.0.0.1")]
    assert ("Location", end) in kept[0].response_headers
    assert kept[1].body == look.exchanges[1][1].body
    assert [hop.digest for hop in look.fact.hops][1] == hashlib.sha256(kept[1].body).hexdigest()


async def test_a_frame_that_fills_the_page_is_where_the_visitor_is(world: World) -> None:
    end = await world.serve("away.test", page("Đích"))
    markup = f'<iframe src="{end}/vao" style="position:fixed;top:0;left:0;width:100%;height:100%;border:0"></iframe>'
    origin = await world.serve("xa.test", page("Xã", markup))
    fact = seen(await looked(await world.visitor(), origin))
    assert [(hop.how, hop.url) for hop in fact.hops][1:] == [("frame", f"{end}/vao")]


async def test_where_the_frame_fails_the_page_was_seen(world: World) -> None:
    markup = '<iframe src="http://www.xa.test:81/x" style="position:fixed;top:0;left:0;width:100%;height:100%;border:0"></iframe>'
    world.table.put("www.xa.test", ["127.0.0.1"])
    origin = await world.serve("xa.test", page("Xã", markup))
    fact = seen(await looked(await world.visitor(limits=None), origin))
    assert fact.title == "Xã"
    assert fact.hops[-1].how == "frame"


async def test_what_was_done_is_counted(world: World) -> None:
    origin = await world.serve("xa.test", page("Xã"))
    visitor = await world.visitor()
    await looked(visitor, origin)
    await looked(visitor, "http://10.0.0.1")
    assert (visitor.counts.looks, visitor.counts.requests) == (2, 1)
    assert visitor.counts.bytes > 100
    assert visitor.guard.refused == {"private": 1}


async def test_no_look_disturbs_another(world: World) -> None:
    """Fifty looks at once, each with its own end."""
    origins = [await world.serve(f"x{n}.test", page(f"Xã {n}")) for n in range(50)]
    visitor = await world.visitor()
    looks = await asyncio.gather(*(looked(visitor, origin) for origin in origins))
    assert [seen(look).title for look in looks] == [f"Xã {n}" for n in range(50)]


async def test_a_file_that_people_uploaded_is_read(world: World) -> None:
    body = b"%PDF-1.4 1 0 obj << /Contents 2 0 R /Annots [<< /A << /S /URI /URI (https://zzwin88.vip/vao) >> >>] >> endobj\n"
    body += b"2 0 obj << >> stream\nBT (nha cai uy tin, no hu doi thuong, dang ky nhan 88K) Tj ET\nendstream endobj %%EOF"
    origin = await world.serve("xa.test", reply(body, content_type="application/pdf"))
    fact = seen(await looked(await world.visitor(), origin, "/upload/ma.pdf"))
    assert {sign.kind for sign in fact.signs} == {"promotion", "promoted_links"}
    assert [hop.url for hop in fact.offered] == ["https://zzwin88.vip/vao"]
    assert (len(fact.hops), fact.links, fact.unfolded) == (1, ("zzwin88.vip",), ())
