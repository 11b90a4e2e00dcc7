"""Targets that are kept elsewhere in the page, or in a file beside it, and decoded: they cannot be folded, and are told so that the page is rendered."""

from __future__ import annotations

import pytest

from collector.decode.web.javascript.fold import fold

HIDDEN = [
    "location.replace(document.body.dataset.x.split('').reverse().join(''))",
    "fetch('/a.json').then(function(r){return r.json()}).then(function(d){location.replace(d.u.map(function(n){return String.fromCharCode(n-3)}).join(''))})",
    "fetch('/a.txt').then(r=>r.text()).then(t=>{location=t.split(',').map(n=>String.fromCodePoint(n^7)).join('')})",
    "var v=getComputedStyle(document.body).getPropertyValue('--x');window.location='https://'+v.split('').reverse().join('')+'/'",
    "window.addEventListener('load',function(){location='https://'+getComputedStyle(document.body).getPropertyValue('--x')})",
    "location.href='//'+document.querySelector('#k').textContent+'/vao'",
]
OPEN = [
    "fetch('/lang').then(r=>r.text()).then(t=>{location.href=t})",
    "location='https://'+location.hostname.replace('www.','')+'/'",
    "location.href=document.querySelector('#next').value",
    "document.getElementById('lien-ket').onchange=function(){location.href='https://'+this.value}",
    "$('#lien-ket').change(function(){window.location='https://'+$(this).val()})",
    "var d=[].slice.call(document.querySelectorAll('li')).reverse();d.forEach(function(li){li.parentNode.appendChild(li)})",
]


@pytest.mark.parametrize("source", HIDDEN)
def test_what_is_kept_elsewhere_is_unknown_and_not_nothing(source: str) -> None:
    assert fold(source).unknown


@pytest.mark.parametrize("source", OPEN)
def test_pages_go_where_their_own_elements_say(source: str) -> None:
    assert fold(source).unknown == ()
