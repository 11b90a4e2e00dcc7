"""Who may come in to the page, out of configuration. Only the composition roots and the command line import this."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from collector.refusal import ConfigError
from collector.trail import NAME, FileTrail
from exporters.console.doors import Doors, Letters
from exporters.console.users import Users
from model.text import Text
from model.times import SECOND

if TYPE_CHECKING:
    from collector.clock import Clock
    from collector.config import Config

_NO_USERS = Text(
    'Trang đang mở cho máy khác ("[web] host" hoặc "[web] proxy") mà chưa có người dùng: chạy vonggac users add TÊN --role administrator trước.',
    'The page is open to other machines ("[web] host" or "[web] proxy"), yet it has no users: run vonggac users add NAME --role administrator first.',
)


def users_of(config: Config, clock: Clock) -> Users:
    """The page's users."""
    return Users(config.web.users_file, clock.now)


def trail_of(config: Config, clock: Clock) -> FileTrail:
    """The trail of what is done on the page, beside its users."""
    return FileTrail(config.web.users_file.with_name(NAME), clock.now)


def doors_of(config: Config, clock: Clock, letters: Letters | None) -> Doors:
    """Who may come in. Raises ConfigError for a page that others would reach while nobody has to log in, UsersError."""
    web = config.web
    users = users_of(config, clock)
    if not web.local and not users.every():
        raise ConfigError(_NO_USERS)
    return Doors(
        users=users,
        trail=trail_of(config, clock),
        monotonic=clock.monotonic,
        idle=web.idle / SECOND,
        longest=web.session / SECOND,
        local=web.local,
        proxy=web.proxy,
        scrapers=[ipaddress.ip_network(each) for each in web.metrics_open],
        letters=letters,
    )
