"""What VG-NET-09 says."""

from __future__ import annotations

from collections.abc import Sequence

from model.text import Text, shown
from model.wording.common import many

TITLE = Text("Mạng không có tường lửa chặn bên ngoài", "Nothing keeps the outside out of the network")
REACHED_TITLE = Text("Kết nối từ Internet vào được thiết bị trong mạng", "A connection from the Internet came in to a device")
MAPPED_TITLE = Text("Bộ định tuyến mở cổng từ Internet vào trong mạng", "The router opens a port from the Internet into the network")
ASKED_TITLE = Text("Có yêu cầu mở cổng từ Internet vào trong mạng", "The router was asked to open a port from the Internet")
KNOCKED_TITLE = Text("Đường truyền có cổng mở ra Internet", "The line has ports open to the Internet")
BETWEEN_TITLE = Text("Mạng người dân vào được mạng cán bộ, không có gì chặn", "Nothing keeps the citizens' network out of the officers'")

CLOSING = Text(
    "Ánh xạ bị xóa, hoặc gõ cổng từ SOC 3 lần trong 24 giờ đều đóng; nếu không gõ: 5 ngày làm việc không nghe thấy trong khi vẫn nghe mạng.",
    "The mapping taken back, or closed at 3 knocks of the SOC over 24 hours; without knocks: unheard for 5 working days while the network was listened to.",
)

_BLOCK = Text(
    "Trên bộ định tuyến: chặn mọi kết nối từ Internet vào, chỉ mở những cổng đã khai báo.",
    "On the router: block every connection from the Internet, open only what is declared.",
)
_UPNP = Text(
    "Tắt UPnP, NAT-PMP trên bộ định tuyến và xóa các ánh xạ cổng đang có.",
    "Switch UPnP and NAT-PMP off on the router and delete the mappings it holds.",
)
_DECLARE = Text(
    "Là dịch vụ của cơ quan: ghi vào declared/openings.csv, có người phụ trách và ngày hết hạn.",
    "If it is a service of the office: enter it in declared/openings.csv, with its owner and last day.",
)
_RULES = Text(
    "Đặt luật chặn giữa mạng người dân và mạng cán bộ trên bộ định tuyến hoặc tường lửa.",
    "Have the router or firewall block the way between the citizens' and the officers' networks.",
)
REMEDY = (_BLOCK, _UPNP, _DECLARE)
REMEDY_BETWEEN = (_RULES,)

DECLARED = Text("Các cổng mở ra ngoài của thiết bị này đều có trong khai báo (openings.csv).", "All openings of this device are declared (openings.csv).")
TAKEN_BACK = Text("Ánh xạ cổng đã được xóa hoặc hết hạn.", "The port mapping was taken back or ran out.")
GONE = Text("Không còn nghe thấy kết nối hoặc ánh xạ nào từ ngoài vào thiết bị này.", "No connection or mapping from outside to this device is heard any more.")
SILENT = Text("Chưa im lặng đủ lâu để coi là đã đóng.", "Not silent for long enough to count as closed.")
REFUSED = Text("Bộ định tuyến từ chối mở cổng cho thiết bị này.", "The router refused to open a port for this device.")
TEREDO = Text(
    "Chỉ có ánh xạ mà Windows tự xin cho Teredo; chưa nghe thấy ai từ ngoài vào. Nên tắt Teredo và UPnP nếu không dùng.",
    "Only the mapping that Windows asks for by itself, for Teredo; nobody was heard coming in. Switch Teredo and UPnP off where they are not needed.",
)
PLAIN = Text(
    "Cổng thường không nghe được kết nối từ ngoài vào: cần cổng sao chép (mirror), hoặc cho phép SOC gõ thử cổng (soc-echo).",
    "A plain port does not hear connections from outside: a mirror port is needed, or the SOC's leave to knock (soc-echo).",
)
NOTHING_SEEN = Text(
    "Chưa nghe thấy kết nối nào từ ngoài vào; im lặng không chứng minh là có tường lửa. SOC gõ thử cổng (soc-echo) thì biết chắc.",
    "No connection from outside was heard; silence does not prove a firewall. A knock of the SOC (soc-echo) would tell.",
)
CLOSED = Text("SOC gõ thử 3 lần trong 24 giờ, các cổng đều đóng.", "The SOC knocked 3 times over 24 hours and every port was closed.")
CLOSED_ONCE = Text("SOC gõ thử thấy đóng, chưa đủ 3 lần trong 24 giờ.", "The SOC found it closed, but not yet 3 times over 24 hours.")
BETWEEN_UNKNOWN = Text(
    "Chưa thấy gì đi qua giữa hai mạng; im lặng không chứng minh là có chặn.",
    "Nothing was seen to pass between the two networks; silence does not prove that it is blocked.",
)
BETWEEN_CLOSED = Text("Thử 3 lần trong 24 giờ, không gì đi qua giữa hai mạng.", "Tried 3 times over 24 hours, nothing passed between the two networks.")


def reached(name: str, ports: Sequence[int], mappings: int) -> Text:
    """Somebody outside was let in."""
    listed = ", ".join(map(str, ports[:4]))
    more = (
        Text(f"; có {mappings} ánh xạ cổng trên bộ định tuyến", f"; the router holds {many(mappings, 'mapping', 'mappings')} for it")
        if mappings
        else Text("", "")
    )
    vi = f"“{name}”" if name else "Một thiết bị"
    en = f"“{name}”" if name else "A device"
    return Text(
        f"{vi} đã nhận kết nối từ Internet vào cổng TCP {listed}{more.vi}.",
        f"{en} accepted a connection from the Internet at TCP port {listed}{more.en}.",
    )


def mapped(name: str, ports: Sequence[str], *, agreed: bool) -> Text:
    """A router lets, or was asked to let, something in."""
    listed = ", ".join(ports[:4])
    vi = f"“{name}”" if name else "một thiết bị"
    en = f"“{name}”" if name else "a device"
    if agreed:
        return Text(f"Bộ định tuyến mở cổng {listed} từ Internet vào {vi}.", f"The router opens port {listed} from the Internet to {en}.")
    return Text(
        f"Có yêu cầu bộ định tuyến mở cổng {listed} từ Internet vào {vi}; chưa nghe được trả lời.",
        f"The router was asked to open port {listed} from the Internet to {en}; its answer was not heard.",
    )


def knocked(ports: Sequence[int]) -> Text:
    """The SOC found ports of the public address open."""
    listed = ", ".join(map(str, ports[:8]))
    return Text(f"SOC gõ thử từ Internet: cổng {listed} của đường truyền này đang mở.", f"Knocked from the Internet: port {listed} of this line is open.")


def between(citizens: str, staff: str) -> Text:
    """A device of the citizens' network was let in by one of the officers'."""
    return Text(
        f"Thiết bị ở “{shown(citizens)}” kết nối được vào thiết bị ở “{shown(staff)}” qua bộ định tuyến: không có gì chặn giữa hai mạng.",
        f"A device on “{shown(citizens)}” could connect to one on “{shown(staff)}” through the router: nothing stands between the two.",
    )
