"""`vonggac watch`: one check of a portal now."""

from __future__ import annotations

import asyncio
import ipaddress
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from collector.cli.options import MaybeConfig
from collector.cli.replay_command import Format
from collector.cli.say import Refusal, complain, configured, json_lines, language
from model.text import Text, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from collector.portals import Looking
    from collector.refusal import ConfigError
    from collector.watchonce import Checked, Look
    from model.detector import Detector
    from model.portals.declared import Destination, Portal


# The finding that portals are about (findings.md).
_PORTALS = 4
_NO_CRAWLERS = Text(
    "chưa xem dưới tên máy tìm kiếm (cần chủ cổng đồng ý: --crawler-consent)", "not looked at as search engines' crawlers (needs the owner's --crawler-consent)"
)
_NOT_CONFIRMED = Text(
    "mới thấy trong một lượt xem: thêm --confirm để nhìn lại sau một phút trước khi kết luận",
    "seen in one round of looks only: --confirm looks again after a minute before it is sure",
)
_NOT_RENDERED = Text(
    "có mã không đọc được đích: thêm --render để mở trang bằng trình duyệt", "some script's target could not be read: --render opens the page in a browser"
)


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(epilog="Ví dụ: vonggac watch https://xa-a.gov.vn · vonggac watch --render --format json https://xa-a.gov.vn https://xa-b.gov.vn")(watch)


def watch(
    urls: Annotated[list[str], typer.Argument(metavar="URL...", help="Địa chỉ trang chủ của cổng, có http:// hoặc https://.")],
    config: MaybeConfig = None,
    format: Annotated[Format, typer.Option(help="Cây cho người đọc, hoặc JSON mỗi dòng một cổng.")] = Format.TABLE,  # noqa: A002 - the option's name is in the contract
    render: Annotated[bool, typer.Option("--render", help="Dựng trang đáng ngờ bằng Chromium.")] = False,
    crawler_consent: Annotated[bool, typer.Option("--crawler-consent", help="Chủ cổng đã đồng ý cho truy cập dưới tên máy tìm kiếm.")] = False,
    confirm: Annotated[bool, typer.Option("--confirm", help="Sau một phút nhìn lại lần hai điều đáng ngờ.")] = False,
    dns: Annotated[str, typer.Option(help="Máy chủ DNS, ví dụ 192.168.1.1; để trống: như máy này.")] = "",
    allow: Annotated[list[str] | None, typer.Option(metavar="PREFIX", help="Dải địa chỉ nội bộ được phép vào, ví dụ 10.1.2.0/24.")] = None,
    ca: Annotated[Path | None, typer.Option(help="Tệp PEM của cơ quan chứng thực được tin thêm.")] = None,
) -> None:
    """Xem một cổng ngay bây giờ dưới mọi kiểu truy cập; in kết luận và chuỗi chuyển hướng."""
    how = _Manner(crawlers=crawler_consent, confirm=confirm, render=render, allow=_prefixes(allow or []), authorities=_readable(ca))
    asked = _known(urls, config, dns, how)
    answered: list[Checked] = []
    asyncio.run(_check(asked, how, format, answered))
    blind = [checked for checked in answered if not checked.seen]
    if blind:
        names = ", ".join(shown(checked.portal.url, 100) for checked in blind)
        raise Refusal(Text(f"không xem được gì ở {names}: chưa rõ, không phải là đạt", f"nothing could be seen at {names}: unknown, which is not clear"))


class _Manner(NamedTuple):
    """What the options say."""

    crawlers: bool
    confirm: bool
    render: bool
    allow: tuple[str, ...]
    authorities: str

    def hints(self, checked: Checked) -> Sequence[Text]:
        """What was not looked at, and how it would be."""
        found = []
        if not (self.crawlers or checked.portal.crawlers):
            found.append(_NO_CRAWLERS)
        if checked.unconfirmed and not self.confirm:
            found.append(_NOT_CONFIRMED)
        if not self.render and any(getattr(look, "unfolded", ()) for look in checked.looks):
            found.append(_NOT_RENDERED)
        return found


class _Asked(NamedTuple):
    """What is to be looked at, and with what."""

    portals: Sequence[Portal]
    destinations: tuple[Destination, ...]
    detectors: Sequence[Detector]
    names: str
    looking: Looking


async def _check(asked: _Asked, how: _Manner, format: Format, answered: list[Checked]) -> None:  # noqa: A002 - as the option
    from collector.cli.watch_line import line_of  # noqa: PLC0415 - only this command needs it
    from collector.cli.watch_tree import draw  # noqa: PLC0415 - rich, only once there is something to draw
    from collector.clock import SystemClock  # noqa: PLC0415 - only this command needs it
    from collector.portals import name_server  # noqa: PLC0415 - as above
    from collector.watchonce import check_all, confirm_after  # noqa: PLC0415 - as above

    def done(checked: Checked) -> None:
        _progress(None)
        answered.append(checked)
        if format is Format.JSON:
            json_lines([line_of(checked)])
        else:
            draw(checked, how.hints(checked))

    await check_all(
        asked.portals,
        name_server(asked.names),
        SystemClock(),
        asked.detectors,
        asked.looking,
        asked.destinations,
        crawlers=how.crawlers,
        confirm=confirm_after() if how.confirm else 0.0,
        told=_progress,
        done=done,
    )


def _progress(look: Look | None) -> None:
    """One sign of life a look, for those who wait at a terminal; None takes it away."""
    if sys.stderr.isatty():
        print(f"\r\033[K{look.persona}: {shown(look.url, 100)}" if look else "\r\033[K", end="", file=sys.stderr, flush=True)


def _known(urls: list[str], config: Path | None, dns: str, how: _Manner) -> _Asked:
    """The portals asked for, declared ones with what is declared of them; lawful destinations, detectors, the DNS server, how to look."""
    from collector.portals import Looking  # noqa: PLC0415 - a parser, a browser's driver and word lists, for this command only
    from collector.registry import build_all  # noqa: PLC0415 - finds and imports every detector

    declared: dict[str, Portal] = {}
    destinations: tuple[Destination, ...] = ()
    detectors, looking = build_all(), Looking(vantage="watch")
    if config is not None:
        from collector.portals import destinations_of, looking_of, portals_of  # noqa: PLC0415 - pydantic, only with a configuration
        from collector.sites import detectors_of, sites_of  # noqa: PLC0415 - same

        settings = configured(config)
        broken: list[ConfigError] = []
        sites = sites_of(settings, broken=broken).values()
        for error in broken:
            complain(error)
        detectors, dns, looking = detectors_of(settings, config), dns or settings.portals.dns, looking_of(settings)
        declared, destinations = {_host(portal.url): portal for portal in portals_of(sites)}, destinations_of(sites)
    portals = [declared.get(_host(url)) or _made(url) for url in dict.fromkeys(urls)]
    looking = replace(looking, allow=(*looking.allow, *how.allow), authorities=how.authorities, render=how.render, language=language())
    return _Asked(portals, destinations, [detector for detector in detectors if _PORTALS in detector.about.findings], dns, looking)


def _made(url: str) -> Portal:
    from collector.watchonce import portal_of  # noqa: PLC0415 - as in `watch`

    return portal_of(url, _host(url))


def _host(url: str) -> str:
    """The host of a web address. Raises Refusal for anything else."""
    from collector.decode.web.url import parse  # noqa: PLC0415 - with the visitor

    parsed = parse(url)
    if parsed is None or parsed.scheme not in ("http", "https") or not parsed.host:
        written = shown(url, 100)
        raise Refusal(
            Text(
                f"“{written}” không phải địa chỉ web, cần có dạng https://xa-a.gov.vn",
                f"“{written}” is no web address, one such as https://xa-a.gov.vn was expected",
            ),
            status=2,
        )
    return parsed.host


def _prefixes(written: Sequence[str]) -> tuple[str, ...]:
    for prefix in written:
        try:
            ipaddress.ip_network(prefix)
        except ValueError:
            raise Refusal(
                Text(
                    f"--allow {shown(prefix, 60)}: cần một dải địa chỉ như 10.1.2.0/24",
                    f"--allow {shown(prefix, 60)}: a range such as 10.1.2.0/24 was expected",
                ),
                status=2,
            ) from None
    return tuple(written)


def _readable(path: Path | None) -> str:
    if path is None:
        return ""
    if not path.is_file():
        raise Refusal(Text(f"không có tệp {shown(str(path), 100)} (--ca)", f"there is no file {shown(str(path), 100)} (--ca)"), status=2)
    return str(path)
