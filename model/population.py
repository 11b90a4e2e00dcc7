"""Who is on a segment, counted without saying who: passing phones by the day, and PCs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime

from model.rows import Asset
from model.times import DAY, HOUR, SECOND, VIETNAM

# A visitor comes, waits for a turn and goes; an officer's own phone stays the day.
SHORT_STAY = 2 * HOUR
WEEK = 7 * DAY
# As long as a device that is not seen is spoken of: what was there is told from what never was.
_LOOK_BACK = 30 * DAY
_WINDOWS = "MSFT "


def random_mac(mac: str) -> bool:
    """The locally administered bit (IEEE 802c): no stable identity; not a proof that it is a phone (RFC 9724)."""
    return mac[1:2] in "26ae" and len(mac) == 17


def is_phone(asset: Asset) -> bool:
    """A device with only random addresses that asks for its own as phones do; virtual machines have such addresses too and ask otherwise."""
    if not asset.macs or not all(random_mac(mac) for mac in asset.macs):
        return False
    profile = asset.dhcp.value if asset.dhcp else None
    if profile is None:
        return False
    # iOS sends no class and asks for 1,121,3,6,15,(108,)114,119,252: captive portal (114) is what PCs of the time do not ask for.
    return profile.vendor_class.startswith("android-dhcp") or (not profile.vendor_class and {114, 119, 252} <= set(profile.parameters))


def visiting_days(now: int, assets: Iterable[Asset]) -> Counter[str]:
    """Passing phones by day (yyyy-MM-dd in Viet Nam), the last month."""
    short = (asset for asset in assets if is_phone(asset) and asset.seen.last - asset.seen.first <= SHORT_STAY and now - asset.seen.last <= _LOOK_BACK)
    return Counter(_day(asset.seen.first) for asset in short)


def windows_pcs(assets: Iterable[Asset]) -> int:
    """Devices that ask for their address as Windows does."""
    return sum(1 for asset in assets if asset.dhcp and asset.dhcp.value.vendor_class.startswith(_WINDOWS))


def end_of(day: str) -> int:
    """The first instant after a day (yyyy-MM-dd in Viet Nam), ns."""
    return int(datetime.fromisoformat(day).replace(tzinfo=VIETNAM).timestamp()) * SECOND + DAY


def _day(at: int) -> str:
    return datetime.fromtimestamp(at // SECOND, UTC).astimezone(VIETNAM).date().isoformat()
