"""What the made-up portals say when nothing is wrong: menus, notices and news of a commune where nobody is named (content.toml)."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec


class Article(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One page of a portal: `path` below the root, title, paragraphs."""

    path: str
    title: str
    paragraphs: tuple[str, ...]


class Content(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything in content.toml; `links` as (URL, name), scripts and style as text."""

    page: tuple[Article, ...]
    news: tuple[Article, ...]
    links: tuple[tuple[str, str], ...]
    script: str
    own_script: str
    style: str


CONTENT = msgspec.convert(tomllib.loads((Path(__file__).parent / "content.toml").read_text()), Content)
PAGES, NEWS, LINKS = CONTENT.page, CONTENT.news, CONTENT.links

# Where each look has its style, its library and its own script.
FILES: dict[str, tuple[tuple[str, str], ...]] = {
    "liferay": (("/o/cong-theme/css/main.css", CONTENT.style), ("/o/cong-theme/js/jquery.min.js", CONTENT.script)),
    "dnn": (("/Portals/_default/default.css", CONTENT.style), ("/Resources/Shared/Scripts/jquery/jquery.min.js", CONTENT.script)),
    "sharepoint": (("/_layouts/15/1066/styles/Themable/corev15.css", CONTENT.style), ("/_layouts/15/init.js", CONTENT.own_script)),
    "wordpress": (
        ("/wp-includes/css/dist/block-library/style.min.css", CONTENT.style),
        ("/wp-includes/js/jquery/jquery.min.js", CONTENT.script),
        ("/wp-includes/js/wp-emoji-release.min.js", CONTENT.own_script),
        ("/wp-content/themes/congthongtin/js/navigation.js", CONTENT.own_script),
    ),
    "own": (("/css/style.css", CONTENT.style), ("/js/jquery.min.js", CONTENT.script), ("/js/cong.js", CONTENT.own_script)),
}
