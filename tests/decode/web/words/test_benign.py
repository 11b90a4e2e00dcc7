"""Sentences written for this test that sell nothing, although their words stand in the tables."""

from __future__ import annotations

import pytest

from collector.decode.web.words.judge import judge_text, judge_title, may_hold

VIETNAMESE = [
    "Công an tỉnh triệt phá đường dây đánh bạc qua mạng, thu giữ 20 điện thoại; các đối tượng lập nhà cái Bong88 trái phép và tuyển đại lý hưởng hoa hồng.",
    "Cảnh báo: các trang giả mạo quảng cáo “nhà cái uy tín, nạp rút siêu tốc, đăng ký nhận 100K” là thủ đoạn lừa đảo chiếm đoạt tài sản. "
    "Công an đề nghị người dân không truy cập.",
    "Nghị định số 03/2017/NĐ-CP về kinh doanh casino quy định điều kiện, xử phạt vi phạm hành chính và quản lý người chơi.",
    "Dự thảo nghị định về kinh doanh đặt cược đua ngựa, đua chó và bóng đá quốc tế: mức cược tối thiểu, người chơi từ đủ 21 tuổi.",
    "Công ty TNHH MTV Xổ số kiến thiết nộp ngân sách 1.200 tỷ đồng, trong đó thuế tiêu thụ đặc biệt tăng 5 %.",
    "Kết quả xổ số miền Bắc ngày 15/6: giải đặc biệt 12345, giải nhất 67890. Vé trúng giải được bán tại huyện Thanh Trì.",
    "Người đàn ông trúng giải Jackpot Vietlott 60 tỷ đồng đã trích 2 tỷ đồng ủng hộ quỹ vì người nghèo.",
    "Đội tuyển Việt Nam gặp Thái Lan: giới chuyên môn đánh giá cửa trên thuộc về chủ nhà, tỷ lệ kèo chấp nửa trái theo các nhà cái châu Á, "
    "HLV cho biết đội hình chưa chốt.",
    "Nhận định trận đấu: soi kèo cho thấy đội khách lép vế; trước đó tiền đạo chủ lực chấn thương ở phút 70, HLV phải thay đổi đội hình.",
    "Lễ hội đá gà ngày xuân của đồng bào được tổ chức tại sân nhà văn hóa thôn, không cá cược, có giám sát của công an xã.",
    "Chị bán cá ở chợ Bến Thành cho biết giá tôm tăng trước Tết.",
    "Trong truyện cổ, người con út đào được hũ vàng dưới gốc đa, mẹ anh bảo chia cho làng.",
    "Bài thi môn Toán có 50 câu, thí sinh làm trong 90 phút, đề thi bám sát chương trình.",
    "Giải cờ vua học sinh phổ thông: đăng ký trước ngày 20/5, phần thưởng gồm cúp và giấy khen, liên hệ hotline 1900 0000.",
    "Mời bạn đăng ký tài khoản trên Cổng Dịch vụ công quốc gia, đăng nhập bằng VNeID để nộp hồ sơ trực tuyến, tải ứng dụng miễn phí.",
    "Hướng dẫn nạp tiền, rút tiền qua ví điện tử để nộp phí, lệ phí thủ tục hành chính.",
    "Trung tâm phục vụ hành chính công còn 12 slot tiêm trong buổi sáng, người dân đặt lịch trước.",
    "Quyết định 88/QĐ-UBND và Nghị quyết NQ68/2025 về phát triển kinh tế tư nhân; công văn CV99 kèm theo.",
    "Tổ 68, phường 8, quận 11; điện thoại 0888.888.888, fax 024 3888 8888; biển số 29A-888.88.",
    "Thuốc B6, vitamin B12, máy đo SP800, quạt H88 giảm giá; tiêu chuẩn TCVN 5687, ISO 27001, QCVN 66.",
    "Tiến lên chủ nghĩa xã hội là con đường Đảng và nhân dân ta đã lựa chọn, cả nước vững bước tiến lên.",
    "Xưởng mộc làm vì kèo, cột kèo bằng gỗ lim cho đình làng, mỗi bộ kèo nặng hai tạ.",
    "Trẻ em thích kẹo kéo, kẹo dừa; cửa hàng bán keo dán và đồ chơi bài hát cho bé.",
    "Đề nghị các lô hàng đề rõ nguồn gốc; lô đề xuất lần này gồm 15 lô thuốc.",
    "Hội thảo về tác hại của cờ bạc, cá độ bóng đá, lô đề trong thanh niên; Đoàn xã tuyên truyền phòng chống tệ nạn.",
    "Bị cáo khai đã đánh tài xỉu, xóc đĩa trên cổng game đổi thưởng và thua 3 tỷ đồng; Hội đồng xét xử tuyên phạt 5 năm tù.",
    "Sở Thông tin và Truyền thông rà soát 40 trang .gov.vn bị chèn liên kết cá cược, nhà cái 8xbet, yêu cầu gỡ bỏ trong 24 giờ.",
    "Người dân phản ánh trang web xã hiện chữ “casino online”, “nổ hũ đổi thưởng”; cơ quan chức năng đang điều tra.",
    "Cụm từ “tổ tôm”, “chắn” là trò chơi dân gian của người cao tuổi trong dịp Tết, câu lạc bộ thơ tổ chức thi đấu giao hữu.",
    "Đề án chuyển đổi số: mỗi xã một cổng thông tin, ưu đãi khởi nghiệp, khuyến mãi hàng Việt, chất lượng hàng đầu.",
    "Chương trình khuyến mãi của Viettel: tặng 50% giá trị thẻ nạp, đăng ký ngay qua tổng đài, áp dụng đến 30/6.",
    "Đội bóng đá nữ ghi bàn ở phút 88, thắng 2-1 trên sân nhà, giành vé vào chung kết.",
    "Đánh bài trừ tệ nạn, ghi đề mục, trả nợ hư hỏng là các cụm từ dễ nhầm khi bỏ dấu.",
    "no hu hong nhieu, de nghi cac xa ban ca ve viec nay, keo dai den thang 8",
    "Máy bay Boeing 777 và Airbus A330, tàu SE7, quốc lộ QL66, xe buýt số 88 chạy từ 5 giờ.",
    "Ông Nguyễn Văn Bét, bà Trần Thị Win, cầu thủ Edwin và ban nhạc của Darwin dự lễ kết nghĩa.",
]
OTHER = [
    "Appointment slots: choose a time slot, sign in with your account, free of charge; next slot available at 10:00.",
    "The Tibet autonomous region, the alphabet, Kubernetes 1.88 and Windows 10 are spelt with b, e, t.",
    "Get the latest odds and matches by bookmaker. Endpoint returns JSON with betting markets, query parameter id required.",
    "This API returns lottery results for Powerball and Mega Millions, request with a date parameter.",
    "Police arrested twelve people in a raid on an illegal online casino, prosecutors said on Monday.",
    "The National Lottery Fund gave a grant to the museum; a prize draw for charity takes place in May.",
    "Casino Royale is a 2006 film; critics praised the poker scene, said reporters at the time.",
    "University researchers study gambling addiction among young players of slot machines, according to a report.",
    "Diesel generator set for sale by tender, unlimited warranty, documents available at the procurement office.",
    "The outlet of the drainage canal was repaired; jerseys for the school team were donated.",
    "Daftar isi, daftar pustaka dan daftar hadir rapat dengan bandar udara Kuala Lumpur.",
    "Polisi menangkap tersangka bandar judi online, situs slot diblokir Kominfo, kata juru bicara.",
    "Thành phố kết nghĩa: 友好都市の札幌市から代表団が訪問し、文化交流と観光について話し合いました。",
    "베트남과 한국의 투자 협력 설명회에 기업 대표들이 참석하여 산업단지 정보를 공유했다.",
    "投资环境介绍:本省工业园区交通便利,欢迎外国企业前来考察合作。",
    "警方破获一起网络赌博案件,抓获犯罪嫌疑人12名,法院依法审理。",
    "경찰은 불법 온라인 도박 사이트 운영자 5명을 검거했다고 밝혔다.",
    "ตำรวจจับกุมผู้ต้องหาคดีพนันออนไลน์ ผิดกฎหมาย ศาลอนุมัติหมายจับ",
    "楽天イーグルスの選手がブランド米の産地を訪れ、子どもたちと交流した。",
    "となりのトトロの上映会を開催します。入場無料。",
    "Opening hours of the one-stop centre: 7:30 to 17:00; hotline 1022; download the app from the official website.",
    "Weather in Vung Tau: sunny, 33 degrees. Tide table and sea state for fishing boats.",
    "Der Verein sammelt Spenden, das Casino der Universität bleibt geschlossen, sagte ein Sprecher.",
    "Erectile dysfunction is a condition; sildenafil is a prescription medicine, talk to your doctor, according to the ministry.",
    "The study compares generator functions, hash functions md5 and sha256, base64 and h264 encoding of mp3 files.",
]
TITLES = [
    "Triệt phá đường dây đánh bạc qua mạng Bong88",
    "Quy định mới về kinh doanh casino",
    "Kết quả xổ số miền Bắc hôm nay",
    "Soi kèo Việt Nam gặp Thái Lan",
    "Trang chủ - Cổng thông tin điện tử",
    "Đăng nhập hệ thống một cửa",
    "Tải ứng dụng VNeID",
    "Appointment slots",
    "Phòng 123, tầng 8",
    "Cảnh báo website giả mạo chèn quảng cáo nhà cái",
    "Giải bóng đá thiếu niên xã",
    "Vietlott tìm ra người trúng Jackpot 31 tỷ",
    "NQ68-2025",
    "Bộ phim Casino Royale",
    "Lễ hội đua ngựa Bắc Hà",
    "Đá gà ngày Tết: trò chơi dân gian",
    "友好都市",
    "코리아 투자 설명회",
]


@pytest.mark.parametrize("text", VIETNAMESE + OTHER)
def test_what_sells_nothing_stays_silent(text: str) -> None:
    judged = judge_text(text)
    assert not judged.sells, judged


@pytest.mark.parametrize("text", TITLES)
def test_a_title_that_sells_nothing_stays_silent(text: str) -> None:
    assert not judge_title(text).sells, judge_title(text)


def test_who_only_speaks_of_it_is_told_as_such() -> None:
    assert judge_text(VIETNAMESE[0]).topic
    assert not judge_text("Ủy ban nhân dân xã họp giao ban tháng sáu.").topic


def test_a_portals_own_words_do_not_even_need_a_look() -> None:
    assert not may_hold("Ủy ban nhân dân xã thông báo lịch tiếp công dân, đăng nhập để nộp hồ sơ, đăng ký trực tuyến.")
