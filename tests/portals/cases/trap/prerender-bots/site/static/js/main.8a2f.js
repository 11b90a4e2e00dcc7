document.getElementById('app').innerHTML='<h1>UBND xã</h1>';
