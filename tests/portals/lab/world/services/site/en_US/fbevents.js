window.fbq=function(){};
