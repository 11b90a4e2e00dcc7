"""The sentences of the report itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from model.text import Text

if TYPE_CHECKING:
    from model.inspection.document import Course
    from model.text import Language

COURSES: Final[dict[Course, Text]] = {
    "first": Text("báo cáo đầu tiên", "first report"),
    "new": Text("mới", "new"),
    "back": Text("tái diễn", "came back"),
    "worse": Text("nặng hơn", "worse"),
    "still": Text("còn tồn tại", "still open"),
    "closed": Text("đã đóng", "closed"),
    "lapsed": Text("mất dấu", "lapsed"),
}

PHRASES: Final = {
    "title": Text("Báo cáo kiểm tra an ninh mạng", "Cyber-security inspection report"),
    "site": Text("Điểm", "Site"),
    "title_group": Text("Báo cáo kiểm tra an ninh mạng nhiều điểm", "Cyber-security inspection report over several sites"),
    "code": Text("Mã điểm", "Site code"),
    "series": Text("Mã loạt báo cáo", "Code of the series"),
    "number_of_sites": Text("Số điểm", "Sites"),
    "number_of_sites_of": Text("{n} điểm: {told} có báo cáo, {unknown} chưa có (tính là chưa rõ)", "{n}: {told} with a report, {unknown} without (unknown)"),
    "seen_by": Text("Cách kiểm tra", "How it was seen"),
    "by_laptop": Text("máy xách tay tại chỗ, không có hộp: chỉ thấy trong lúc kiểm tra", "a laptop on site, no box: only what was there meanwhile"),
    "inspector": Text("Người kiểm tra", "Inspector"),
    "commune": Text("Mã xã", "Commune code"),
    "province": Text("Mã tỉnh", "Province code"),
    "box": Text("Hộp", "Box"),
    "made": Text("Lập lúc", "Made at"),
    "period": Text("Kỳ báo cáo", "Period"),
    "from_to": Text("từ {since} đến {until}", "from {since} to {until}"),
    "zone": Text("giờ Việt Nam (Asia/Ho_Chi_Minh)", "Viet Nam time (Asia/Ho_Chi_Minh)"),
    "law_now": Text("Pháp luật về dữ liệu cá nhân đang có hiệu lực ngày lập", "Law on personal data in force on that day"),
    "counts_at": Text(
        "Bốn con số của mỗi mục là số đối tượng theo kết luận mới nhất lúc lập báo cáo, dưới mỗi số ghi đếm cái gì; phát hiện và số giờ nghe là của cả kỳ. "
        "“Chưa rõ” không được cộng vào “đạt”. “Máy tính” là máy tự trả lời; “thiết bị” chỉ nghe thấy trên mạng.",
        "The four figures of a row count subjects by the latest verdicts when the report was made, of what kind stands below each; findings and hours are "
        "those of the period. “Unknown” is never added to “clear”. A “PC” answers for itself; a “device” is only heard on the network.",
    ),
    "summary": Text("1. Mười lăm nội dung kiểm tra", "1. The fifteen matters"),
    "number": Text("Số", "No."),
    "matter": Text("Nội dung", "Matter"),
    "violation": Text("Vi phạm", "Violation"),
    "clear": Text("Đạt", "Clear"),
    "unknown": Text("Chưa rõ", "Unknown"),
    "not_applicable": Text("Không áp dụng", "Not applicable"),
    "of_sites": Text("{n} điểm", "{n} sites"),
    "by_hand_of": Text("Kiểm tra bằng tay: {results}", "Checked by hand: {results}"),
    "sites": Text("Từng điểm", "Site by site"),
    "sites_note": Text(
        "● số đối tượng vi phạm, ◌ chưa rõ, ✓ đạt, – không áp dụng; cột là số của nội dung. Máy xách tay không kết luận “đạt” cho cả điểm; "
        "mạng sạch mà chưa máy tính nào báo về cũng vậy.",
        "● subjects in violation, ◌ unknown, ✓ clear, – not applicable; columns are numbers of matters. A laptop clears no whole site, nor does a clean "
        "network while no PC reports.",
    ),
    "standing": Text("Còn mở", "Open"),
    "week": Text("Giờ nghe", "Hours"),
    "told": Text("Báo cáo lúc", "Report of"),
    "findings_of": Text("Phát hiện số", "Findings no."),
    "kind_unwatched": Text("không có quy tắc nào đang chạy", "no rule runs"),
    "kind_unmet": Text("chưa có đối tượng nào để xét, chưa kết luận gì", "nothing to judge yet, nothing concluded"),
    "laptop_unmet": Text("chưa gặp đối tượng nào để xét", "no subject met"),
    "kind_measured": Text("đo, không xét: xem mục 5", "measured, not judged: see section 5"),
    "changes": Text("2. So với báo cáo trước", "2. Since the previous report"),
    "no_previous": Text("Đây là báo cáo đầu tiên của loạt, chưa có gì để so.", "This is the first report of its series; there is nothing to compare with."),
    "previous_made": Text("Báo cáo trước lập lúc {at}.", "The previous report was made at {at}."),
    "gone": Text("Không còn trong nhật ký, không rõ kết cục", "No longer in the journal, end not known"),
    "findings": Text("3. Phát hiện và căn cứ", "3. Findings and evidence"),
    "more_findings": Text(
        "Còn {n} phát hiện khác, nhẹ hơn hoặc đã kết thúc: xem báo cáo của từng điểm.", "{n} more findings, less grave or over: see the reports of the sites."
    ),
    "no_findings": Text(
        "Không có phát hiện nào trong kỳ. Điều này không có nghĩa là an toàn: xem mục 4.", "No findings in this period. This does not mean safe: see section 4."
    ),
    "finding": Text("Phát hiện số {n}", "Finding no. {n}"),
    "rows": Text("mục {rows}", "row {rows}"),
    "subject": Text("Đối tượng", "Subject"),
    "state": Text("Trạng thái", "State"),
    "opened": Text("Mở lúc", "Opened"),
    "updated": Text("Cập nhật", "Updated"),
    "times": Text("lần thứ {n}", "time no. {n}"),
    "owner": Text("Người nhận xử lý", "Taken by"),
    "accepted_until": Text("chấp nhận đến {at}", "accepted until {at}"),
    "evidence": Text("Căn cứ", "Evidence"),
    "more_evidence": Text("và {n} căn cứ nữa trong nhật ký", "and {n} more in the journal"),
    "remedy": Text("Cách xử lý", "What to do"),
    "law": Text("Pháp luật có hiệu lực lúc phát hiện", "Law in force when found"),
    "code_of": Text("Mã", "Id"),
    "unseen": Text("4. Chưa nhìn thấy được gì, vì sao", "4. What could not be seen, and why"),
    "unseen_note": Text(
        "Mỗi số là số kết luận. “Không áp dụng” gồm cả nơi chưa khai báo nên không có gì để xét theo.",
        "Figures count verdicts. “Not applicable” includes what nobody declared, so that there is nothing to judge by.",
    ),
    "all_seen": Text("Mọi đối tượng đã biết đều có kết luận.", "Every known subject has a verdict."),
    "rows_of": Text("Mục", "Rows"),
    "reason": Text("Lý do", "Reason"),
    "how_many": Text("Số kết luận", "Verdicts"),
    "response": Text("5. Theo dõi 24/7, kịp thời ứng phó (đo, không xét)", "5. Watched 24/7, quick response (measured, not judged)"),
    "leg": Text("Chân mạng", "Leg"),
    "vantage": Text("Vị trí nghe", "Vantage"),
    "uplink": Text("Đường truyền", "Uplink"),
    "hours": Text("Giờ nghe trong kỳ", "Hours heard in the period"),
    "week_hours": Text("Giờ nghe 7 ngày cuối (trên 168)", "Hours heard, last 7 days (of 168)"),
    "last_heard": Text("Nghe lần cuối", "Last heard"),
    "never": Text("chưa từng nghe", "never heard"),
    "no_legs": Text("Không có chân mạng nào được nghe trong kỳ này.", "No leg was listened to in this period."),
    "receiver": Text("nơi nhận của máy tính", "receiver of the PCs"),
    "of": Text("{n} trên {of}", "{n} of {of}"),
    "heard_of": Text("nghe {n} giờ trên {of}; 7 ngày cuối {week} giờ", "heard {n} h of {of}; last 7 days {week} h"),
    "to_finding": Text("Từ lần đầu thấy vi phạm đến lúc mở phát hiện", "From the first sight of a violation to its finding"),
    "to_finding_of": Text(
        "{n} phát hiện mở trong kỳ: một nửa trong {half} giây, lâu nhất {longest} giây.", "{n} opened in the period: half within {half} s, longest {longest} s."
    ),
    "to_finding_longest": Text("{n} phát hiện mở trong kỳ; lâu nhất {longest} giây.", "{n} opened in the period; longest {longest} s."),
    "more_legs": Text("Còn {n} chân mạng khác trong tệp JSON.", "{n} more legs in the JSON."),
    "minutes": Text("{n} phút", "{n} min"),
    "to_finding_none": Text("không có phát hiện nào mở trong kỳ", "no finding was opened in the period"),
    "to_sink": Text("Từ lúc xảy ra đến lúc báo tới nơi nhận", "From what happened to its delivery"),
    "to_sink_of": Text(
        "{n} tin: trung bình {mean} giây, một nửa trong {half}, 95 % trong {most}", "{n} delivered: mean {mean} s, half within {half}, 95 % within {most}"
    ),
    "within": Text("{n} giây", "{n} s"),
    "beyond": Text("hơn một ngày", "more than a day"),
    "to_sink_none": Text(
        "chưa đo được: chưa có tin nào được giao kể từ khi dịch vụ gửi đi khởi động, hoặc dịch vụ đó không chạy lúc lập báo cáo",
        "not measured: nothing was delivered since the exporter began, or it was not running when the report was made",
    ),
    "waiting": Text("Chờ gửi lúc lập báo cáo", "Waiting when the report was made"),
    "waiting_of": Text("{n} tin chờ, lâu nhất {oldest} giây; {dead} tin bị từ chối hẳn", "{n} waiting, oldest {oldest} s; {dead} dead letters"),
    "no_sinks": Text("chưa khai báo nơi nhận nào: không ai được báo ngoài trang này", "no sink is configured: nobody is told beyond the page"),
    "annex": Text("6. Phụ lục: máy cũ, phần mềm không rõ nguồn gốc", "6. Annex: old machines, software of unknown origin"),
    "annex_note": Text(
        "Theo chính câu trả lời của máy tính, để lập kế hoạch thay thế; hệ thống không xét đạt hay không đạt.",
        "From the PCs' own answers, for the plan to replace them; nothing is judged here.",
    ),
    "machine": Text("Máy tính", "PC"),
    "system": Text("Hệ điều hành", "System"),
    "model": Text("Kiểu máy", "Model"),
    "processor": Text("Bộ xử lý", "Processor"),
    "cores": Text("{n} nhân", "{n} cores"),
    "memory": Text("Bộ nhớ", "Memory"),
    "disk": Text("Đĩa", "Disk"),
    "installed": Text("Tuổi hệ điều hành", "Age of system"),
    "days": Text("{n} ngày", "{n} days"),
    "support": Text("Hỗ trợ đến", "Supported until"),
    "ended": Text("đã hết", "over"),
    "told_at": Text("Trả lời lúc", "Answered at"),
    "silent": Text("{n} máy chưa cho biết cấu hình.", "{n} PCs told nothing of their hardware."),
    "no_pcs": Text("Chưa có máy tính nào báo về.", "No PC reports."),
    "programs": Text("Phần mềm không rõ nhà phát hành", "Programs without a known publisher"),
    "programs_of": Text("{n} trên {of} phần mềm đã cài", "{n} of {of} installed programs"),
    "more_machines": Text("Còn {n} máy khác: xem báo cáo của từng điểm.", "{n} more PCs: see the reports of the sites."),
    "no_programs": Text("Không máy nào đã trả lời có phần mềm không rõ nhà phát hành.", "No PC that answered has programs without a known publisher."),
    "untold": Text("{n} máy chưa cho biết phần mềm đã cài.", "{n} PCs told nothing of their programs."),
    "by_hand": Text("7. Kiểm tra bằng tay", "7. Checked by hand"),
    "note": Text("Ghi chú của người kiểm tra", "Inspector's note"),
    "date": Text("Ngày", "Date"),
    "result": Text("Kết quả", "Result"),
    "signature": Text("Ký", "Signature"),
    "manual": Text("Phát hiện khác do người kiểm tra ghi", "Other findings written by the inspector"),
    "signed_by": Text("Người kiểm tra (ký, ghi rõ họ tên)", "Inspector (signature, full name)"),
    "signed_for": Text("Đại diện đơn vị (ký, ghi rõ họ tên)", "For the unit (signature, full name)"),
    "day_month": Text("Ngày ….. tháng ….. năm ……..", "Date ……………….."),
    "part_row": Text("mục", "row"),
    "part_kind": Text("mục theo loại đối tượng", "row by kind of subject"),
    "part_sites": Text("mục theo số điểm", "row by sites"),
    "part_site": Text("điểm", "site"),
    "part_manual": Text("kiểm tra bằng tay", "checked by hand"),
    "part_unseen": Text("chưa nhìn thấy", "not seen"),
    "part_finding": Text("phát hiện", "finding"),
    "part_measured": Text("đo", "measured"),
    "part_annex": Text("phụ lục", "annex"),
}


def say(phrase: str, language: Language) -> str:
    """The phrase of that key; KeyError for an unknown key."""
    return PHRASES[phrase].to(language)
