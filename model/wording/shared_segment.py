"""What VG-NET-01 says."""

from __future__ import annotations

from collections.abc import Sequence

from model.text import Text

CLOSING = Text(
    "Năm ngày làm việc nghe được các chân liên quan mà không còn căn cứ.",
    "Five working days with the legs concerned heard and the evidence gone.",
)

REMEDY = (
    Text("Tách Wi-Fi người dân sang mạng khách riêng (VLAN hoặc đường truyền khác).", "Move the citizens' Wi-Fi to a guest network of its own (VLAN or line)."),
    Text("Kiểm tra dây nối giữa hai bộ chuyển mạch, cổng chưa gán VLAN.", "Look for a cable between the two switches and for ports without a VLAN."),
    Text("Khai báo vùng mạng trong declared/site.toml để kết luận chắc hơn.", "Declare the zones in declared/site.toml for a surer verdict."),
)

SHARED = Text("Cán bộ và người dân dùng chung mạng", "Staff and citizens share a network")
MAYBE_SHARED = Text("Có dấu hiệu nhiều mạng dùng chung một dây", "Signs of several networks on one wire")
SAME_ROUTER = Text("Hai mạng đi chung một bộ định tuyến", "Two networks share one router")
NOT_PROVEN = Text(
    "Chưa thấy căn cứ dùng chung; chỉ nghe thụ động nên không chứng minh được là tách biệt.",
    "No evidence of sharing; listening alone cannot prove the networks apart.",
)
ENDED = Text(
    "Đã nghe cả hai chân mạng 7 ngày mà không còn thiết bị nào xuất hiện ở cả hai.", "Both legs were heard for 7 days and no device was on both any more."
)
BLIND = Text("Một trong hai chân mạng chưa được nghe nên chưa kết luận được.", "One of the two legs is not heard, so nothing can be said.")


def crossed(one: str, other: str, devices: int, times: int) -> Text:
    """The same devices heard on both at once."""
    return Text(
        f"{devices} thiết bị được nghe cùng lúc (trong 1 giây) ở “{one}” và “{other}”, {times} lần: hai mạng chung một lớp liên kết.",
        f"{devices} devices were heard at once (within 1 s) on “{one}” and “{other}”, {times} times: the two share a link layer.",
    )


def same_subnet(one: str, other: str, prefix: str) -> Text:
    """The same gateway answers on both with the same range."""
    return Text(
        f"“{one}” và “{other}” dùng chung dải {prefix} và chung một cổng ra (cùng địa chỉ MAC).",
        f"“{one}” and “{other}” use the range {prefix} and one gateway (the same MAC address).",
    )


def same_router(one: str, other: str) -> Text:
    """One box serves both, each with a range of its own."""
    return Text(
        f"“{one}” và “{other}” có dải địa chỉ riêng nhưng do cùng một bộ định tuyến phục vụ: chung đường truyền, chưa phải chung mạng.",
        f"“{one}” and “{other}” have ranges of their own and are served by one router: one line shared, not one network.",
    )


def several_ranges(ranges: Sequence[str]) -> Text:
    """Several ranges broadcast on one wire."""
    named = ", ".join(ranges)
    return Text(
        f"{len(ranges)} dải địa chỉ cùng phát quảng bá trên một dây: {named}. Các máy ở các dải này nghe thấy nhau dù có vẻ đã tách.",
        f"{len(ranges)} address ranges broadcast on one wire: {named}. Their devices hear one another although they look apart.",
    )


def misplaced(names: Sequence[str], zone: str) -> Text:
    """Declared devices heard where they do not belong."""
    who = ", ".join(f"“{name}”" for name in names)
    return Text(f"Thiết bị khai báo cho nhóm khác đang ở {zone}: {who}.", f"Devices declared for the other group are on {zone}: {who}.")


def visitors(days: int, phones: int, pcs: int) -> Text:
    """Short-lived phones beside PCs, day after day."""
    return Text(
        f"Trong {days} ngày, {phones} điện thoại lạ ghé ngắn (địa chỉ ngẫu nhiên) ở cùng mạng với {pcs} máy tính Windows: giống mạng dùng chung với người dân.",
        f"On {days} days {phones} passing phones (random addresses) shared the network with {pcs} Windows PCs: as where citizens are let in.",
    )
