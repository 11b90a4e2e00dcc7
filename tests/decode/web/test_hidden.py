"""Links, text and frames that nobody sees, in each way to hide them; and all that portals hide lawfully."""

import pytest

from collector.decode.web.read import read_page
from collector.decode.web.styles import hides, hiding_rules

OWN = "https://xa.tinh.gov.vn/"
LINKS = "".join(f"<a href='https://{name}.example/'>{name} sửa nhà</a>" for name in ("mot", "hai", "ba", "bon"))
SELLING = "<a href='https://tin-vui.example/'>nhà cái uy tín tặng 100k</a>"
OFFICES = "".join(f"<a href='https://{name}.gov.vn/'>{name}</a>" for name in ("bonoivu", "botuphap", "soyte.tinh", "ubnd.tinh"))

HIDING = [
    "display:none",
    "DISPLAY : NONE !important",
    "visibility:hidden",
    "opacity:0",
    "opacity: 0.01",
    "filter:alpha(opacity=0)",
    "font-size:0",
    "font-size:1px;line-height:1px",
    "text-indent:-9999px",
    "position:absolute;left:-9999px",
    "position:absolute; top:-2000px",
    "position:fixed;left:-500em",
    "position:absolute;left:99999px",
    "margin-left:-5000px",
    "height:0;overflow:hidden",
    "width:1px;height:1px;overflow:hidden",
    "max-height:0px;overflow:hidden",
    "position:absolute;clip:rect(0,0,0,0)",
    "clip: rect(1px 1px 1px 1px); position: absolute",
    "clip-path:inset(100%)",
    "clip-path: polygon(0px 0px,0px 0px,0px 0px)",
    "transform:scale(0)",
    "transform:translateX(-9999px)",
    "position:absolute;z-index:-1",
    "color:#fff;background:#ffffff",
    "color:white;background-color:rgb(255, 255, 255)",
    "color:transparent",
]


@pytest.mark.parametrize("style", HIDING)
def test_a_style_that_hides(style):
    assert hides(style)
    (sign,) = read_page(f"<p>Tin</p><div style='{style}'>{LINKS}</div>", OWN).signs
    assert (sign.kind, sign.hits, sign.gambling) == ("hidden_links", 4, False)
    assert sign.hosts == ("ba.example", "bon.example", "hai.example", "mot.example")


@pytest.mark.parametrize(
    "style",
    [
        "display:block",
        "display:nonexistent-nothing",
        "opacity:0.9",
        "font-size:12px",
        "font-size:0.9em",
        "text-indent:-10px",
        "text-indent:20px",
        "left:-20px;position:absolute",
        "left:-9999px",
        "margin:-15px",
        "height:0",
        "overflow:hidden",
        "width:100px;overflow:hidden",
        "clip:rect(0,100px,100px,0)",
        "transform:translateX(-50%)",
        "transform:scale(1)",
        "color:#fff;background:#004080",
        "color:#fff",
        "z-index:-1",
        "background:none;text-decoration:none",
        "",
        ";;;:::",
    ],
)
def test_a_style_that_shows(style):
    assert hides(style) == ""
    assert read_page(f"<div style='{style}'>{LINKS}</div>", OWN).signs == ()


@pytest.mark.parametrize(
    "box",
    [
        "<div hidden>{}</div>",
        "<noscript>{}</noscript>",
        "<marquee width=1 height=1>{}</marquee>",
        "<marquee height='1px' scrollamount=9000>{}</marquee>",
        "<div style='position:absolute;left:-9999px'><ul><li><span>{}</span></ul></div>",
        "<table><tr><td bgcolor=#FFFFFF><font color=white>{}</font></td></tr></table>",
        "<div style='background:#fff'><p><span style='color:#ffffff'>{}</span></p></div>",
        "<style>.a1{{display:none}}</style><div class=a1>{}</div>",
        "<style>#k, .b {{ position:absolute; left:-3000px }}</style><div id=k>{}</div>",
        "<style>div.w p.x span{{font-size:0}}</style><div class='w'><p class='y x'><b><span>{}</span></b></p></div>",
        "<style>/* .a{{}} */ @media screen{{.q{{color:red}}}} .z{{height:0;overflow:hidden}}</style><div class=z>{}</div>",
    ],
)
def test_a_box_that_hides(box):
    (sign,) = read_page("<p>Tin</p>" + box.format(LINKS), OWN).signs
    assert (sign.kind, sign.hits) == ("hidden_links", 4)
    assert read_page(box.format(SELLING), OWN).signs[-1].gambling


@pytest.mark.parametrize(
    "box",
    [
        "<nav><ul class='sub-menu' style='display:none'>{}</ul></nav>",
        "<div class='tab-pane' style='display:none'>{}</div>",
        "<div class='carousel-item' style='opacity:0'>{}</div>",
        "<div class='modal fade' style='display:none'>{}</div>",
        "<div id='p_p_id_56_' class='portlet' style='display:none'>{}</div>",
        "<div class='dropdown-menu' hidden>{}</div>",
        "<style>@media print{{.p{{display:none}}}}</style><div class=p>{}</div>",
        "<style>.p:hover{{display:none}} .p>.q+a{{display:none}}</style><div class=p>{}</div>",
        "<div>{}</div>",
        "<table bgcolor=#003366><tr><td><font color=white>{}</font></td></tr></table>",
        "<div style='color:#fff'>{}</div>",
        "<template>{}</template>",
    ],
)
def test_what_waits_to_be_opened(box):
    assert read_page(box.format(LINKS), OWN).signs == ()


@pytest.mark.parametrize("box", ["<ul class='sub-menu' style='display:none'>{}</ul>", "<div class='tab-pane' style='display:none'>{}</div>"])
def test_even_there_links_that_sell_are_told(box):
    assert [(sign.kind, sign.gambling) for sign in read_page(box.format(SELLING), OWN).signs if sign.kind == "hidden_links"] == [("hidden_links", True)]


@pytest.mark.parametrize(
    "links",
    [
        OFFICES,
        "<a href='/a'>a</a><a href='https://xa.tinh.gov.vn/b'>b</a><a href='#noi-dung'>Bỏ qua</a>",
        "<a href='https://facebook.com/x'>f</a><a href='https://zalo.me/1'>z</a><a href='https://www.youtube.com/c'>y</a><a href='https://twitter.com/c'>t</a>",
        "<a href='https://mot.example/1'>a</a><a href='https://mot.example/2'>b</a><a href='https://mot.example/3'>c</a>",
        "<a href='https://mot.example/1'>a</a><a href='https://hai.example/2'>b</a>",
        "<a href='https://x.example/share?url=https://xa.tinh.gov.vn/'>a</a><a href='https://y.example/s?u=1'>b</a><a href='https://z.example/?title=1'>c</a>",
    ],
)
def test_links_that_may_be_hidden(links):
    assert read_page(f"<div style='position:absolute;left:-9999px'>{links}</div>", OWN).signs == ()


def test_links_to_a_bookmaker_s_name():
    found = read_page("<div style='display:none'><a href='https://sao88bet.vip/'></a></div>", OWN).signs
    assert [(sign.kind, sign.gambling) for sign in found if sign.kind == "hidden_links"] == [("hidden_links", True)]


def test_links_to_hacked_offices_are_told_by_what_they_say():
    links = "".join(f"<a href='https://{name}.gov.vn/'>tài xỉu online tặng 100k, nhà cái uy tín</a>" for name in ("so1", "so2"))
    assert "hidden_links" in {sign.kind for sign in read_page(f"<div style='display:none'>{links}</div>", OWN).signs}


def test_hidden_text_that_sells():
    text = "Nhà cái uy tín số 1, đăng ký nhận ngay 100k, nổ hũ đổi thưởng, tài xỉu online, link vào không bị chặn"
    found = {sign.kind: sign for sign in read_page(f"<p>Tin tức</p><div id=an style='font-size:0'>{text}</div>", OWN).signs}
    assert found["hidden_text"].gambling
    assert found["hidden_text"].where == "div#an"


@pytest.mark.parametrize(
    "frame",
    [
        "<iframe src='https://la.example/' width=0 height=0></iframe>",
        "<iframe src='https://la.example/' width='1' height='1'></iframe>",
        "<iframe src='//la.example/' style='width:1px;height:1px;border:0'></iframe>",
        "<iframe src='https://la.example/' style='display:none'></iframe>",
        "<div style='position:absolute;top:-9999px'><iframe src='https://la.example/' width=500 height=300></iframe></div>",
    ],
)
def test_frames_that_nobody_sees(frame):
    (sign,) = read_page(f"<p>Tin</p>{frame}", OWN).signs
    assert (sign.kind, sign.hosts) == ("hidden_frame", ("la.example",))


@pytest.mark.parametrize(
    "frame",
    [
        "<noscript><iframe src='https://www.googletagmanager.com/ns.html?id=G' height='0' width='0' style='display:none'></iframe></noscript>",
        "<iframe src='https://www.google.com/recaptcha/api2/anchor' style='display:none'></iframe>",
        "<iframe src='https://www.facebook.com/tr?id=1' width=1 height=1></iframe>",
        "<iframe src='/dang-nhap/kiem-tra' width=0 height=0></iframe>",
        "<iframe src='https://sso.tinh.gov.vn/check' style='display:none'></iframe>",
        "<iframe src='about:blank' width=0 height=0></iframe>",
        "<iframe src='https://ban-do.example/' width=600 height=400></iframe>",
    ],
)
def test_frames_of_ordinary_pages(frame):
    assert read_page(f"<p>Tin tức</p>{frame}", OWN).signs == ()


def test_rules_of_a_sheet():
    sheet = "@charset 'x'; a{color:red} .x,.y b{display:none} @media (min-width:1px){.m{display:none}} @font-face{src:a} #z{opacity:0}"
    found = [(rule.parts, rule.means) for rule in hiding_rules(sheet)]
    assert found == [
        ((("", frozenset({".x"})),), "display: none"),
        ((("", frozenset({".y"})), ("b", frozenset())), "display: none"),
        ((("", frozenset({"#z"})),), "opacity: 0"),
    ]


@pytest.mark.parametrize("sheet", ["{", "}", "a{", "@media{", "@media{{{{", "a}b{c", "/*", "{display:none", ".a{display:none", "\ud800{opacity:0}"])
def test_broken_sheets_are_passed_over(sheet):
    assert len(list(hiding_rules(sheet))) <= 1
