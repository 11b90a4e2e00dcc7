"""What VG-NET-01 says."""

from __future__ import annotations

from collections.abc import Sequence

from model.text import Language, Text, shown

CLOSING = Text(
    "Cách thử đã chứng minh cho kết quả âm tính ở cả hai chiều 3 lần trong 24 giờ, không thiết bị nào vượt qua nữa; "
    "nếu chỉ suy luận: năm ngày làm việc nghe được các chân liên quan mà không còn căn cứ.",
    "The technique that proved it is negative both ways 3 times over 24 hours and nothing crosses any more; "
    "where inferred: five working days with the legs concerned heard and the evidence gone.",
)

REMEDY = (
    Text("Tách Wi-Fi người dân sang mạng khách riêng (VLAN hoặc đường truyền khác).", "Move the citizens' Wi-Fi to a guest network of its own (VLAN or line)."),
    Text("Kiểm tra dây nối giữa hai bộ chuyển mạch, cổng chưa gán VLAN.", "Look for a cable between the two switches and for ports without a VLAN."),
    Text("Khai báo vùng mạng trong declared/site.toml để kết luận chắc hơn.", "Declare the zones in declared/site.toml for a surer verdict."),
)

# Both zones are declared there: what is left to do is to look again.
REMEDY_PAIR = (
    *REMEDY[:2],
    Text(
        "Tách xong: để hộp thăm dò lại (probes); sau ba lần âm tính, phát hiện tự đóng.",
        "Then let the box probe again: after three silent runs it closes by itself.",
    ),
)
REMEDY_ROUTED = (
    Text(
        "Đặt luật chặn giữa mạng người dân và mạng cán bộ trên bộ định tuyến hoặc tường lửa.",
        "Have the router or firewall block the way between the citizens' and the officers' networks.",
    ),
    Text(
        "Chặn xong: để hộp thăm dò lại (probes); sau ba lần âm tính, phát hiện tự đóng.",
        "Then let the box probe again: after three silent runs it closes by itself.",
    ),
)
REMEDY_LINE = (
    Text(
        "Kiểm tra bộ định tuyến chung: phải có luật chặn giữa mạng người dân và mạng cán bộ.",
        "Look at the router they share: it must block the way between citizens and officers.",
    ),
    Text("Nếu được: thuê đường truyền riêng cho Wi-Fi người dân.", "Where possible: a line of its own for the citizens' Wi-Fi."),
)
# By the rung of the ladder: networks that are apart already are not told to be taken apart.
REMEDIES = {"routed_reachable": REMEDY_ROUTED, "same_line_only": REMEDY_LINE}
REMEDY_MISPLACED = (
    Text("Chuyển dây mạng hoặc Wi-Fi của thiết bị về đúng mạng của nó.", "Move the device's cable or Wi-Fi to the network it belongs to."),
    Text(
        "Đổi mật khẩu Wi-Fi nếu nhiều người biết; xóa mạng kia khỏi thiết bị.",
        "Change the Wi-Fi password if many know it; have the device forget that network.",
    ),
    Text("Danh mục sai thì sửa cột role trong declared/register.csv.", "If the register is wrong: mend the column role in declared/register.csv."),
)

SHARED = Text("Cán bộ và người dân dùng chung mạng", "Staff and citizens share a network")
MAYBE_SHARED = Text("Có dấu hiệu nhiều mạng dùng chung một dây", "Signs of several networks on one wire")
ROUTED = Text("Mạng người dân và mạng cán bộ thông nhau qua bộ định tuyến", "The citizens' and the officers' networks reach each other by a router")
SAME_ROUTER = Text("Hai mạng đi chung một bộ định tuyến", "Two networks share one router")
TITLES = {"routed_reachable": ROUTED, "same_line_only": SAME_ROUTER}
NOT_PROVEN = Text(
    "Chưa thấy căn cứ dùng chung; chỉ nghe thụ động nên không chứng minh được là tách biệt.",
    "No evidence of sharing; listening alone cannot prove the networks apart.",
)
NOT_ASKED = Text("chưa bật thăm dò này cho chân mạng", "this probe is not switched on for the legs")
UNTAPPED = Text("khung thử không thấy rời khỏi hộp", "the test frame was not seen to leave the box")
WAITING = Text("vừa gửi, đang chờ nghe", "just sent, being listened for")
NO_SERVER = Text("không máy chủ DHCP nào trả lời ở ít nhất một bên", "no DHCP server answered on at least one side")
CARRIER_NAT = Text(
    "Hai chân ra ngoài bằng cùng một địa chỉ nhưng qua hai bộ định tuyến khác nhau: nhà mạng dùng chung địa chỉ, không phải chung đường truyền.",
    "Both legs come out at one address by different routers: the carrier shares addresses, it is not one line.",
)
ONE_SERVER_APART = Text(
    "Một máy chủ DHCP phục vụ hai dải riêng (qua bộ chuyển tiếp): không phải chung mạng.",
    "One DHCP server serves two ranges of their own (by relay): not one network.",
)
_MOST_NAMED = 4
# How the techniques are called in sentences, and what their silence means.
TECHNIQUES = {
    "nonce": Text("khung thử lớp 2", "layer-2 test frame"),
    "crossing": Text("thiết bị nghe thấy ở cả hai bên", "devices heard on both"),
    "dhcp": Text("hỏi DHCP", "DHCP question"),
    "gateway": Text("so cổng ra", "comparison of gateways"),
    "routed": Text("gói thử qua bộ định tuyến", "routed test packet"),
    "line": Text("so đường truyền", "comparison of lines"),
}
SILENT = {
    "nonce": Text("khung thử đã gửi mà bên kia không nghe thấy", "the test frames were sent and not heard on the other side"),
    "crossing": Text("chưa nghe thấy thiết bị nào ở cả hai bên cùng lúc", "no device was heard on both at once"),
    "dhcp": Text("hai bên do hai máy chủ DHCP khác nhau phục vụ", "different DHCP servers answer on the two"),
    "gateway": Text("không thấy bộ định tuyến nào đứng ở cả hai bên", "no router was seen on both"),
    "routed": Text("gói thử qua bộ định tuyến không tới được bên kia", "the routed test packet did not arrive"),
    "line": Text("hai chân ra ngoài bằng hai địa chỉ khác nhau", "the two legs come out at different addresses"),
}
MAY_BE_BLIND = Text(
    "Không nghe thấy chưa chứng minh là tách biệt: cổng có thể bị cách ly với nhau, hoặc bộ chuyển mạch chặn khung quảng bá.",
    "Silence does not prove them apart: ports may be isolated from one another, or the switch may hold broadcasts back.",
)
GONE = Text(
    "Đã nghe mạng này 5 ngày làm việc mà không còn căn cứ dùng chung nào như trước.",
    "This network was heard for 5 working days and what had spoken for sharing is gone.",
)
ENDED = Text(
    "Đã nghe cả hai chân mạng 7 ngày mà không còn thiết bị nào xuất hiện ở cả hai.", "Both legs were heard for 7 days and no device was on both any more."
)
BLIND = Text("Một trong hai chân mạng chưa được nghe nên chưa kết luận được.", "One of the two legs is not heard, so nothing can be said.")


def proven(one: str, other: str) -> Text:
    """Our own frames came over, both ways."""
    return Text(
        f"Khung thử do hộp gửi ở “{one}” được nghe thấy ở “{other}” và ngược lại: hai mạng thực ra là một (chung lớp 2).",
        f"Test frames this box sent on “{one}” were heard on “{other}” and the other way round: the two share one link layer.",
    )


def proven_one_way(origin: str, other: str) -> Text:
    """Our own frames came over one way."""
    return Text(
        f"Khung thử do hộp gửi ở “{origin}” được nghe thấy ở “{other}” (mới thấy một chiều này): khung tin lọt từ mạng này sang mạng kia.",
        f"Test frames this box sent on “{origin}” were heard on “{other}” (this way only so far): frames leak from one network to the other.",
    )


def mirrored(origin: str, other: str) -> Text:
    """Heard by a mirror port alone."""
    return Text(
        f"Khung thử gửi ở “{origin}” được nghe thấy ở “{other}”, nhưng chân này là cổng sao chép nên có thể chỉ nhận bản sao; chiều ngược lại chưa thấy.",
        f"Test frames sent on “{origin}” were heard on “{other}”, but that leg is a mirror port and may be given copies; the other way was not heard.",
    )


def relayed(one: str, other: str) -> Text:
    """Only the datagrams came over, or by somebody else's hand."""
    return Text(
        f"Giữa “{one}” và “{other}” gói thử quảng bá lọt qua nhưng khung thử lớp 2 thì không: có thiết bị chuyển tiếp quảng bá giữa hai mạng.",
        f"Between “{one}” and “{other}” broadcast test datagrams came over and layer-2 frames did not: something relays broadcasts between the two.",
    )


def routed(origin: str, other: str, hops: int) -> Text:
    """A datagram came by way of routers."""
    return Text(
        f"Từ “{origin}” gửi thẳng được tới máy ở “{other}” qua {hops} bộ định tuyến: giữa hai mạng không có tường lửa chặn.",
        f"From “{origin}” a host on “{other}” is reached by way of {hops} routers: no firewall stands between the two.",
    )


def same_line(one: str, other: str, address: str) -> Text:
    """One public address and one router for both."""
    return Text(
        f"“{one}” và “{other}” ra Internet bằng cùng địa chỉ {address} qua cùng một bộ định tuyến: chung đường truyền, chưa phải chung mạng.",
        f"“{one}” and “{other}” reach the Internet at {address} by one router: one line shared, not one network.",
    )


def nonce_over(times: int) -> Text:
    """What closes a proof."""
    return Text(
        f"Khung thử gửi cả hai chiều, âm tính {times} lần liên tiếp trong ít nhất 24 giờ, và không thiết bị nào còn vượt qua.",
        f"Test frames sent both ways were not heard {times} times in a row over at least 24 hours, and no device crosses any more.",
    )


def unable(why: str) -> Text:
    """A probe that could not be sent."""
    said = shown(why, 60)
    return Text(f"không gửi được: {said}", f"could not be sent: {said}")


def unheard(leg: str) -> Text:
    """Nobody listened on the other side."""
    said = shown(leg, 40)
    return Text(f"lúc đó không nghe được “{said}”", f"“{said}” was not listened to then")


def not_observed(silent: Sequence[str], unable: Sequence[tuple[str, Text]]) -> Text:
    """Which techniques found nothing and which could not look, in one sentence each."""
    vi, en = [], []
    if silent:
        vi.append("Đã xem, không thấy: " + ", ".join(TECHNIQUES[name].vi for name in silent) + ".")
        en.append("Looked, nothing seen: " + ", ".join(TECHNIQUES[name].en for name in silent) + ".")
    if unable:
        whys = {why.vi: why for _, why in unable}
        vi.append("Chưa thử được: " + "; ".join(f"{_named(why, unable, 'vi')} ({why.vi})" for why in list(whys.values())[:2]) + ".")
        en.append("Could not look: " + "; ".join(f"{_named(why, unable, 'en')} ({why.en})" for why in list(whys.values())[:2]) + ".")
    return Text(" ".join([*vi, MAY_BE_BLIND.vi]), " ".join([*en, MAY_BE_BLIND.en]))


def _named(why: Text, unable: Sequence[tuple[str, Text]], language: Language) -> str:
    return ", ".join(TECHNIQUES[name].to(language) for name, other in unable if other == why)


def crossed(one: str, other: str, devices: int, times: int) -> Text:
    """The same devices heard on both at once."""
    return Text(
        f"{devices} thiết bị được nghe cùng lúc (trong 1 giây) ở “{one}” và “{other}”, {times} lần: hai mạng thực ra là một (chung lớp 2).",
        f"{devices} devices were heard at once (within 1 s) on “{one}” and “{other}”, {times} times: the two share a link layer.",
    )


def same_subnet(one: str, other: str, prefix: str) -> Text:
    """The same gateway answers on both with the same range; `prefix` is the gateway's address alone where no range is known."""
    if "/" not in prefix:
        return Text(
            f"“{one}” và “{other}” dùng chung một cổng ra {prefix} (cùng địa chỉ MAC).",
            f"“{one}” and “{other}” use one gateway, {prefix} (the same MAC address).",
        )
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


def misplaced(names: Sequence[str], zone: Text) -> Text:
    """Declared devices heard where they do not belong."""
    more = len(names) - _MOST_NAMED
    who = ", ".join(f"“{name}”" for name in names[:_MOST_NAMED]) + (f" (+{more})" if more > 0 else "")
    return Text(f"Thiết bị khai báo cho nhóm khác đang ở {zone.vi}: {who}.", f"Devices declared for the other group are on {zone.en}: {who}.")


def visitors(days: int, phones: int, pcs: int) -> Text:
    """Short-lived phones beside PCs, day after day."""
    return Text(
        f"Trong {days} ngày, {phones} điện thoại lạ ghé ngắn (địa chỉ ngẫu nhiên) ở cùng mạng với {pcs} máy tính Windows: giống mạng dùng chung với người dân.",
        f"On {days} days {phones} passing phones (random addresses) shared the network with {pcs} Windows PCs: as where citizens are let in.",
    )
