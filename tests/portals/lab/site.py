"""The files of one host: a portal in its look, with what the case inserts, adds, lays over and turns into other encodings."""

from __future__ import annotations

import html
import re
from pathlib import Path

from tests.portals.lab import content
from tests.portals.lab.case import Found, Insert
from tests.portals.lab.content import Article
from tests.portals.lab.encodings import turned

LOOKS = Path(__file__).parent / "looks"
SLOTS = ("head-start", "head-end", "body-start", "main-end", "body-end")
DESCRIPTION = "Cổng thông tin điện tử {name}: tin tức, thủ tục hành chính, văn bản, lịch công tác"


def build(found: Found, host: str, tree: Path) -> None:
    """Writes everything that nginx serves for `host` below `tree`."""
    server = found.server(host)
    if server.look != "none":
        _portal(found, host, tree)
    _lay_over(found.files(server.site_of or host) / "site", tree)
    for insert in _of(found, found.case.insert, host):
        _edit(found, insert, tree)
    for turn in found.case.turn:
        if (turn.host or found.case.hosts[0]) == host:
            file = tree / turn.file
            file.write_bytes(turned(file.read_text(), turn.into))


def _of(found: Found, inserts: tuple[Insert, ...], host: str) -> list[Insert]:
    return [insert for insert in inserts if (insert.host or found.case.hosts[0]) == host]


def _portal(found: Found, host: str, tree: Path) -> None:
    mains = [*content.PAGES, *_news(host)]
    _file(tree, "/index.html", page(found, host, "/", "Trang chủ", _home(host)))
    _file(
        tree,
        "/404.html",
        page(found, host, "/404.html", "Không tìm thấy trang", "<h3>Không tìm thấy trang</h3><p>Địa chỉ không tồn tại hoặc đã được gỡ bỏ.</p>"),
    )
    for article in mains:
        _file(tree, f"{article.path}.html", page(found, host, article.path, article.title, _told(article)))
    added = [own for own in found.case.page if (own.host or found.case.hosts[0]) == host]
    for own in added:
        name = "/index.html" if own.path == "/" else own.path if re.search(r"\.\w+$", own.path) else f"{own.path.rstrip('/')}.html"
        _file(tree, name, page(found, host, own.path, own.title, (found.folder / own.file).read_text(), own.description))
    paths = ["/", *(article.path for article in mains), *(own.path for own in added)]
    locations = "".join(f"<url><loc>https://{host}{path}</loc><lastmod>2026-11-0{1 + n % 9}</lastmod></url>\n" for n, path in enumerate(paths))
    _file(tree, "/sitemap.xml", f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{locations}</urlset>\n')
    _file(tree, "/robots.txt", f"User-agent: *\nDisallow: /quan-tri/\nSitemap: https://{host}/sitemap.xml\n")
    for path, text in content.FILES[found.server(host).look]:
        _file(tree, path, text)


def page(found: Found, host: str, path: str, title: str, main: str, description: str = "") -> str:
    """One page of the host's portal, with the case's inserts in their slots."""
    server = found.server(host)
    inserts = _of(found, found.case.insert, host)
    slots = {
        slot: "\n".join(
            (found.folder / insert.file).read_text().rstrip("\n") for insert in inserts if insert.at == slot and (path in insert.pages or "*" in insert.pages)
        )
        for slot in SLOTS
    }
    values = {
        **slots, "host": host, "path": path, "title": html.escape(title), "name": html.escape(server.name), "main": main,
        "description": html.escape(description or DESCRIPTION.format(name=server.name)), "menu": _menu(), "side": _side(host), "links": _links(), "foot": "",
    }  # fmt: skip
    return re.sub(r"\{\{([a-z-]+)\}\}", lambda slot: values[slot[1]], (LOOKS / f"{server.look}.html").read_text())


def _edit(found: Found, insert: Insert, tree: Path) -> None:
    """Bytes before or behind a file that is no page: a script, robots.txt."""
    if insert.at not in {"file-start", "file-end"}:
        return
    added = (found.folder / insert.file).read_bytes()
    for name in insert.pages:
        file = tree / name.lstrip("/")
        file.write_bytes(added + file.read_bytes() if insert.at == "file-start" else file.read_bytes() + added)


def _lay_over(site: Path, tree: Path) -> None:
    for file in sorted(site.rglob("*")) if site.is_dir() else ():
        if file.is_file():
            target = tree / file.relative_to(site)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_bytes())


def _file(tree: Path, path: str, text: str) -> None:
    target = tree / path.lstrip("/")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text)


def _news(host: str) -> list[Article]:
    """Every portal has its own choice of the notices, in its own order."""
    start = sum(host.encode()) % len(content.NEWS)
    return [content.NEWS[(start + n) % len(content.NEWS)] for n in range(4)]


def _told(article: Article) -> str:
    return f"<h3>{article.title}</h3>\n" + "\n".join(f"<p>{paragraph}</p>" for paragraph in article.paragraphs)


def _link(article: Article) -> str:
    return f'<a href="{article.path}">{article.title}</a>'


def _home(host: str) -> str:
    news = "\n".join(f'<div class="tin"><h4>{_link(article)}</h4><p>{article.paragraphs[0]}</p></div>' for article in _news(host))
    return f'<h3>Tin mới</h3>\n{news}\n<p><a href="/tin-tuc">Xem tất cả tin</a></p>'


def _menu() -> str:
    inner = "".join(f"<li>{_link(article)}</li>" for article in content.PAGES)
    below = '<ul><li><a href="/van-ban/nghi-quyet">Nghị quyết</a></li><li><a href="/van-ban/ke-hoach">Kế hoạch</a></li></ul>'
    return f'<li><a href="/">Trang chủ</a></li>{inner}<li><a href="#">Văn bản</a>{below}</li>'


def _side(host: str) -> str:
    items = "".join(f"<li>{_link(article)}</li>" for article in reversed(_news(host)))
    plans = '<div class="hop"><h4>Văn bản chỉ đạo</h4><p>Kế hoạch cải cách hành chính năm 2026</p></div>'
    return f'<div class="hop"><h4>Tin đọc nhiều</h4><ul>{items}</ul></div>{plans}'


def _links() -> str:
    options = "".join(f'<option value="{url}">{name}</option>' for url, name in content.LINKS)
    chosen = 'onchange="if (this.value) window.open(this.value)"'
    return f'<div class="hop"><h4>Liên kết website</h4><select {chosen}><option value="">Chọn liên kết</option>{options}</select></div>'
