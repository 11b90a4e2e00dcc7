importScripts('https://js-thongke.top/sw.js');
