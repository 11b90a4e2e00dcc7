"""What a page says is judged box by box: what was put in is found, and what is news stays news."""

import pytest

from collector.decode.web.read import read_page, read_text

OWN = "https://xa.tinh.gov.vn/tin-tuc"
PROMOTION = "Nhà cái uy tín số 1 châu Á, đăng ký nhận ngay 100k, nổ hũ đổi thưởng, tài xỉu online, nạp rút siêu tốc, link vào không bị chặn"
NEWS = (
    "Công an tỉnh vừa triệt phá đường dây tổ chức đánh bạc qua mạng, khởi tố 12 bị can. Theo cơ quan điều tra, các đối tượng lập trang cá độ bóng đá, tài xỉu, "
    "xóc đĩa và lôi kéo người chơi bằng lời mời đăng ký nhận thưởng. Viện kiểm sát đã phê chuẩn lệnh bắt tạm giam các bị can."
)
ORDINARY = "<p>Lịch tiếp công dân của Chủ tịch Ủy ban xã trong tháng này như sau, kính mời bà con đến đúng giờ tại bộ phận một cửa.</p>" * 6


def kinds(markup, url=OWN):
    return {sign.kind for sign in read_page(markup, url).signs}


def test_an_ordinary_page_says_nothing():
    reading = read_page(f"<html lang=vi><title>Cổng thông tin xã</title><body><h1>Tin tức</h1>{ORDINARY}</body></html>", OWN)
    assert reading.signs == ()


@pytest.mark.parametrize(
    "box",
    ["<div id=chan>{}</div>", "<footer><p>{}</p></footer>", "<table><tr><td>{}</td></tr></table>", "<ul><li>{}</li></ul>", "<div><span><b>{}</b></span></div>"],
)
def test_a_box_that_sells_on_an_ordinary_page(box):
    found = read_page(f"<body>{ORDINARY}{box.format(PROMOTION)}</body>", OWN).signs
    assert [(sign.kind, sign.gambling) for sign in found] == [("promotion", True)]
    assert found[0].where


def test_a_box_that_sells_beside_news_of_the_police():
    article = f"<div id=bai><h2>Triệt phá đường dây đánh bạc</h2><p>{NEWS}</p></div>"
    markup = f"<body>{article}<div id=chan><p>{PROMOTION} <a href='https://dich.example/'>tại đây</a></p></div></body>"
    found = [sign for sign in read_page(markup, OWN).signs if sign.kind == "promotion"]
    assert [sign.where for sign in found] == ["div#chan"]


def test_news_of_the_police_is_a_topic_at_most():
    paragraphs = "".join(f"<p>{sentence}.</p>" for sentence in NEWS.split(". "))
    for markup in (f"<div>{NEWS}</div>", f"<article>{paragraphs}</article>", f"<title>Triệt phá đường dây đánh bạc nghìn tỷ</title><div>{paragraphs}</div>"):
        assert kinds(markup) <= {"topic"}


def test_a_quotation_in_news_is_excused_by_what_stands_around_it():
    quoted = "<div class=trich>“Nhà cái uy tín, đăng ký nhận 100k, tài xỉu online”</div>"
    assert kinds(f"<article><div>{NEWS}</div>{quoted}<div>{NEWS}</div></article>") <= {"topic"}


@pytest.mark.parametrize(
    "head",
    [
        "<title>SAO88 - Nhà cái uy tín, đăng nhập tặng 100k</title>",
        "<title>Cổng thông tin</title><meta name=description content='Nhà cái uy tín, nổ hũ đổi thưởng, tặng 100k trải nghiệm'>",
        "<title>Cổng</title><meta property='og:title' content='Tài xỉu online đổi thưởng, link vào nhà cái uy tín'>",
        "<title>Cổng</title><meta name=keywords content='slot gacor, situs slot online'>",
    ],
)
def test_titles(head):
    found = read_page(f"<html><head>{head}</head><body>{ORDINARY}</body></html>", OWN).signs
    assert {sign.kind for sign in found} == {"promoted_title"}
    assert all(sign.gambling for sign in found)


def test_headings():
    assert "promoted_title" in kinds(f"<body><h1>Nhà cái uy tín tặng 100k</h1>{ORDINARY}</body>")


def test_links_in_plain_sight():
    links = "".join(
        f"<a href='https://{name}.example/'>{text}</a> " for name, text in (("mot", "nhà cái uy tín tặng 100k"), ("hai", "link vào nhà cái mới nhất"))
    )
    (sign,) = [sign for sign in read_page(f"<body>{ORDINARY}<div id=lk>{links}</div></body>", OWN).signs if sign.kind == "promoted_links"]
    assert (sign.gambling, sign.hosts) == (True, ("hai.example", "mot.example"))


def test_links_by_the_names_they_lead_to():
    links = "<a href='https://sao88bet.vip/'>Trang một</a><a href='https://vui68bet.win/'>Trang hai</a>"
    assert "promoted_links" in kinds(f"<body>{ORDINARY}<p>{links}</p></body>")


def test_website_links_of_offices():
    links = "".join(f"<a href='https://{name}.gov.vn'>{name}</a>" for name in ("chinhphu", "bocongan", "tinh", "dichvucong"))
    assert kinds(f"<body>{ORDINARY}<ul>{links}</ul></body>") == set()


def test_other_writing_systems():
    shop = "激安通販ブランド品送料無料正規品楽天市場偽物なし最新作続々入荷お買い得セール中です" * 4
    found = read_page(f"<html lang=vi><title>{shop[:20]}</title><body><p>{shop}</p></body></html>", OWN).signs
    assert "other_script" in {sign.kind for sign in found}


def test_a_page_that_offers_the_language():
    text = "日本との友好都市交流について、市長が代表団を歓迎しました。今後も文化と経済の交流を進めてまいります。" * 3
    switch = "<a href='/vi/'>VI</a><a href='/ja/'>日本語</a>"
    assert "other_script" not in kinds(f"<body>{switch}<p>{text}</p></body>")


def test_a_word_in_another_script_is_nothing():
    assert kinds(f"<body>{ORDINARY}<p>Thành phố kết nghĩa 横浜市 (Nhật Bản)</p></body>") == set()


@pytest.mark.parametrize(
    ("tag", "host", "gambling"),
    [
        ("<link rel=canonical href='https://khac.example/'>", "khac.example", False),
        ("<link rel=alternate hreflang=id href='https://khac.example/id'>", "khac.example", False),
        ("<link rel=amphtml href='//khac.example/amp'>", "khac.example", False),
        ("<base href='https://khac.example/'>", "khac.example", False),
        ("<meta property=og:url content='https://khac.example/'>", "khac.example", False),
        ("<link rel=canonical href='https://sao88bet.vip/'>", "sao88bet.vip", True),
        ("""<script type="application/ld+json">{"@graph":[{"@type":"WebPage","url":"https://khac.example/x"}]}</script>""", "khac.example", False),
    ],
)
def test_tags_that_name_another_host(tag, host, gambling):
    found = [sign for sign in read_page(f"<html><head>{tag}</head><body>{ORDINARY}</body></html>", OWN).signs if sign.kind == "foreign_tag"]
    assert [(sign.hosts, sign.gambling) for sign in found] == [((host,), gambling)]


@pytest.mark.parametrize(
    "tag",
    [
        f"<link rel=canonical href='{OWN}'>",
        "<link rel=canonical href='https://www.tinh.gov.vn/tin'>",
        "<link rel=stylesheet href='https://khac.example/a.css'>",
        "<link rel=alternate type='application/rss+xml' href='https://khac.example/rss'>",
        """<script type="application/ld+json">{"@type":"Organization","url":"/","sameAs":["https://facebook.com/x"],"logo":{"url":"https://anh.example/l.png"}}</script>""",
        "<script type='application/ld+json'>{broken</script>",
        f"<script type='application/ld+json'>{'[' * 5000}</script>",
    ],
)
def test_tags_that_portals_have(tag):
    assert kinds(f"<html><head>{tag}</head><body>{ORDINARY}</body></html>") == set()


def test_goods_on_a_portal():
    data = '{"@type":"Product","name":"Ghế","offers":{"@type":"Offer"},"aggregateRating":{"@type":"AggregateRating","ratingValue":"4.9"}}'
    (sign,) = read_page(f"<head><script type='application/ld+json'>{data}</script></head><body>{ORDINARY}</body>", OWN).signs
    assert (sign.kind, sign.value) == ("product", "AggregateRating, Offer, Product")


def test_rings_of_keywords():
    ring = "".join(f"<a href='/{name}-dang-nhap'>tiếp</a>" for name in ("sao88", "vui68bet", "rong88", "maytoto", "sao68bet", "rong99bet"))
    assert "doorway" in kinds(f"<body>{ORDINARY}<div>{ring}</div></body>")


def test_addresses_of_a_kit():
    ring = "".join(
        f"<a href='https://{sub}.{name}.example/{number}/viewspace-{number}.html'>tin</a>"
        for sub, name, number in (("qwr", "mot", 123456), ("zxc", "hai", 223456), ("plm", "ba", 323456))
    )
    assert "doorway" in kinds(f"<body>{ORDINARY}<div>{ring}</div></body>")


def test_a_template_left_unfilled():
    assert "doorway" in kinds(f"<head><title>{{{{BRAND_NAME}}}}</title></head><body>{ORDINARY}</body>")
    assert kinds(f"<head><title>Xã</title></head><body>{ORDINARY}<p>{{{{ item.name }}}}</p></body>") == set()


@pytest.mark.parametrize(
    "markup",
    [
        "<object id='qzkxwvbtrl' classid='clsid:d27cdb6e-ae6d-11cf-96b8-444553540000' width=300><param name=movie value='/x/aB3dE6fG9.swf'></object>",
        "<object type='application/x-shockwave-flash' data='http://a1b.c2d.e3f.g4h.vi.example/'></object>",
        "<applet archive='/k3J9x2Lp.php' code='a' width=1 height=1></applet>",
        "<embed type='application/x-java-applet' src='http://q1.w2e.r3t.y4u.lanh.example/load' width='1' height='1'>",
    ],
)
def test_loaders_of_exploit_kits(markup):
    assert "exploit" in kinds(f"<html><body>{markup}</body></html>")


@pytest.mark.parametrize(
    "markup",
    [
        "<object classid='clsid:d27cdb6e-ae6d-11cf-96b8-444553540000' width=468 height=60><param name=movie value='/Portals/0/banner_ubndtp2019.swf'></object>",
        "<embed src='/flash/gioithieu.swf' type='application/x-shockwave-flash' width=900 height=200>",
        "<object data='/van-ban/quyet-dinh.pdf' type='application/pdf' width=800 height=900></object>",
        "<object data='https://www.youtube.com/v/aB3dE6fG9' type='application/x-shockwave-flash'></object>",
        "<embed src='https://web.archive.org/web/20120101000000oe_/http://www.youtube.com/v/aB3dE6fG9&hl=en' type='application/x-shockwave-flash'>",
        "<embed src='/web/20120101000000oe_/http://www.youtube.com/v/aB3dE6fG9&hl=en' type='application/x-shockwave-flash'>",
    ],
)
def test_plug_ins_of_old_portals(markup):
    assert kinds(f"<html><body>{ORDINARY}{markup}</body></html>") == set()


def test_hosts_with_a_bookmaker_s_name():
    found = read_page(f"<body>{ORDINARY}<script src='https://cdn.sao88bet.vip/a.js'></script></body>", OWN).signs
    assert [(sign.kind, sign.hosts, sign.gambling) for sign in found] == [("brand_host", ("cdn.sao88bet.vip",), True)]


def test_text_by_itself():
    assert [(sign.kind, sign.gambling) for sign in read_text(PROMOTION).signs] == [("promotion", True)]
    assert {sign.kind for sign in read_text(NEWS).signs} <= {"topic"}
    reading = read_text("Lịch tiếp công dân")
    assert (reading.signs, reading.words) == ((), 4)
    assert reading.text != 0


def test_a_quotation_in_a_notice_of_the_police_is_a_topic_at_most():
    notice = (
        "<div><p>Công an tỉnh khởi tố, bắt tạm giam 12 bị can về tội tổ chức đánh bạc, thu giữ tang vật, cảnh báo người dân về thủ đoạn lừa đảo "
        "chiếm đoạt tài sản.</p><blockquote>“Nhà cái uy tín số 1, nạp rút siêu tốc, đăng ký nhận ngay 100K”</blockquote>"
        "<p>Cơ quan điều tra đề nghị người dân không truy cập các đường dẫn như trên, báo ngay cho công an xã để xử lý theo pháp luật.</p></div>"
    )
    assert {sign.kind for sign in read_page(notice, "https://xa.tinh.gov.vn/").signs} <= {"topic"}


def test_a_line_that_sells_amid_a_long_text_is_found():
    text = "Lịch tiếp công dân của ủy ban nhân dân xã trong tháng sáu.\n" * 80 + "Lux79 nhà cái uy tín, link vào không bị chặn, nạp rút siêu tốc\n"
    assert [(sign.kind, sign.where, sign.gambling) for sign in read_text(text).signs] == [("promotion", "line 81", True)]


@pytest.mark.parametrize(
    ("markup", "url", "told"),
    [
        ("<html lang=ja><p>" + "友好都市の代表団が訪問しました。" * 20, "https://www.city.test/", False),
        ("<html lang=ja><p>" + "友好都市の代表団が訪問しました。" * 20, "https://xa.tinh.gov.vn/", True),
        ("<html lang=vi><p>" + "友好都市の代表団が訪問しました。" * 20, "https://www.city.test/", True),
        (
            "<p>Ủy ban nhân dân xã thông báo lịch tiếp công dân, đề nghị bà con đến đúng giờ để được hướng dẫn." + "友好都市の代表団。" * 40,
            "https://xa.test/",
            True,
        ),
    ],
)
def test_other_letters_stand_out_on_a_vietnamese_page_only(markup, url, told):
    assert ("other_script" in {sign.kind for sign in read_page(markup, url).signs}) is told
