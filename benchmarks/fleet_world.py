"""The portals of the fleet benchmark: nginx with a thousand different pages for any number of hosts, dnsmasq for their names, a box that declares them."""

from __future__ import annotations

import random
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

from model.portals.declared import Portal
from tests.portals.lab import site
from tests.portals.lab.case import all_cases
from tests.servers.process import free_port
from tests.system.program import Box

# Ordinary portals in the looks of five content systems; each of a thousand pages has one of them and news of its own.
CASES = ("trap/liferay-guest", "trap/dnn-default", "trap/sharepoint-default", "trap/wordpress-plain", "trap/intro-page")
PAGES = 1_000
_NEWS = (
    "Thông báo lịch tiếp công dân tháng {n} của lãnh đạo xã",
    "Kế hoạch số {n} về cải cách thủ tục hành chính tại bộ phận một cửa",
    "Hội nghị sơ kết công tác quý, {n} đại biểu tham dự",
    "Danh sách {n} hộ được cấp giấy chứng nhận quyền sử dụng đất",
    "Tuyên truyền phòng cháy chữa cháy cho {n} hộ dân trên địa bàn",
    "Trường tiểu học xã khai giảng năm học mới với {n} học sinh",
)
_WORDS = """
tiếp nhận hồ sơ trực tuyến cải cách hành chính nông thôn mới chuyển đổi số giáo dục y tế văn hóa đất đai xây dựng môi trường giao thông thủy lợi hội phụ nữ
đoàn thanh niên mặt trận tổ quốc ủy ban nhân dân hội đồng quyết định kế hoạch báo cáo nghị quyết chỉ thị công khai ngân sách bầu cử tuyển sinh khám bệnh
""".split()  # noqa: SIM905 - words as they are read
_SCRIPT = """<script>
(function () {{ var menu = document.querySelectorAll('.menu-{n} li'); for (var i = 0; i < menu.length; i++) {{ menu[i].onclick = function () {{
  this.className = this.className === 'open' ? '' : 'open'; return true; }}; }}
  window.dataLayer = window.dataLayer || []; function gtag() {{ dataLayer.push(arguments); }} gtag('js', new Date()); gtag('config', 'G-{n:08}');
  if (document.cookie.indexOf('seen{n}=') < 0) {{ document.cookie = 'seen{n}=1;path=/'; }} }})();
</script>"""
_NGINX = """
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log warn;
events {{ worker_connections 8192; }}
http {{
include /etc/nginx/mime.types;
access_log off;
gzip on;
gzip_min_length 256;
open_file_cache max=2000;
client_body_temp_path {folder}/t1;
proxy_temp_path {folder}/t2;
fastcgi_temp_path {folder}/t3;
uwsgi_temp_path {folder}/t4;
scgi_temp_path {folder}/t5;
charset utf-8;
server {{
  listen 127.0.0.1:{port} backlog=4096;
  server_name ~^p[0-9]*(?<page>[0-9][0-9][0-9])[.]fleet[.]test$;
  root {folder}/pages/$page;
  sub_filter NAME-OF-THE-PORTAL $host;
  sub_filter_once off;
}}
}}
"""


def _more(number: int, dice: random.Random) -> str:
    """What makes a page as long as a portal's home page is (38 kB in the outside corpus): a menu, news with their first lines, links, small scripts."""
    menu = "".join(f"<li><a href='/muc/{n}'>{' '.join(dice.choices(_WORDS, k=4))}</a></li>" for n in range(90))
    news = "".join(
        f"<div class='item'><h3><a href='/tin/{number}-{n}'>{dice.choice(_NEWS).format(n=dice.randrange(1000))}</a></h3>"
        f"<p>{' '.join(dice.choices(_WORDS, k=40))}.</p></div>"
        for n in range(50)
    )
    links = "".join(f"<option value='https://so{n}.tinhmau.gov.vn/'>{' '.join(dice.choices(_WORDS, k=3))}</option>" for n in range(40))
    scripts = "".join(_SCRIPT.format(n=number * 10 + n) for n in range(6))
    return f"<ul class='menu'>{menu}</ul><div class='news'>{news}</div><select onchange='if(this.value)window.open(this.value)'>{links}</select>{scripts}"


class World:
    """All of it, up while used as a context manager."""

    def __init__(self, portals: int) -> None:
        self.count = portals
        self.port, self.dns = free_port(), free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="vonggac-fleet-"))
        # nginx, started by root, reads as somebody else.
        self._folder.chmod(0o755)
        self._programs: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        try:
            self._build()
            self._programs += [self._start("nginx", "-c", self._folder / "nginx.conf", "-p", self._folder, "-e", self._folder / "nginx-error.log")]
            names = ("--no-resolv", "--no-hosts", "--bind-interfaces", "--listen-address=127.0.0.1", "--address=/fleet.test/127.0.0.1", "--local=/#/")
            self._programs += [self._start("dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", f"--port={self.dns}", "--pid-file=", *names)]
            self._answering()
        except BaseException:  # clean-up, raised again: no server is left running
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for program in self._programs:
            program.terminate()
            program.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    @staticmethod
    def portals(count: int, port: int) -> list[Portal]:
        """The fleet."""
        return [Portal(id=f"p{number:05}", url=f"http://p{number:05}.fleet.test:{port}/", allow=("127.0.0.0/8",)) for number in range(count)]

    def _start(self, *argv: str | Path) -> subprocess.Popen[bytes]:
        return subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)

    def _answering(self) -> None:
        end = time.monotonic() + 20
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            if time.monotonic() > end or any(program.poll() is not None for program in self._programs):
                raise RuntimeError(f"nginx or dnsmasq did not start: {(self._folder / 'nginx-error.log').read_text()[-500:]}")
            time.sleep(0.05)

    def _build(self) -> None:
        dice, looks = random.Random(7), list(self._looks())
        for number in range(PAGES):
            page = looks[number % len(looks)]
            folder = self._folder / "pages" / f"{number:03}"
            folder.mkdir(parents=True)
            (folder / "index.html").write_text(page.replace("</body>", f"{_more(number, dice)}</body>"))
        (self._folder / "nginx.conf").write_text(_NGINX.format(folder=self._folder, port=self.port))
        self.box = Box(self._folder).site("bench").write("[portals]\nenabled = true\n")
        lines = "".join(f"{portal.id},{portal.url},xã,127.0.0.0/8\n" for portal in self.portals(self.count, self.port))
        (self._folder / "declared" / "portals.csv").write_text(f"id,url,level,allow\n{lines}")

    def _looks(self) -> list[str]:
        cases = {found.id: found for found in all_cases()}
        found = []
        for case in CASES:
            host = cases[case].case.hosts[0]
            built = self._folder / "built" / case
            built.mkdir(parents=True)
            site.build(cases[case], host, built)
            found.append((built / "index.html").read_text().replace(host, "NAME-OF-THE-PORTAL"))
        return found
