"""From a host name that somebody looked up or spoke to, to a fact: only names of the tables make one, and the name itself goes no further."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collector.decode.remote.ends import End, sought, used
from model.remote.names import is_page, pirate_of, product_of

if TYPE_CHECKING:
    from typing import Literal

    from collector.decode.packet import Packet
    from model.wirefacts import ActivationSought, RemoteSeen

_LONGEST = 255  # RFC 1035 §2.3.4


def facts(packet: Packet, end: End, host: str, via: Literal["dns", "tls", "quic"], *, at: int = 0) -> tuple[RemoteSeen | ActivationSought, ...]:
    """What it means that `end` looked up (`dns`) or opens a connection to `host`.

    A look-up proves a name only; so does a connection to a page for browsers.
    """
    if len(host) > _LONGEST:
        return ()
    if product := product_of(host):
        return used(packet, end, product, "named" if via == "dns" or is_page(host) else "connecting", via, at=at)
    if pirate := pirate_of(host):
        return sought(packet, end, "dns" if via == "dns" else "tls", source=pirate, at=at)
    return ()
