"""Pages, scripts, sitemaps: bytes of a web server into what a visitor would see, be sent to, and be made to load. Pure; every byte is hostile."""
