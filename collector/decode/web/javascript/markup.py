"""Markup that a script writes: only what is needed to know whether it is whole, and what stands in for its unknown pieces."""

from __future__ import annotations

import re

from collector.decode.web.javascript.holes import HOLE, has_hole, plain_target

_ADDRESS = re.compile(r"\b(src|href|action|data|srcdoc|url)(\s*=\s*[\"']?)([^\"'>\s]{0,4096})", re.IGNORECASE)
_LOADING = re.compile(r"<(?:script|i?frame|embed|object|meta)\b[^<>]{0,4096}\Z", re.IGNORECASE)
_SCRIPT = re.compile(r"<script\b([^<>]{0,4096})>(.*?)(?:</script|\Z)", re.IGNORECASE | re.DOTALL)
_NO_CODE = re.compile(r"\bsrc\s*=|\btype\s*=\s*[\"']?(?!text/javascript|application/(?:x-)?javascript|module)[\w/+.-]+", re.IGNORECASE)
_TELLING = re.compile(r"//[\w-]+\.|<script|<i?frame|<meta|<object|<embed|<base|javascript:", re.IGNORECASE)
_MAX_SCRIPTS = 8


def is_open(text: str) -> bool:
    """Whether a tag or a script was begun and not ended."""
    lower = text.lower()
    return text.rfind("<") > text.rfind(">") or lower.rfind("<script") > lower.rfind("</script")


def is_telling(text: str) -> bool:
    """Whether markup leads to another host or loads something."""
    return _TELLING.search(text) is not None


def filled(text: str) -> tuple[str, str]:
    """The markup without holes, and the first address of something loaded whose host is a hole (empty for none)."""
    if not has_hole(text):
        return text, ""
    unknown = ""

    def address(found: re.Match[str]) -> str:
        nonlocal unknown
        if not has_hole(found[3]):
            return found[0]
        target = plain_target(found[3])
        if target is None and not unknown and _LOADING.search(text[max(0, found.start() - 4200) : found.start()]):
            unknown = found[3]
        return f"{found[1]}{found[2]}{target or ''}"

    return HOLE.sub("", _ADDRESS.sub(address, text)), unknown


def inline_scripts(text: str) -> list[str]:
    """The code of scripts within markup."""
    if "<script" not in text.lower():
        return []
    found = [match[2] for match in _SCRIPT.finditer(text) if match[2].strip() and not _NO_CODE.search(match[1])]
    return found[:_MAX_SCRIPTS]
