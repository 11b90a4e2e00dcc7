"""What all readers of pushes share: the fact they make of a head."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.wirefacts import PushKind, ScreenFamily, ScreenPushed

if TYPE_CHECKING:
    from collector.decode.flows.head import Head


def pushed(
    head: Head,
    family: ScreenFamily,
    kind: PushKind,
    action: str,
    *,
    url: str = "",
    agent: str = "",
    guarded: bool | None = None,
    accepted: bool | None = None,
) -> ScreenPushed:
    """The sender of this head did `action` to the screen it speaks to."""
    packet = head.packet
    return ScreenPushed(
        at=head.at,
        mac=packet.mac,
        ip=packet.ip,
        vlan=packet.vlan,
        family=family,
        kind=kind,
        screen_mac=packet.peer_mac,
        screen_ip=packet.peer_ip,
        port=packet.peer_port,
        action=action,
        url=url,
        agent=agent,
        guarded=guarded,
        accepted=accepted,
    )
