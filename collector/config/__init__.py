"""config.toml: what is the box's own (interfaces, paths, sinks, secrets' places), read as a whole or refused with one sentence.

Imports pydantic, which costs a tenth of a second: callers import this package late, where a configuration is really read.
"""

from __future__ import annotations

from collector.config.alerting import Calling
from collector.config.load import defaults, load, read_toml
from collector.config.models import Box, Config, Core, JournalOptions, Leg, Privacy, Sockets
from collector.config.sinks import (
    Alertmanager,
    AnySink,
    Apprise,
    Elasticsearch,
    EngineTable,
    JsonLines,
    Mail,
    PagerDuty,
    SmsHttp,
    SmsModem,
    Syslog,
    Webhook,
    Zalo,
)
from collector.config.web import Web

__all__ = [
    "Alertmanager", "AnySink", "Apprise", "Box", "Calling", "Config", "Core", "Elasticsearch", "EngineTable", "JournalOptions", "JsonLines", "Leg", "Mail",
    "PagerDuty", "Privacy", "SmsHttp", "SmsModem", "Sockets", "Syslog", "Web", "Webhook", "Zalo",
    "defaults", "load", "read_toml",
]  # fmt: skip
