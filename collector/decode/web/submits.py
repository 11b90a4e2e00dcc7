"""Forms of the page that a script sends off by itself: the one way on whose target stands in the markup and not in the script."""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.decode.web.page import Element, Page, Script
from collector.decode.web.ways import Way

_SUBMIT = re.compile(
    r"""(?:forms\s*\[\s*(?P<index>\d{1,3})\s*\]|forms\s*(?:\[\s*["']|\.\s*|\.namedItem\(\s*["'])(?P<name>[\w-]+)(?:["']\s*[\])])?"""
    r"""|getElementById\(\s*["'](?P<id>[\w-]+)["']\s*\)|document\s*\.\s*(?P<short>[\w-]+)|\bform\b["']?\s*\)|(?P<variable>\b[A-Za-z_$][\w$]*))"""
    r"""(?:\s*\[\s*0\s*\])?\s*\.\s*(?:submit|requestSubmit|trigger\(\s*["']submit["'])\s*\(?\s*\)"""
)
# A function that holds the call runs by itself where one of these calls it.
_BY_ITSELF = re.compile(r"onload|DOMContentLoaded|setTimeout|\.ready\s*\(|\$\s*\(\s*function|\(\s*function[^)]*\)\s*\{|=>")
_ASKED = re.compile(r"onclick|onchange|onsubmit|addEventListener\s*\(\s*[\"'](?:click|change|submit|keyup|keydown)|\.(?:click|change|on)\s*\(")
_MOST_CODE = 20_000
# What each of these ends in; a form's own button says `submit` too.
_SENT = re.compile(r"""\.\s*(?:submit|requestSubmit|trigger\(\s*["']submit["'])\s*\(?\s*\)""")


def submitted(page: Page, script: Script) -> Iterator[Way]:
    """Ways that one script sends forms of the page."""
    if not page.forms or "ubmit" not in script.code:
        return
    code = script.code[:_MOST_CODE]
    if not _SENT.search(code):
        return
    for found in _SUBMIT.finditer(code):
        before = code[: found.start()]
        inside = before.count("{") > before.count("}")
        form = _form(page, found)
        if form is None or (inside and (_ASKED.search(before) or not _BY_ITSELF.search(code))):
            continue
        if address := page.join(form.ref):
            yield Way("form", address, automatic=not script.handler or script.handler in ("onload", "onpageshow", "onerror"), folded="submit")


def _form(page: Page, found: re.Match[str]) -> Element | None:
    """The form meant: by number, name or id; the only one where a variable or a selector stands for it."""
    if found["index"]:
        place = int(found["index"])
        return page.forms[place] if place < len(page.forms) else None
    name = found["name"] or found["id"] or found["short"]
    if name and name != "forms":
        return next((form for form in page.forms[:50] if name in (form.node.attributes.get("name"), form.node.attributes.get("id"))), None)
    return page.forms[0] if len(page.forms) == 1 else None
