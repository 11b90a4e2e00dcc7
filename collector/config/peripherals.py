"""The table [peripherals] of config.toml: whether the box listens to its own USB sockets."""

from __future__ import annotations

from collector.config.table import Bool, Table


class Peripherals(Table):
    """The box's own sockets are listened to where a site declares usb.csv, the list they are judged by."""

    enabled: Bool = True
