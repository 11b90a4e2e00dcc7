"""Sentences written for this test that sell: each must be found, however it is dressed up."""

from __future__ import annotations

import pytest

from collector.decode.web.words.judge import judge_text, judge_title, may_hold

VIETNAMESE = [
    "Lux79 - nhà cái đến từ châu Âu, nạp rút trong 30 giây, thưởng ngay 150% cho lần nạp đầu tiên. Truy cập ngay!",
    "Chào mừng bạn đến với Zora88, thiên đường giải trí với hàng nghìn trò chơi: nổ hũ, bắn cá, đá gà, xóc đĩa. Đăng ký nhận ngay 88k.",
    "Tải app cổng game Rồng Lửa, chơi tài xỉu, tiến lên miền nam đổi thưởng, rút tiền về ngân hàng sau 2 phút",
    "Anh em nào mê đá gà Thomo thì vào kênh này, có link xem trực tiếp cựa sắt mỗi ngày, cược từ 10k",
    "Soi cầu miền Bắc hôm nay, chốt bạch thủ lô chuẩn xác 99%, cao thủ soi cầu 247 miễn phí cho anh em về bờ",
    "Dự đoán XSMB ngày mai, dàn đề 36 số bất bại, song thủ lô đẹp nhất, vào nhóm Zalo để nhận số VIP",
    "Tỷ lệ kèo nhà cái trực tuyến tối nay, kèo chấp châu Á, kèo tài xỉu, bảng tỷ số cập nhật từng phút",
    "Link vào Mocbet mới nhất không bị chặn 2025, đăng nhập Mocbet trên điện thoại nhanh nhất",
    "Hướng dẫn đăng ký tài khoản, nạp tiền, rút tiền tại nhà cái Vinabet88 chỉ với ba bước đơn giản",
    "Game bài đổi thưởng uy tín số 1 Việt Nam, tặng giftcode tân thủ 100K, đại lý khắp cả nước",
    "nha cai uy tin hang dau chau a, nap rut sieu toc, hoan tra khong gioi han, dang ky nhan 100k",
    "game bai doi thuong online, no hu doi thuong, ban ca doi thuong tai ve may ngay hom nay",
    "soi cau mien bac 247, bach thu lo chuan, lo de online ti le 1 an 99",
    "nh@ c@i uy tin so 1, t4i xiu md5 xanh chin, link vao khong bi chan",
    "N h à  c á i  M a x 8 8  khuyến mãi nạp lần đầu 200%",
    "𝐍𝐡𝐚̀ 𝐜𝐚́𝐢 𝐮𝐲 𝐭𝐢́𝐧 𝐙𝐔𝟖𝟖 - 𝐭𝐚̣̆𝐧𝐠 𝟓𝟎𝐊 𝐭𝐫𝐚̉𝐢 𝐧𝐠𝐡𝐢𝐞̣̂𝐦",
    "Ⓚⓤ❽❽ nổ hũ mỗi ngày, rút tiền siêu tốc, inbox em nhận link",
    "𝗕𝗢𝗠𝟴𝟴 🔥 Casino trực tuyến 🔥 hoàn trả 1,5% mỗi ngày 🔥 CSKH 24/7",
    "Bạn thích cảm giác hồi hộp của bàn roulette? Hãy mở tài khoản hôm nay, tiền cược miễn phí đang chờ, mỗi vòng cược đều được hoàn.",
    "Chỉ cần một chiếc điện thoại là bạn đã có cả sòng bài trong tay, dealer xinh đẹp phục vụ 24 giờ, thắng bao nhiêu rút bấy nhiêu",
    "Mình chơi ở đây hai năm rồi, nạp rút nhanh, hoa hồng đại lý cao, ai muốn làm đại lý nhà cái thì nhắn Telegram",
    "Kèo thơm tối nay: cửa dưới chấp nửa trái, anh em vào nhóm kín chốt kèo cùng chuyên gia, thắng mới thu phí",
    "Đánh giá nhà cái Ruby66: giao diện đẹp, tỷ lệ cược hấp dẫn, khuyến mãi thành viên mới tới 3 triệu đồng",
    "Top 10 nhà cái uy tín nhất năm nay được cộng đồng cược thủ bình chọn, kèm link đăng ký chính thức",
    "Xóc đĩa online bịp hay không? Câu trả lời là không nếu bạn chọn đúng cổng game quốc tế Hoàng Kim. Chơi ngay",
    "Quay hũ trúng lớn: jackpot hiện đã vượt 2 tỷ, nổ hũ liên tục mỗi 5 phút, nhanh tay đăng ký",
    "Tham gia cá cược bóng đá trực tuyến mùa Euro, cược miễn phí 50K cho hội viên mới, không cần nạp",
    "#nhacaiuytin #linkvaonhacai #zubet88 #dangkyzubet88 nơi giải trí hàng đầu",
    "Lô đề online tỷ lệ 1 ăn 99,5, trả thưởng sau 5 phút quay số, ghi lô đề qua điện thoại",
    "Hoàn trả mỗi ngày, vòng cược thấp nhất thị trường, sảnh casino đủ các hãng, link dự phòng luôn sẵn",
    "App tải về là có 58k, chơi bắn cá săn boss nhận thưởng thật, rút tiền thật, giới thiệu bạn bè nhận hoa hồng",
    "bóng đá ảo, thể thao ảo, số đề, slot game, đá gà trực tuyến - tất cả có tại Vua99",
]
OTHER = [
    "Situs slot gacor hari ini gampang menang, deposit pulsa tanpa potongan, bonus new member 100%",
    "Bandar togel terpercaya dengan hadiah 4D terbesar, daftar sekarang lewat link alternatif",
    "RTP live tertinggi malam ini, pola gacor mahjong ways, scatter hitam pasti turun",
    "makasih banyak bang, depo 50 wd 3 juta di 𝗡𝗔𝗚𝗔𝟴𝟴 hari ini",
    "gila baru main sebentar di RAJA TOTO udah jp, mantap banget",
    "awalnya ragu, eh maxwin di 𝘽𝙄𝙈𝘼 𝟰𝘿 cuan terus",
    "main di Na ga ho ki emang gampang menang bro",
    "slottt gacorr deposit qris 10rb langsung maxwin",
    "Agen sabung ayam online dan taruhan bola resmi, login sekarang",
    "สล็อตเว็บตรง แตกง่าย ฝากถอนไม่มีขั้นต่ำ สมัครรับเครดิตฟรี",
    "แทงบอลออนไลน์ บาคาร่า คาสิโนสด โบนัสแรกเข้า 100%",
    "澳门新葡京官方网站 注册送彩金 百家乐 真人荷官 在线下载",
    "博彩平台推荐,体育投注返水最高,开户送88元",
    "線上娛樂城推薦 註冊送體驗金 百家樂 老虎機 快速提款",
    "オンラインカジノ 入金不要ボーナス 初回登録で5000円",
    "スーパーコピー時計 激安通販 送料無料 N級品専門店",
    "카지노사이트 추천 먹튀검증 안전놀이터 가입머니 3만원",
    "토토사이트 첫충 보너스 바카라 슬롯 신규 가입 이벤트",
    "Best online casino 2025: claim a 200% welcome bonus and 100 free spins, play for real money now",
    "Join the most trusted betting site in Asia, fast deposits and withdrawals, live casino and slots",
    "Zeta88 is a prestigious bookmaker with attractive promotions, register now to play baccarat and fish shooting",
    "No deposit bonus codes, crypto casino with instant cash out, sign up now",
    "Buy generic viagra online without a prescription, cheap cialis, free shipping",
    "Canadian pharmacy no prescription needed, order viagra and levitra today",
    "Replica Rolex watches AAA quality, louis vuitton outlet, 80% off, free shipping",
    "Cheap NFL jerseys wholesale from China, order now",
    "Free Robux generator no human verification, unlimited coins 2025",
    "Write my essay for me: best essay writing service, custom essay in 3 hours, order now",
    "Thuốc cường dương chính hãng, viagra Mỹ giao hàng kín đáo, gọi hotline",
    "Làm bằng đại học giả, làm bằng giả giá rẻ, có hồ sơ gốc, liên hệ zalo",
]
TITLES = [
    "Lux79 - Trang chủ nhà cái Lux79 chính thức",
    "Kubom88 | Link đăng nhập Kubom88 mới nhất",
    "Game bài đổi thưởng uy tín",
    "Soi cầu XSMB - Dự đoán kết quả xổ số miền Bắc",
    "Slot Gacor Hari Ini",
    "Daftar Situs Togel Resmi",
    "Casino online uy tín hàng đầu",
    "สล็อตเว็บตรง",
    "카지노사이트 추천",
    "博彩网站大全",
    "nổ hũ đổi thưởng",
    "nha cai uy tin nhat 2025",
    "8zbet đăng nhập",
    "ブランドコピー 激安通販",
    "Best betting sites with free spins",
]


@pytest.mark.parametrize("text", VIETNAMESE + OTHER)
def test_what_sells_is_found(text: str) -> None:
    judged = judge_text(text)
    assert judged.sells, judged
    assert judged.value
    assert judged.kind


@pytest.mark.parametrize("text", TITLES)
def test_a_title_that_sells_is_found(text: str) -> None:
    assert judge_title(text).sells, judge_title(text)


@pytest.mark.parametrize("text", VIETNAMESE + OTHER + TITLES)
def test_the_quick_look_misses_nothing_amid_a_page(text: str) -> None:
    page = "Ủy ban nhân dân xã thông báo lịch tiếp công dân. " * 40
    assert may_hold(page + text + page)


@pytest.mark.parametrize(("text", "kind"), [(OTHER[22], "medicine"), (OTHER[24], "goods"), (OTHER[26], "cheats"), (OTHER[0], "gambling")])
def test_the_trade_is_told(text: str, kind: str) -> None:
    assert judge_text(text).kind == kind
