"""The fifteen matters of the inspections of June 2025 in their order and words, and what a report leaves to an inspector's own eyes.

Source: two reports of the Ministry of Public Security on readiness for two-level local government, 27 and 30 June 2025.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from model.text import Text


class Matter(NamedTuple):
    """One of the fifteen: its title for people, and what counts as a violation of it."""

    title: Text
    violation: Text


class ByHand(NamedTuple):
    """Something no sensor can see: what the inspector looks at himself, and writes down; `code` in the list that he writes."""

    code: str
    title: Text
    how: Text


MATTERS: Final = (
    Matter(
        Text("Cán bộ và người dân dùng chung mạng", "Staff and citizens share a network"),
        Text(
            "Thiết bị của người dân và của cán bộ chung một mạng (lớp 2), một dải địa chỉ, đi được sang nhau, hoặc chỉ chung đường truyền: bốn mức khác nhau.",
            "Citizens' and staff devices share layer 2, a range of addresses, a routed path, or only the line: four different strengths.",
        ),
    ),
    Matter(
        Text("Thiết bị trình chiếu còn bật truy cập, điều khiển, phản chiếu", "Screens left open to access, control and mirroring"),
        Text(
            "Màn hình nhận hình, lệnh hoặc ứng dụng từ thiết bị chưa được phép; nặng nhất là việc đó vừa xảy ra.",
            "A screen that takes a picture, a command or an application from a sender nobody approved; worst: it just happened.",
        ),
    ),
    Matter(
        Text("Chưa hạn chế thiết bị ngoại vi", "Peripherals not restricted"),
        Text(
            "Máy tính không có kiểm soát thiết bị ngoại vi; thiết bị không có trong danh mục; điện thoại hoặc USB 4G mở thêm đường ra mạng.",
            "A PC without device control; a device that the register does not list; a phone or 4G stick giving another way out.",
        ),
    ),
    Matter(
        Text("Trang web tỉnh bị chèn mã, chuyển hướng", "Provincial websites injected or redirected"),
        Text(
            "Có kiểu người truy cập bị đưa đến, bị cho xem hoặc bị tải nội dung mà cơ quan chủ quản không đăng.",
            "Some kind of visitor is sent to, shown, or made to load what the portal's owner did not publish.",
        ),
    ),
    Matter(
        Text("Thiếu phần mềm phòng chống mã độc, chưa kích hoạt bản quyền", "Antivirus missing or not licensed"),
        Text(
            "Không có, bị tắt, dữ liệu cũ, thiếu hoặc hết hạn bản quyền.",
            "None, off, out of date, licence missing or expired.",
        ),
    ),
    Matter(
        Text("Lưu mật khẩu trên trình duyệt, đồng bộ tài khoản", "Passwords saved in browsers, accounts synced"),
        Text(
            "Có mật khẩu lưu trong trình duyệt; đồng bộ bằng tài khoản ngoài cơ quan; không có chính sách cấm hai việc đó.",
            "Saved log-ins; syncing with an account outside the organisation; no policy forbidding either.",
        ),
    ),
    Matter(
        Text("Không đặt mật khẩu, mật khẩu yếu, dùng chung", "No logon password, weak or shared"),
        Text(
            "Không có hoặc không bắt buộc mật khẩu, tự đăng nhập, chính sách yếu, nhiều người chung một tài khoản.",
            "Blank, not required, automatic, weak policy, one account for several people.",
        ),
    ),
    Matter(
        Text("Hệ điều hành, Office không bản quyền", "Unlicensed operating system or Office"),
        Text("Chưa kích hoạt, hoặc kích hoạt bằng công cụ hay máy chủ lậu.", "Not activated, or activated by a piracy tool or server."),
    ),
    Matter(
        Text("Không cập nhật bản vá", "Patches not applied"),
        Text(
            "Bản cập nhật gần nhất cũ hơn 45 hoặc 90 ngày; sản phẩm đã hết hỗ trợ; tắt cập nhật.",
            "Latest cumulative update older than 45 or 90 days; product out of support; updating switched off.",
        ),
    ),
    Matter(
        Text("Dùng tài khoản quản trị hằng ngày", "Administrator account used daily"),
        Text(
            "Trong 5 ngày làm việc gần nhất có từ 3 ngày làm việc bằng tài khoản quản trị.",
            "An administrator's account is the one worked in on 3 of the last 5 working days.",
        ),
    ),
    Matter(
        Text("Phần mềm điều khiển từ xa", "Remote-control software"),
        Text("Nặng dần: đã cài, tự chạy, đang chạy, đang có phiên điều khiển.", "Ever worse: installed, runs by itself, running, session now."),
    ),
    Matter(
        Text("Lưu giữ giấy tờ, hình ảnh của người dân", "Citizens' papers and pictures kept"),
        Text(
            "Giấy tờ của người dân để trên máy quá số ngày cho phép; chỉ đếm số lượng và tuổi, không đọc nội dung, không ghi tên tệp.",
            "Citizens' documents older than the allowed days; counts and ages only, no content, no file names.",
        ),
    ),
    Matter(
        Text("Không có tường lửa bảo vệ mạng", "No firewall protects the network"),
        Text(
            "Bên ngoài tự vào được mạng trong, có mở cổng, tường lửa máy tính tắt, địa chỉ bị chiếm, có máy chủ cấp địa chỉ lạ.",
            "Unsolicited inbound reaches the LAN, port mappings, host firewall off, addresses taken over, rogue servers.",
        ),
    ),
    Matter(
        Text("Máy chưa kết nối SOC", "Machines not connected to the SOC"),
        Text(
            "Điểm, máy tính, bộ thu hoặc cổng đã khai báo mà không nghe thấy gì; máy cán bộ có trên mạng nhưng chưa đăng ký.",
            "A declared site, PC, sensor or portal of which nothing is heard; a staff PC on the wire that is enrolled nowhere.",
        ),
    ),
    Matter(
        Text("Theo dõi 24/7, kịp thời ứng phó", "Watched 24/7, quick response"),
        Text(
            "Đo, không xét: số giây từ lúc vi phạm đến lúc báo tới nơi, tin chờ gửi lâu nhất, số giờ nghe trong tuần.",
            "Measured, not judged: seconds from violation to delivery, age of the oldest undelivered change, hours watched per week.",
        ),
    ),
)

# Titles alone, for pages and alerts.
FIFTEEN: Final = tuple(matter.title for matter in MATTERS)
# Answered by figures, not by verdicts.
MEASURED: Final = 15
# Whose findings rest on the law on personal data: saved passwords, citizens' documents.
PERSONAL_DATA: Final = frozenset({6, 12})

BY_HAND: Final = (
    ByHand(
        "A",
        Text("Phần cứng chưa qua kiểm tra an ninh", "Hardware not yet inspected"),
        Text(
            "Máy tính, thiết bị mạng, màn hình đã được kiểm tra an ninh trước khi đưa vào dùng chưa? Xem tem, biên bản.",
            "Were PCs, network devices and screens inspected before they were put to use? Look at seals and minutes.",
        ),
    ),
    ByHand(
        "B",
        Text("Tài khoản quản trị và máy chủ chưa cấu hình bảo vệ", "Administrators' accounts and servers not configured"),
        Text(
            "Ai giữ tài khoản quản trị, máy chủ đã cấu hình bảo vệ chưa? Máy chủ cũng cài được bộ câu hỏi như máy tính.",
            "Who holds administrators' accounts, are servers configured? Servers can run the same queries as PCs.",
        ),
    ),
)

# For what an inspector found beyond all this.
BLANK_LINES: Final = 3

OUTSIDE: Final = Text(
    "Ngoài phạm vi hệ thống này: phí và lệ phí, quy trình thủ tục, con dấu, nguồn thiết bị chữ ký số, tuyên truyền, số hóa thủ tục.",
    "Outside this system: fees, procedures, seals, the stock of e-signature devices, public information, digitisation of procedures.",
)
