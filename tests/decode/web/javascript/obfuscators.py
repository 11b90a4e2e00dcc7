"""What kits do to a script to hide it, each a function from code to code that does the same."""

from __future__ import annotations

import base64
from collections.abc import Callable

_BASE = "0123456789abcdefghijklmnopqrstuvwxyz"


def quoted(text: str) -> str:
    """The text as a literal."""
    return '"' + "".join(f"\\x{ord(letter):02x}" if letter in '"\\\n<' else letter for letter in text) + '"'


def codes(text: str, change: Callable[[int], int] = lambda code: code) -> str:
    return "[" + ",".join(str(change(ord(letter))) for letter in text) + "]"


def by_base64(code: str) -> str:
    return f"eval(atob('{base64.b64encode(code.encode()).decode()}'))"


def by_codes(code: str) -> str:
    return f"eval(String.fromCharCode.apply(null,{codes(code)}))"


def by_escapes(code: str) -> str:
    return "eval(unescape('" + "".join(f"%{ord(letter):02x}" for letter in code) + "'))"


def by_reversal(code: str) -> str:
    return f"eval({quoted(code[::-1])}.split('').reverse().join(''))"


def by_splitting(code: str) -> str:
    return f"eval({quoted('~!'.join(code))}.split('~!').join(''))"


def by_xor(code: str, key: int = 77) -> str:
    return f"var s='',a={codes(code, lambda number: number ^ key)};for(var i=0;i<a.length;i++)s+=String.fromCharCode(a[i]^{key});eval(s)"


def by_function(code: str) -> str:
    return f"[]['filter']['constructor']({quoted(code)})()"


def by_timer(code: str) -> str:
    return f"setTimeout({quoted(code)},10)"


def by_hex(code: str) -> str:
    return f"var h='{code.encode().hex()}',o='';for(var k=0;k<h.length;k+=2)o+=String.fromCharCode(parseInt(h.substr(k,2),16));window['ev'+'al'](o)"


def by_shift(code: str) -> str:
    shifted = quoted("".join(chr(ord(letter) + 1) for letter in code))
    return f"(function(t){{var r='';for(var j=0;j<t.length;j++)r+=String.fromCharCode(t.charCodeAt(j)-1);eval(r)}})({shifted})"


def _in_base(number: int, base: int) -> str:
    text = _BASE[number % base]
    while number := number // base:
        text = _BASE[number % base] + text
    return text


def by_packer(code: str) -> str:
    """Dean Edwards' packer, with each run of letters a word."""
    words: list[str] = []
    packed, word = "", ""
    for letter in code + "\0":
        if letter.isascii() and (letter.isalnum() or letter == "_"):
            word += letter
            continue
        if word:
            if word not in words:
                words.append(word)
            packed += _in_base(words.index(word), 36)
        packed, word = packed + letter, ""
    packed = packed.rstrip("\0").replace("\\", "\\\\").replace("'", "\\'")
    return (
        "eval(function(p,a,c,k,e,d){e=function(c){return c.toString(a)};if(!''.replace(/^/,String)){while(c--)d[e(c)]=k[c]||e(c);k=[function(e){return d[e]}];"
        "e=function(){return'\\\\w+'};c=1};while(c--)if(k[c])p=p.replace(new RegExp('\\\\b'+e(c)+'\\\\b','g'),k[c]);return p}"
        f"('{packed}',36,{len(words)},'{'|'.join(words)}'.split('|'),0,{{}}))"
    )


LAYERS = (by_base64, by_codes, by_escapes, by_reversal, by_splitting, by_xor, by_function, by_timer, by_hex, by_shift, by_packer)

# Signs alone: every letter out of what the language says of its own types.
_WORDS = {
    "![]+[]": "false",
    "!![]+[]": "true",
    "[][[]]+[]": "undefined",
    "+[![]]+[]": "NaN",
    "[][FLAT]+[]": "function flat() { [native code] }",
}
FLAT = "(![]+[])[+[]]+(![]+[])[!![]+!![]]+(![]+[])[+!![]]+(!![]+[])[+[]]"


def _number(value: int) -> str:
    if value < 10:
        return "+[]" if not value else "+".join(["!![]"] * value) if value > 1 else "+!![]"
    return "+(" + "+".join(f"[{_number(int(digit))}]" for digit in str(value)) + ")"


def _spelt(word: str) -> str:
    return "+".join(_letter(letter) for letter in word)


def _letter(letter: str) -> str:
    for source, text in _WORDS.items():
        if letter in text:
            return f"({source.replace('FLAT', FLAT)})[{_number(text.index(letter))}]"
    if letter in "Sg":
        string = "([]+[])[" + _spelt("constructor") + "]+[]"
        return f"({string})[{_number('function String() { [native code] }'.index(letter))}]"
    if letter.isdigit():
        return f"({_number(int(letter))}+[])"
    if letter in _BASE:
        return f"({_number(_BASE.index(letter))})[(!![]+[])[+[]]+{_letter('o')}+{_spelt('S')}+{_spelt('tring')}](+({_number(3)}+[{_number(6)}]))"
    return f"[][{FLAT}][{_spelt('constructor')}]({_spelt('return unescape')})()(({_percent()})+{_spelt(f'{ord(letter):02x}')})"


def _percent() -> str:
    """`%`, out of an escaped bracket."""
    return f"([][{FLAT}][{_spelt('constructor')}]({_spelt('return escape')})()(([][{FLAT}]+[])[{_number(16)}]))[+[]]"


def by_signs(text: str) -> str:
    """JSFuck: the text by an expression of nothing but `[]()!+`."""
    return _spelt(text)


def by_faces(code: str) -> str:
    """AAEncode's kind: numbers and `Function` held by names that look like faces, the code in octal escapes."""
    escapes = "+".join(f"(ﾟДﾟ)[ﾟoﾟ]+{'+'.join(f'({_face(int(digit))})' for digit in f'{ord(letter):03o}')}" for letter in code)
    return (
        "ﾟωﾟﾉ=/｀ｍ´）ﾉ ~┻━┻   //*´∇｀*/['_'];o=(ﾟｰﾟ)=_=3;c=(ﾟΘﾟ)=(ﾟｰﾟ)-(ﾟｰﾟ);(ﾟДﾟ)=(ﾟΘﾟ)=(o^_^o)/(o^_^o);"
        "(ﾟДﾟ)={ﾟΘﾟ:'_',ﾟωﾟﾉ:((ﾟωﾟﾉ==3)+'_')[ﾟΘﾟ],ﾟｰﾟﾉ:(ﾟωﾟﾉ+'_')[o^_^o-(ﾟΘﾟ)],ﾟДﾟﾉ:((ﾟｰﾟ==3)+'_')[ﾟｰﾟ]};"
        "(ﾟoﾟ)='ok';(ﾟДﾟ)[ﾟoﾟ]='\\\\';(ﾟεﾟ)='const'+'ructor';(ﾟДﾟ)['_']=(o^_^o)[ﾟεﾟ][ﾟεﾟ];"
        f"(ﾟДﾟ)['_']((ﾟДﾟ)['_']('return\"'+{escapes}+'\"')(ﾟΘﾟ))(ﾟΘﾟ)"
    )


def _face(digit: int) -> str:
    return "+".join(["(ﾟΘﾟ)"] * digit) if digit else "c^_^o^_^o"
