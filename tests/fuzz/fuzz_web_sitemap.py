"""Hostile sitemaps."""

from collector.decode.web.sitemap import MOST, read_sitemap

SEEDS = (
    b"<?xml version='1.0'?><urlset><url><loc>https://xa.tinh.gov.vn/a?b&amp;c</loc><xhtml:link href='//x.example'/></url><url><loc>/d</loc></url></urlset>",
    b"<sitemapindex><sitemap><loc><![CDATA[https://xa.tinh.gov.vn/a.xml]]></loc></sitemap></sitemapindex>",
    b"\xef\xbb\xbfhttps://xa.tinh.gov.vn/a\r\nhttps://x.example/sao88-login-01\n",
)


def fuzz_one(data: bytes) -> None:
    for url in ("https://xa.tinh.gov.vn/sitemap.xml", ""):
        found = read_sitemap(data, url)
        assert len(found.entries) + len(found.children) <= MOST
        assert "" not in (*found.entries, *found.children)
