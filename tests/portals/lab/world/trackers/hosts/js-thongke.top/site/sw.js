self.addEventListener('push',function(e){e.waitUntil(self.registration.showNotification('VUASAN88.VIP tặng 88K',{data:'https://vuasan88.vip/'}))});
