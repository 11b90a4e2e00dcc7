"""The sentences of the province's pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from model.text import Text

PHRASES: Final = {
    "fleet_overview": Text("Tổng quan tỉnh", "The province"),
    "boxes": Text("Hộp", "Boxes"),
    "fleet_open": Text("{n} phát hiện đang mở ở {sites} điểm", "{n} open findings at {sites} sites"),
    "fleet_none": Text("Không có phát hiện nào đang mở", "No open findings"),
    "fleet_of": Text("trên {n} điểm đã khai báo, {m} điểm không nghe thấy", "of {n} declared sites, {m} are not heard"),
    "fleet_not_safe": Text("Điểm không nghe thấy không được tính là đạt.", "A site that is not heard is not counted as clear."),
    "fleet_no_sites": Text("Chưa khai báo điểm nào (sites.csv).", "No site is declared (sites.csv)."),
    "fleet_sites": Text("Các điểm, tệ nhất trước", "Sites, worst first"),
    "fleet_shown": Text("{n} điểm khớp bộ lọc", "{n} sites match"),
    "fleet_search": Text("Tìm tên, mã điểm, mã xã", "Name, code of the site or commune"),
    "fleet_group": Text("Cụm", "Group"),
    "fleet_site": Text("Điểm", "Site"),
    "fleet_site_search": Text("Tên hoặc mã điểm", "Name or code of a site"),
    "fleet_owner": Text("Người nhận", "Taken by"),
    "fleet_nobody": Text("chưa ai nhận", "nobody"),
    "fleet_no_match": Text("Không điểm nào khớp bộ lọc này.", "No site matches these filters."),
    "fleet_standing": Text("Tình trạng", "Standing"),
    "fleet_last": Text("nghe lần cuối {span} trước", "last heard {span} ago"),
    "fleet_never_heard": Text("chưa nghe lần nào", "not heard once"),
    "fleet_no_open": Text("không có phát hiện đang mở", "no open findings"),
    "fleet_judged": Text("{n} kết luận đạt", "{n} judged clear"),
    "fleet_unjudged": Text("{n} chưa rõ", "{n} unknown"),
    "fleet_nothing_judged": Text("chưa có kết luận nào", "nothing judged yet"),
    "fleet_listening": Text("Nghe được đến đâu", "Who is heard"),
    "fleet_campaigns": Text("Chiến dịch: nhiều cổng cùng bị dẫn đến một nơi", "Campaigns: several portals led to one place"),
    "fleet_campaign": Text("{n} phát hiện ở {sites} điểm, từ", "{n} findings at {sites} sites, since"),
    "fleet_no_campaigns": Text("Chưa thấy hai cổng nào bị dẫn đến cùng một nơi.", "No two portals are led to one place."),
    "fleet_worst": Text("Nặng nhất lúc này", "Worst now"),
    "fleet_fifteen_note": Text(
        "Mỗi số là số điểm, mỗi điểm tính một lần theo đối tượng tệ nhất. “Chưa có kết luận” là điểm chưa gửi gì về nội dung đó, không bao giờ là đạt.",
        "Each figure counts sites, each once, at its worst subject. “Nothing judged” are sites that said nothing of the matter; they are never clear.",
    ),
    "fleet_unheard": Text("Chưa có kết luận", "Nothing judged"),
    "fleet_measured": Text("đo, không xét: xem trang Gửi đi", "measured, not judged: see Delivery"),
    "fleet_beyond": Text("Chỉ lật được tới phát hiện thứ {n}; hãy lọc hẹp hơn.", "Only the first {n} can be paged through; narrow the list."),
    "fleet_unknown_site": Text("Không điểm nào có tên hay mã như vậy.", "No site has such a name or code."),
    "fleet_silent_many": Text("{n} điểm không nghe thấy", "{n} sites are not heard"),
    "fleet_silent_none": Text("{n}/{n} điểm đã khai báo có tin", "{n} of {n} declared sites are heard"),
    "fleet_blind": Text("Không thấy được gì ở điểm này: cả mười lăm nội dung", "Nothing at this site can be seen: all fifteen matters"),
    "fleet_blind_boxes": Text("Chưa khai hộp nào cho điểm này (boxes.csv): không ai theo dõi", "No box is declared for it (boxes.csv): nobody watches"),
    "fleet_blind_unknown": Text("Chưa biết: tỉnh chưa đọc được nhịp tim", "Not known: the province could not read heartbeats"),
    "fleet_parts": Text("Bộ thu, máy tính, cổng ở các điểm", "Sensors, PCs and portals at the sites"),
    "fleet_parts_note": Text(
        "Theo lời hộp của mỗi điểm; quá 3 ngày hộp không nhắc lại thì thành chưa rõ.",
        "As each site's box says; what it did not repeat for 3 days is unknown.",
    ),
    "fleet_parts_unsaid": Text(
        "Chưa điểm nào khai báo {what}: ở đó ai im lặng thì chưa thể biết.", "No site declares any {what}: who is silent there cannot be known."
    ),
    "fleet_parts_none": Text("Chưa điểm nào gửi về.", "No site has sent any."),
    "no_fleet": Text("Kho dữ liệu của tỉnh chưa trả lời", "The store of the province does not answer"),
    "no_fleet_why": Text(
        "Trang này đọc Elasticsearch hoặc OpenSearch của tỉnh. Không đọc được thì không thể nói điểm nào im lặng hay đạt. Hãy kiểm tra kho; trang tự tải lại.",
        "This page reads the province's Elasticsearch or OpenSearch. While it cannot, nobody can be called silent or clear. Check the store; reload.",
    ),
    "live_away_fleet": Text("Kho dữ liệu của tỉnh chưa trả lời, số liệu có thể cũ", "The store does not answer, figures may be old"),
    "boxes_note": Text(
        "Những gì tỉnh biết về hộp của điểm này là nhịp tim gần nhất. Ảnh chụp, chứng cứ và tin bị nơi nhận từ chối nằm ở hộp, tỉnh không có.",
        "What the province knows of this site's boxes is their last heartbeat. Screenshots, evidence and refused rows are on the box; the province has none.",
    ),
    "site_silent": Text(
        "Điểm này đang im lặng: tỉnh nghe hộp lần cuối lúc {at}. Mọi điều dưới đây là của lúc đó, bây giờ ra sao thì chưa rõ.",
        "This site is silent: the province heard its box last at {at}. All below is of that time; how it stands now is not known.",
    ),
    "site_never": Text(
        "Tỉnh chưa nghe hộp nào của điểm này lần nào: trang trống không có nghĩa là an toàn.",
        "The province has never heard a box of this site: an empty page does not mean safe.",
    ),
    "site_unknown": Text(
        "Tỉnh chưa đọc được nhịp tim của điểm này: chưa rõ những điều dưới đây có còn đúng không.",
        "The province could not read this site's heartbeats: whether what stands below still holds is not known.",
    ),
    "boxes_none": Text("Chưa nghe thấy hộp nào của điểm này.", "No box of this site was heard."),
    "box_waiting": Text("Đang chờ gửi", "Waiting"),
    "box_oldest": Text("Chờ lâu nhất", "Oldest"),
    "box_lost": Text("Đã phải bỏ", "Given up"),
    "box_sensors": Text("Bộ thu", "Sensors"),
    "core_apart": Text("Số liệu của lõi nằm ở hộp của điểm, tỉnh không có.", "Core's own figures are on the site's box; the province has none."),
    "report_choose": Text(
        "Chọn cụm hoặc toàn tỉnh để lập báo cáo chung; một điểm thì mở trang của điểm đó.",
        "Choose a group or the whole province for one report; for one site open that site's page.",
    ),
    "report_make": Text("Lập báo cáo", "Make the report"),
    "report_whole": Text("Lập báo cáo toàn tỉnh ({n} điểm)", "Report over the whole province ({n} sites)"),
    "report_making": Text(
        "Đang lập báo cáo, đã đọc {n}/{of} điểm. Trang tự tải lại mỗi 5 giây; báo cáo toàn tỉnh có thể mất vài phút, mỗi lúc chỉ lập một báo cáo.",
        "The report is being made, {n} of {of} sites read. This page reloads every 5 seconds; a whole province may take minutes, one report at a time.",
    ),
}

TERMS: Final[Mapping[str, Mapping[Any, Text]]] = {
    "heard": {
        "heard": Text("đang nghe thấy", "heard"),
        "silent": Text("im lặng", "silent"),
        "never": Text("chưa từng nghe thấy", "never heard"),
        "unknown": Text("chưa rõ", "unknown"),
    },
    "site_state": {
        "violation": Text("có vi phạm", "violations"),
        "unknown": Text("chưa rõ", "unknown"),
        "clear": Text("đạt", "clear"),
        "not_applicable": Text("không áp dụng", "not applicable"),
    },
}
