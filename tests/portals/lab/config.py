"""The configuration of nginx and dnsmasq for all cases at once, each host a server of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.portals.lab.case import Found

ANSWERS_PORT = 9000

# What injected rewrite rules ask about a visitor; cases use the variables in their own nginx.conf.
_MAPS = """
map $http_user_agent $is_crawler { default 0; ~*(googlebot|bingbot|coccocbot) 1; }
map $http_user_agent $is_phone { default 0; ~*(android|iphone|mobile) 1; }
map $http_user_agent $is_inapp { default 0; ~*(fban|fbav|zalo) 1; }
map $http_referer $from_search { default 0; ~*^https?://([a-z.]+[.])?(google|bing|coccoc)[.] 1; }
map $http_referer $from_google { default 0; ~*^https?://([a-z.]+[.])?google[.] 1; }
map $http_referer $from_coccoc { default 0; ~*^https?://([a-z.]+[.])?coccoc[.] 1; }
map $http_referer $from_social { default 0; ~*^https?://([a-z.]+[.])?(facebook[.]com|zalo[.](me|vn)|l[.]facebook[.]com) 1; }
map $http_accept_language $wants_english { default 0; ~*^en 1; }
"""

_HEAD = """
user root;
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log warn;
events {{ worker_connections 4096; }}
http {{
types_hash_max_size 4096;
server_names_hash_max_size 8192;
server_names_hash_bucket_size 256;
map_hash_bucket_size 256;
include /etc/nginx/mime.types;
default_type text/html;
charset utf-8;
source_charset utf-8;
charset_types text/xml text/plain application/javascript;
server_tokens off;
access_log off;
absolute_redirect off;
gzip on;
gzip_min_length 256;
gzip_types text/css application/javascript text/xml application/xml text/plain;
ssl_session_cache shared:tls:1m;
client_body_temp_path {folder}/body;
proxy_temp_path {folder}/proxy;
fastcgi_temp_path {folder}/fastcgi;
uwsgi_temp_path {folder}/uwsgi;
scgi_temp_path {folder}/scgi;
"""

_TLS = "ssl_certificate {folder}/keys/{file}.pem; ssl_certificate_key {folder}/keys/{file}.key;"
_STATIC = "try_files $uri $uri/index.html $uri.html =404;"
_BEHIND = f"proxy_pass http://127.0.0.1:{ANSWERS_PORT}; proxy_set_header Host $host; proxy_set_header X-Real-IP $remote_addr;"


def nginx(hosts: Mapping[str, Found], folder: Path) -> str:
    """nginx.conf for `hosts`, whose files are in `folder`/tree/HOST and keys in `folder`/keys."""
    servers = "".join(_host(found, host, folder) for host, found in hosts.items() if found.server(host).exists)
    extra = "".join(file.read_text() for file in sorted({found.folder / "http.conf" for found in hosts.values()}) if file.is_file())
    refusing = f"server {{ listen 80 default_server; listen 443 ssl default_server; {_TLS.format(folder=folder, file='nobody')} return 404; }}\n"
    return _HEAD.format(folder=folder) + _MAPS + extra + refusing + servers + "}\n"


def _host(found: Found, host: str, folder: Path) -> str:
    server = found.server(host)
    listens = {"https": "listen 443 ssl;", "http": "listen 80;", "both": "listen 80; listen 443 ssl;"}[server.scheme]
    keys = "" if server.scheme == "http" else _TLS.format(folder=folder, file=host)
    moved = f"server {{ listen 80; server_name {host}; return 301 https://$host$request_uri; }}\n" if server.scheme == "https" else ""
    return f"{moved}server {{ {listens} server_name {host}; {keys}\n{_body(found, host, folder)}}}\n"


def _body(found: Found, host: str, folder: Path) -> str:
    server = found.server(host)
    files = found.files(server.site_of or host)
    own = (files / "nginx.conf").read_text() if (files / "nginx.conf").is_file() else ""
    missing = "error_page 404 /404.html;\n" if server.look != "none" and "error_page 404" not in own else ""
    pictures = "" if "location ~* pictures" in own else "location ~* [.](png|jpg|gif|ico)$ { empty_gif; }\n"
    if (files / "answers.toml").is_file():
        main = f"location / {{ {_BEHIND} }}\nlocation /.static/ {{ internal; rewrite ^/[.]static(/.*)$ $1 break; {_STATIC} }}\n"
    else:
        main = "" if re.search(r"location\s+/\s*\{", own) else f"location / {{ {_STATIC} }}\n"
    turned = any((turn.host or found.case.hosts[0]) == host for turn in found.case.turn)
    return f"root {folder}/tree/{host};\n{'charset off;' if turned else ''}\n{missing}{pictures}{own}\n{main}"


def dnsmasq(hosts: Mapping[str, Found], addresses: Mapping[str, str], server: str, folder: Path) -> str:
    """dnsmasq.conf: every name exactly, aliases as such, everything else does not exist."""
    lines = [
        "no-resolv", "no-hosts", "keep-in-foreground", "user=root", "bind-interfaces", f"listen-address={server}", "local=/#/", "cache-size=10000",
        f"pid-file={folder}/dnsmasq.pid",
    ]  # fmt: skip
    for host, found in hosts.items():
        alias = found.server(host).alias
        if alias and not found.server(host).exists:
            lines.append(f"server=/{host}/127.0.0.1#{ANSWERS_PORT}")
        elif alias:
            lines.append(f"cname={host},{alias}")
        elif host in addresses and not _bare(host):
            lines.append(f"host-record={host},{addresses[host]}")
    return "\n".join(lines) + "\n"


def addresses(hosts: Mapping[str, Found], pool: Iterable[str]) -> dict[str, str]:
    """An address for every host that has one of its own; then those that share one, and aliases."""
    free = iter(pool)
    own = {
        host: host if _bare(host) else next(free)
        for host, found in hosts.items()
        if (server := found.server(host)).exists and not (server.alias or server.address)
    }
    shared = {host: own[found.server(host).address] for host, found in hosts.items() if found.server(host).address}
    aliased = {host: own[server.alias] for host, found in hosts.items() if (server := found.server(host)).alias and server.exists}
    return {**own, **shared, **aliased}


def _bare(host: str) -> bool:
    """Whether a host is an address rather than a name."""
    return re.fullmatch(r"[\d.]+", host) is not None
