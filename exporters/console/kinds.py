"""What kind of device an asset is, as pages tell it: the class, its picture, its place in lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, get_args

from model.classes.judge import met, weigh
from model.classes.kinds import UNKNOWN, Classification, DeviceClass
from model.classes.signs import signs_of
from model.privacy import is_veiled

if TYPE_CHECKING:
    from model.rows import Asset

Classify = Callable[["Asset"], Classification]

CLASSES: Final[tuple[str, ...]] = (*get_args(DeviceClass), UNKNOWN)

# Pictures in the order in which devices stand: what people look for and what can do harm first, passing phones and the unknown last.
PICTURES: Final[dict[str, tuple[str, ...]]] = {
    "screen": ("screen", "projector"),
    "router": ("router", "access_point", "switch"),
    "server": ("server", "nas"),
    "camera": ("camera",),
    "computer": ("windows_pc", "mac", "linux_pc", "single_board_computer", "kvm"),
    "printer": ("printer", "scanner"),
    "box": ("voip_phone", "speaker", "console", "iot"),
    "phone": ("phone_android", "phone_iphone", "tablet"),
    UNKNOWN: (UNKNOWN,),
}
_PICTURE: Final = {name: picture for picture, names in PICTURES.items() for name in names}
_ORDER: Final = [name for names in PICTURES.values() for name in names]


class Remembered:
    """Classifies, and does not weigh again what says the same as before: a page is drawn each two seconds, its devices change once a day.

    The times of the evidence are those of the first answer. `most` bounds what is kept.
    """

    def __init__(self, most: int = 20_000) -> None:
        self._most = most
        self._known: dict[str, tuple[int, Classification]] = {}

    def __call__(self, asset: Asset) -> Classification:
        """The class of an asset, as `model.classes` tells it."""
        signs = tuple(signs_of(asset))
        said = hash(tuple((sign.field, sign.text) for sign in signs))
        known = self._known.get(asset.id)
        if known is not None and known[0] == said:
            return known[1]
        if len(self._known) >= self._most:
            self._known.clear()
        answer = weigh(met(signs))
        self._known[asset.id] = said, answer
        return answer


def picture_of(name: str) -> str:
    """The picture for a class; that of the unknown for one the page does not know."""
    return _PICTURE.get(name, UNKNOWN)


def order_of(name: str) -> int:
    """A class's place in lists."""
    return _ORDER.index(name) if name in _PICTURE else len(_ORDER)


def known_of(asset: Asset, classify: Classify) -> Classification:
    """The class of an asset; of a citizen's own device only what was written down with its hash, never a reason that could tell more."""
    if is_veiled(asset):
        return Classification(name=asset.device_class or UNKNOWN)
    return classify(asset)


def most_first(names: Sequence[str]) -> list[tuple[str, int]]:
    """Classes with how many of each, in the order of lists."""
    return [(name, names.count(name)) for name in sorted(set(names), key=lambda name: (order_of(name), name))]
