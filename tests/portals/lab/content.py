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
FILES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        CONTENT.style,
        (
            "/css/style.css", "/o/cong-theme/css/main.css", "/Portals/_default/default.css", "/_layouts/15/1066/styles/Themable/corev15.css",
            "/wp-includes/css/dist/block-library/style.min.css",
        ),
    ),
    (
        CONTENT.script,
        (
            "/js/jquery.min.js", "/o/cong-theme/js/jquery.min.js", "/Resources/Shared/Scripts/jquery/jquery.min.js",
            "/wp-includes/js/jquery/jquery.min.js",
        ),
    ),
    (
        CONTENT.own_script,
        ("/js/cong.js", "/_layouts/15/init.js", "/wp-content/themes/congthongtin/js/navigation.js", "/wp-includes/js/wp-emoji-release.min.js"),
    ),
)  # fmt: skip
