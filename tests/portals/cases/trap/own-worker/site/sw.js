self.addEventListener('install',function(e){e.waitUntil(caches.open('v1').then(function(c){return c.addAll(['/','/css/style.css'])}))});
