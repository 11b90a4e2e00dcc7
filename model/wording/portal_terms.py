"""What is said of looks at portals wherever they are listed: on the page, in the tree of a check, in the evidence."""

from __future__ import annotations

from typing import Final

from model.text import Text

PART: Final = {
    "home": Text("trang chủ", "home page"),
    "declared": Text("trang khai báo", "declared page"),
    "sample": Text("trang lấy mẫu", "sampled page"),
    "missing": Text("đường dẫn không tồn tại", "path that does not exist"),
    "query": Text("đường dẫn kiểu trang mồi", "address shaped like a doorway"),
}

# What a host is to the visitors of a portal, and the shape that says it without colour.
LAWFUL: Final = {
    "own": Text("của cổng", "the portal’s own"),
    "destination": Text("đích hợp pháp", "lawful destination"),
    "government": Text(".gov.vn chưa khai báo", ".gov.vn, not declared"),
    "none": Text("ngoài danh sách cho phép", "not a lawful destination"),
}

# What is held against a portal: kinds of suspicion of the three rules.
SIGN: Final = {
    "gambling": Text("chuyển sang trang cá cược", "sends to a gambling page"),
    "other_trade": Text("chuyển sang trang bán hàng rác", "sends to a spam shop"),
    "address": Text("chuyển sang một địa chỉ IP lạ", "sends to a bare IP address"),
    "dead_end": Text("chuyển sang trang lạ không mở được", "sends to a strange page that does not open"),
    "unseen_end": Text("chuyển sang trang lạ không xem được", "sends to a strange page that cannot be seen"),
    "missing_path": Text("đường dẫn không tồn tại lại chuyển đi", "paths that do not exist send away"),
    "hidden_script": Text("chuyển bằng mã bị che giấu", "sends by a script that hides it"),
    "long_chain": Text("chuyển qua nhiều chặng lạ", "sends over many strange hops"),
    "only_some": Text("chỉ một số kiểu khách bị chuyển", "sends only some visitors"),
    "offered": Text("bấm vào trang thì sang trang cá cược", "a click leads to gambling"),
    "government": Text("chuyển sang .gov.vn chưa khai báo", "leads to a .gov.vn host that is not declared"),
    "expired": Text("đích chuyển đã hết thời hạn", "leads to a destination whose time is over"),
    "moved": Text("chuyển sang trang chưa khai báo", "leads to a host that is not declared"),
    "cloaking": Text("khách khác thấy nội dung khác", "others are shown something else"),
    "differs": Text("khách khác thấy trang khác hẳn", "others are shown quite another page"),
    "promotion": Text("hiện nội dung quảng cáo", "shows advertising"),
    "promoted_title": Text("tiêu đề bị đổi thành quảng cáo", "title turned into advertising"),
    "promoted_links": Text("hiện liên kết quảng cáo", "shows advertising links"),
    "topic": Text("nói về cá cược", "speaks of gambling"),
    "hidden_links": Text("liên kết ẩn ra trang ngoài", "hidden links to other sites"),
    "hidden_text": Text("chữ quảng cáo bị ẩn", "hidden advertising text"),
    "hidden_frame": Text("khung ẩn của trang ngoài", "hidden frame of another site"),
    "foreign_tag": Text("thẻ trỏ sang trang khác", "tags that name another site"),
    "product": Text("hàng hóa trên trang của cơ quan", "goods on an office’s page"),
    "other_script": Text("trang bằng chữ nước ngoài", "pages in foreign letters"),
    "doorway": Text("trang mồi cho máy tìm kiếm", "doorway pages for search engines"),
    "sitemap_flood": Text("sơ đồ trang đầy địa chỉ mồi", "sitemap full of doorway addresses"),
    "sitemap_jump": Text("sơ đồ trang tăng đột biến", "sitemap that jumped"),
    "foreign_entries": Text("sơ đồ trang chứa tên miền khác", "other hosts in the sitemap"),
    "inserted_script": Text("mã nạp từ máy chủ lạ", "code from a strange host"),
    "appended": Text("thư viện bị chèn thêm mã", "library with code appended"),
    "obfuscated": Text("mã bị che giấu", "code that hides what it does"),
    "brand_host": Text("tên miền kiểu nhà cái", "host named like a bookmaker"),
    "feed": Text("tên miền trong danh sách cá cược", "host on a gambling list"),
    "service_worker": Text("mã chạy ngầm của trang ngoài", "background worker of another site"),
    "click_hijack": Text("cướp cú bấm đầu tiên", "hijacks the first click"),
    "exploit": Text("mã tấn công trình duyệt", "code that attacks browsers"),
}
