(function(){var i=new Image();i.src='/d.gif?'+Math.random()})();
