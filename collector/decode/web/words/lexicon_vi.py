"""Vietnamese: what sellers of gambling say, what they sell, what both sides speak of, and who else uses such words.

Accented forms; a group that `folds` holds phrases which collide with nothing once their marks are dropped.
"""

from __future__ import annotations

from collector.decode.web.words.terms import Group

GROUPS: tuple[Group, ...] = (
    # --- who sells ---
    Group(
        "offer",
        3,
        """
        nhà cái uy tín, nhà cái số #, nhà cái hàng đầu, top nhà cái, danh sách nhà cái, review nhà cái, đánh giá nhà cái, so sánh nhà cái,
        chọn nhà cái, link nhà cái, link vào nhà cái, vào nhà cái, trang chủ nhà cái, nhà cái trực tuyến, nhà cái online, nhà cái đến từ,
        nhà cái châu á, nhà cái mới, nhà cái cá cược, nhà cái casino, nhà cái tặng, nhà cái tặng tiền, đăng ký nhà cái, đăng nhập nhà cái,
        tham gia nhà cái, chơi tại nhà cái, app nhà cái, cổng game đổi thưởng, cổng game bài, cổng game quốc tế, cổng game uy tín, cổng game số #,
        game bài đổi thưởng, game đổi thưởng, game bài uy tín, game bài online, đánh bài đổi thưởng, đánh bài online, đánh bài ăn tiền,
        nổ hũ đổi thưởng, bắn cá đổi thưởng, bắn cá ăn tiền, bắn cá ăn xu, slot đổi thưởng, quay hũ đổi thưởng, nổ hũ uy tín, nổ hũ online,
        nổ hũ liên tục, tiến lên đổi thưởng, tiến lên miền nam đổi thưởng, tài xỉu online, tài xỉu md5, tài xỉu uy tín, tài xỉu đổi thưởng,
        xóc đĩa online, xóc đĩa đổi thưởng, xóc đĩa trực tuyến, bầu cua online, bầu cua đổi thưởng, lô đề online, lô đề trực tuyến, lô đề uy tín,
        ghi lô đề, đánh lô đề online, trang lô đề, web lô đề, chơi lô đề online, đánh đề online, đánh lô online, số đề online, lô đề trên mạng,
        đánh số đề tại, ghi đề online, trang cá cược, web cá cược, website cá cược, sân thương hiệu cá cược, sàn cá cược, cổng cá cược,
        nền tảng cá cược, thiên đường cá cược, cá cược uy tín, cá cược trực tuyến uy tín, cá cược thể thao trực tuyến, cá cược bóng đá trực tuyến,
        cá cược bóng đá uy tín, cá cược thể thao uy tín, cá độ bóng đá online, cá độ online, cá độ bóng đá trực tuyến, cá độ uy tín, trang cá độ,
        web cá độ, sản phẩm cá cược, dịch vụ cá cược, kinh nghiệm cá cược, hướng dẫn cá cược, trải nghiệm cá cược, tham gia cá cược, app cá cược,
        ứng dụng cá cược, tải app cá cược, casino trực tuyến uy tín, casino online uy tín, sòng bài trực tuyến, sòng bài online,
        sòng bạc trực tuyến uy tín, đá gà trực tuyến, đá gà cựa sắt trực tiếp, đá gà thomo, xem đá gà trực tiếp, cá cược đá gà, đá gà campuchia,
        trường gà thomo, cược đá gà, gà chọi ăn tiền, tiền cược miễn phí, tiền cược trải nghiệm, vòng cược, hoàn cược, tiền thưởng nạp,
        cược miễn phí, đặt cược ngay, cược ngay, bong88 chính thức, cá cược đổi thưởng, cá độ đổi thưởng, chơi cá độ, thể thao ảo, bóng đá ảo
        """,
        folds=True,
    ),
    Group(
        "offer",
        2.5,
        """
        tỷ lệ kèo nhà cái, tỉ lệ kèo nhà cái, kèo nhà cái, kèo bóng đá hôm nay, kèo bóng đá trực tuyến, kèo thơm, kèo vip, kèo ngon, bắt kèo,
        nhận định kèo, chốt kèo, chốt số, kèo cược chấp, tip bóng đá, mua tip, bán tip, tipster, lên kèo, kéo kèo, soi cầu miền bắc,
        soi cầu miền nam, soi cầu miền trung, soi cầu xsmb, soi cầu mb, soi cầu #, soi cầu vip, soi cầu chuẩn, soi cầu lô đề, soi cầu hôm nay,
        soi cầu bạch thủ, soi cầu xổ số, cầu lô, cầu đề, chốt lô, chốt đề, lô đẹp hôm nay, bạch thủ lô, bạch thủ đề, song thủ lô, song thủ đề,
        xiên # đẹp, lô xiên, lô kép, dàn đề # số, dàn đề, dàn lô, nuôi lô, lô gan, đề về, lô về, dự đoán xsmb, dự đoán xsmn, dự đoán xsmt,
        dự đoán xổ số, dự đoán kết quả xổ số, chốt số miền bắc, cao thủ chốt số, số vip hôm nay, lô top, lô khung, tỷ lệ ăn cao, tỷ lệ ăn # ăn,
        # ăn #, nạp rút siêu tốc, nạp rút nhanh, nạp rút nhanh chóng, nạp rút #, nạp rút tiền, nạp tiền rút tiền, nạp rút không tốn phí,
        nạp rút uy tín, rút tiền siêu tốc, rút tiền nhanh chóng về tài khoản, thưởng lần nạp đầu, thưởng nạp đầu, thưởng nạp, khuyến mãi nạp,
        khuyến mãi nạp lần đầu, thưởng chào mừng thành viên mới, thưởng thành viên mới, hoàn trả không giới hạn, hoàn trả mỗi ngày, hoàn trả cược,
        hoàn trả #, tặng # trải nghiệm, tặng ngay # cho người chơi, tặng # cho tân thủ, đăng ký nhận #, đăng ký nhận ngay #, đăng ký tặng #,
        đăng kí tặng #, đăng ký nhận code, giftcode tân thủ, phát code, nhận code tân thủ, link vào không bị chặn, không bị chặn, không lo bị chặn,
        link không chặn, link mới không bị chặn, chống chặn, link vào mới nhất, link truy cập mới nhất, link đăng nhập mới nhất, link vào chính thức,
        link dự phòng, xanh chín, uy tín xanh chín, xanh chín số #, cược thủ, bet thủ, game thủ nạp, tỷ lệ cược cao, tỷ lệ cược tốt nhất,
        tỷ lệ cược hấp dẫn, tỉ lệ cược hấp dẫn, tỷ lệ trả thưởng cao, tỷ lệ thắng cao, tỷ lệ đổi thưởng, đổi thưởng, đổi thưởng uy tín,
        rút tiền thật, tiền thật, ăn tiền thật, kiếm tiền từ cá cược, hoa hồng đại lý, đại lý cá cược, làm đại lý nhà cái, tuyển đại lý cấp #,
        lô tô online, thắng bao nhiêu rút bấy nhiêu, thắng bao nhiêu rút bao nhiêu, ăn bao nhiêu rút bấy nhiêu, săn hũ, hũ khủng, hũ to, nổ to,
        quay là nổ, bay hũ, trúng hũ
        """,
        folds=True,
    ),
    Group(
        "offer",
        2,
        """
        soi kèo, tỷ lệ kèo, tỉ lệ kèo, soi cầu, bạch thủ, song thủ, kèo chấp, kèo tài xỉu, kèo châu á, kèo châu âu, kèo tỷ số, kèo xiên, kèo rung,
        cổng game, trò chơi đổi thưởng, nạp rút, game hot, chơi là thắng, chơi là trúng, vào bờ, về bờ, gỡ gạc, lên đời, đổi đời, săn jackpot,
        rồng hổ, dragon tiger, xì dách online, baccarat online, slot game, slots game, game slot, live casino, casino online, casino trực tuyến,
        cá cược trực tuyến, cá cược thể thao, cá cược bóng đá, cá cược online, cược thể thao, cược bóng đá, cược xâu, cược chấp, sảnh game,
        sảnh cược, sảnh casino
        """,
    ),
    # --- what is sold ---
    Group(
        "game",
        1,
        """
        nổ hũ, quay hũ, bắn cá, tài xỉu, xóc đĩa, bầu cua, tiến lên miền nam, mậu binh, xì tố, xì dách, sâm lốc, binh xập xám, baccarat, blackjack,
        roulette, sicbo, fantan, game bài, đá gà trực tiếp, cựa sắt, cựa dao, thomo, e-sports cuoc, tiền cược, lô xiên #, lô đá, đề đầu, đề đuôi,
        ba càng, xsmb, xsmn, xsmt, máy đánh bạc, chẵn lẻ momo, clmm, txmd5, bài đổi thưởng, casino, lô đề, số đề, cá cược, dealer, cá độ
        """,
    ),
    Group(
        "game",
        0.6,
        """
        kèo, slot, slots, jackpot, hũ, tiến lên, poker, liêng, phỏm, catte, tx, tá lả, ba cây, bài cào, vận may, may rủi, quay thưởng, mini game,
        đua ngựa, đua chó, chẵn lẻ, keno, đá gà, đánh bài, cược
        """,
    ),
    Group(
        "topic",
        0.6,
        """
        đánh bạc, cờ bạc, sòng bạc, sới bạc, con bạc, xổ số, vietlott, nhà cái, bóng đá, đỏ đen, sòng bài, độ bóng đá, tỷ lệ cược, tỉ lệ cược,
        tỉ lệ đặt cược, tỷ lệ đặt cược, đặt cược, trúng số, vé số, đánh lô, đánh đề, ghi đề, chơi hụi
        """,
    ),
    # --- asking the reader to act ---
    Group(
        "call",
        1,
        """
        đăng ký ngay, đăng kí ngay, tham gia ngay, truy cập ngay, tải ngay, nhận ngay, click ngay, nhấn ngay, trải nghiệm ngay, tải app,
        tải ứng dụng, tải game, link tải, vào link, link web, đăng nhập và, tạo tài khoản, mở tài khoản, nhận khuyến mãi, nhận ưu đãi, nhận thưởng,
        nhận quà, inbox, ib em, ib ngay, liên hệ zalo, zalo, telegram, tele, hãy đến với, hãy tham gia, hãy truy cập, hãy cùng, hãy thử,
        còn chần chừ gì, còn chờ gì, đừng bỏ lỡ, đừng bỏ qua, nhanh tay, anh em, ae, thành viên mới, tân thủ, cao thủ, trang chủ, hotline, đăng ký,
        đăng nhập, truy cập, website chính thức, trang chính thức, chính thức, tải, chơi miễn phí, vui lòng truy cập, giới thiệu bạn bè, đại lý,
        hoa hồng
        """,
    ),
    Group(
        "play",
        1,
        """
        chơi ngay, link vào, link đăng ký, link đăng nhập, link truy cập, link trang chủ, link game, nạp tiền, rút tiền, người chơi, bạn chơi,
        hội viên, dân chơi, chơi thử, chơi cùng, quay thử, trúng lớn, vừa rút, vừa trúng, chơi ở đây, vào chơi, chơi tại, đã rút
        """,
    ),
    Group(
        "hype",
        0.7,
        """
        uy tín, uy tín nhất, uy tín số #, hàng đầu, hàng đầu châu á, hàng đầu việt nam, số # việt nam, số # châu á, top #, đẳng cấp, siêu tốc,
        siêu khủng, khủng, cực khủng, hấp dẫn, siêu hấp dẫn, chất lượng, bảo mật, tuyệt đối, minh bạch, bonus, khuyến mãi, ưu đãi, tặng, miễn phí,
        thưởng lớn, phần thưởng, thắng lớn, làm giàu, giàu to, đình đám, đỉnh cao, bất tận, cực hot, hot nhất, mới nhất, được cấp phép, giấy phép,
        bản quyền, philippines, pagcor, malta, chiết khấu, hoàn trả, giải trí, săn đón, ưa chuộng, yêu thích, xịn, siêu phẩm, bùng nổ, thỏa sức,
        ăn ngay, thắng
        """,
    ),
    # --- who else speaks of it ---
    Group(
        "law",
        2,
        """
        công an, cảnh sát, khởi tố, bị can, bị cáo, bắt quả tang, triệt phá, triệt xóa, chuyên án, tang vật, tội đánh bạc, tội tổ chức đánh bạc,
        viện kiểm sát, tòa án, hội đồng xét xử, xử phạt, thủ đoạn, phòng chống, tệ nạn, điều tra, tạm giam, tạm giữ, truy tố, tuyên phạt, phạt tù,
        năm tù, bắt giữ, đối tượng, vi phạm pháp luật, trái phép, bộ luật hình sự, nghị định, dự thảo, thông tư, an ninh mạng, an toàn thông tin,
        tội phạm, vụ án, đường dây đánh bạc, con nghiện, lừa đảo chiếm đoạt, chiếm đoạt, nạn nhân, cơ quan chức năng, hành vi, nghiêm cấm, pháp luật,
        bộ công an, xét xử, bỏ trốn, truy nã, hung thủ, nghi phạm, nợ nần, tố giác, ngăn chặn, khuyến cáo, cảnh báo, bị chèn, chèn mã, chèn liên kết,
        tin tặc, lấn chiếm giao diện, bộ trưởng, chính phủ, thí điểm, khung pháp lý, dự luật, đại biểu, quốc hội, cục phát thanh, gỡ bỏ,
        xử lý nghiêm, mắc bẫy, sập bẫy, dụ dỗ, lôi kéo, tuyên truyền, tin nhắn rác, phản ánh, quấy rối, điều #, khoản #
        """,
    ),
    Group(
        "report",
        0.6,
        """
        theo thông tin, cho biết, cho hay, phát biểu, chia sẻ với, trao đổi với, phóng viên, pv, ảnh minh họa, ảnh, theo đó, trước đó, sáng nay,
        chiều nay, tối qua, hôm qua, ngày # tháng, sáng #, chiều #, tối #, sn, trú tại, ngụ, quê, ông, bà, anh này, hlv, huấn luyện viên, cầu thủ,
        trận đấu, hiệp #, tỷ số, phút #, hàng thủ, tiền đạo, tiền vệ, hậu vệ, thủ môn, ghi bàn, bàn thắng, đội hình, sân khách, sân nhà, vòng bảng,
        chung kết, bán kết, u23, u20, fifa, aff, trọng tài, khán giả, ubnd, hđnd, ủy ban nhân dân, hội nghị, sở tài chính, doanh thu, ngân sách,
        thuế, lãnh đạo, chủ tịch, giám đốc, đại diện, reuters, đài, báo chí, thống kê, nghiên cứu, được biết, nói trên, kể lại, từng, khi đó, hôm đó
        """,
    ),
    # --- looks like a term and is none ---
    Group(
        "calm",
        0,
        """
        xổ số kiến thiết, xskt, công ty xổ số, xổ số điện toán, vé số kiến thiết, giải jackpot, jackpot #, trúng jackpot, jackpot trị giá,
        trúng giải jackpot, quay số mở thưởng, trúng thưởng, bàn cả, bán cá, bắn cả, da gà, thịt gà, đá gãy, chơi đá gà ngày tết, hội đá gà,
        lễ hội đá gà, nhà cải tạo, cửa nhà cái, kinh doanh casino, kinh doanh đặt cược, kinh doanh xổ số, kinh doanh trò chơi điện tử có thưởng,
        đặt cược đua ngựa, cái nhà cái cửa, nợ hư, kẹo kéo, kẹo dừa, keo dán, kèo nhà, kèo mái, cột kèo, vì kèo, kèo tre, kèo gỗ, đánh bài trừ,
        bài trừ, tải trọng, tải lượng, trọng tải, vận tải, tải xuống văn bản, lô đất, lô hàng, lô thuốc, đề tài, đề nghị, đề án, đề xuất, đề thi,
        đề cương, đề phòng, slot tiêm, slot khám, còn slot, khung giờ slot, tiến lên phía trước, tiến lên chủ nghĩa xã hội, tiến lên chủ nghĩa,
        vững bước tiến lên, thừa thắng tiến lên, tiến lên giành, tiến lên trong, cùng tiến lên, tiến lên hàng đầu, số đề tài, số đề án, số đề nghị,
        số đề xuất, số đề mục, lô đề tài, ba cây số, ba cây xanh, ba cây cầu, ba cây vàng, ba cây xăng, cầu đề nghị, đề về việc, số # đề, cải cách,
        slot thi, liêng biêng, hũ tro cốt, hũ gạo, hũ rượu, hũ tiết kiệm, hũ mắm, hũ sành, hũ tương, nổ hũ vàng son, xsmb kiến thiết, tx thuận an,
        tx tân uyên, tx sơn tây, đua ngựa đường trường, lễ hội đua ngựa, hội đua ngựa, đua ngựa bắc hà, mini game tìm hiểu,
        mini game trực tuyến tìm hiểu, đá gà chọi làng, tiến lên #, không cá cược, cấm cá cược
        """,
    ),
    Group(
        "offer",
        3,
        """
        xổ số online, xổ số trực tuyến uy tín, chơi xổ số online, mua xổ số online, quay slot, vét code, nhận code, code tân thủ, tặng code,
        mở thưởng 24 7, rút tiền # phút, rút tiền trong # phút, rút tiền sau # phút, rút tiền về ngân hàng, dân cược, làng cược, làng cá cược,
        giới cá cược, cầu thủ cược, chuyên gia cá cược, mẹo chơi tài xỉu, mẹo chơi baccarat, cách chơi tài xỉu, cách chơi baccarat,
        cách chơi xóc đĩa, mẹo tài xỉu, công thức tài xỉu, tool tài xỉu, hack tài xỉu, hack baccarat, kéo baccarat, kéo tài xỉu, kéo xóc đĩa,
        bắt cầu tài xỉu, cầu bệt, cầu đảo, thắng nhà cái, đánh bại nhà cái, lách luật nhà cái, sổ mơ lô đề, sổ mơ, đánh con gì, đánh số gì,
        đánh đề con gì, giấc mơ lô đề, giải mã giấc mơ lô đề, mơ thấy # đánh, thống kê lô gan, lô gan miền bắc, cặp lô, cặp số đẹp, cầu chạy # ngày,
        lô bạc nhớ, bạc nhớ lô đề, sảnh cá cược, đá gà savan, đá gà cựa dao, cược gà, bồ gà, bắn cá đổi tiền, game đổi tiền thật, game đổi tiền,
        game rút tiền thật, game cờ bạc online, game casino, tải game đổi thưởng, tải game nổ hũ, tải game bài, tải game bắn cá, game nổ hũ,
        game bắn cá, app nổ hũ, app bắn cá, app tài xỉu, app xóc đĩa, app game bài, app đổi thưởng, xôi lạc tv, xoilac tv, xoilactv, cà khịa tv,
        cakhia tv, cakhiatv, vebo tv, vebotv, mì tôm tv, mitom tv, rakhoi tv, kèo malaysia, kèo macao, kèo bóng đá, tỷ lệ bóng đá,
        tỷ lệ bóng đá hôm nay, ty le ca cuoc, tỷ lệ cá cược, tỷ lệ cược nhà cái, bảng kèo, kèo hiệp #, kèo phạt góc, kèo thẻ phạt, mẹo cá cược,
        bí quyết cá cược, thiên đường giải trí trực tuyến, cá cược esports, cá cược game, cược esports, gà chọi trực tuyến, quỹ đại lý, nạp usdt,
        cổng nạp, nạp momo, nạp thẻ cào, nạp tiền nhà cái, rút tiền nhà cái, tài khoản nhà cái, khuyến mãi nhà cái, ưu đãi nhà cái, sảnh live casino,
        baccarat trực tuyến, roulette trực tuyến, poker trực tuyến, poker online, sicbo online, rồng hổ online, fan tan online, đánh chắn online,
        phỏm online, sâm lốc online, xì tố online, liêng online, mậu binh online, ba cây online, bắn cá online, bắn cá trực tuyến, nổ hũ trực tuyến,
        slot trực tuyến, slot online, slot nổ hũ, jackpot nổ, trúng jackpot ngay, quay hũ online, vòng quay đổi thưởng, hoàn tiền cược,
        hoàn tiền thua cược, bảo hiểm cược, thua hoàn tiền, cược thua hoàn tiền, trả thưởng nhanh, trả thưởng cực nhanh, trả thưởng # phút,
        trả thưởng minh bạch, sòng bài đẳng cấp, sòng bài macau, sòng bài campuchia, sòng bạc online, sòng bạc trực tuyến
        """,
        folds=True,
    ),
    Group(
        "offer",
        1.5,
        """
        nạp lần hai, nạp lần #, nạp lần thứ #, điểm danh nhận, code #, akun, ib nhận link, nhắn tin nhận link, link nhóm, nhóm kín, nhóm vip,
        kéo lệnh, đọc lệnh, chuyên gia kéo, lên bờ, lợi nhuận # mỗi ngày, thu nhập # mỗi ngày, vào vét, liền tay, mức cược, bàn cược, ván cược,
        phiên cược, tiền vốn, về vốn, hoàn vốn, gấp thếp, tựa game slot, tựa game, kho game, trò hũ # tỷ
        """,
    ),
    Group(
        "report",
        1.5,
        """
        thẻ nạp, nạp tiền điện thoại, thuê bao, gói cước, mobifone, vinaphone, bảo hiểm xã hội, kho bạc, thủ tục hành chính, hồ sơ,
        bốc thăm trúng thưởng, khách hàng may mắn, học sinh, thí sinh, giáo viên, dân gian, lễ hội, tập quán, làng nghề, phim
        """,
    ),
    Group(
        "calm",
        0,
        """
        kèo giao hữu, bắt kèo giao hữu, kèo sân bóng, kèo đá bóng, kèo thể thao phong trào, thống kê dân số, cầu chạy bộ, giá vàng, nổ lò,
        bắn cá bằng, bắn cá bằng nỏ, gà đá, gà chọi, nuôi gà, nuôi lợn, nuôi cá, trực tiếp bóng đá
        """,
    ),
    Group(
        "offer",
        2.5,
        """
        nhà mạng chặn, lo chặn, bị chặn bằng dns, chặn dns, jackpot hôm nay, mega jackpot, cá độ cho điện thoại, app cá độ, nghề đặt cược,
        nghề cá cược, kinh nghiệm đặt cược, kinh nghiệm chơi lô đề, rút về tài khoản ngân hàng, soi cầu lô tô, quay thử xổ số, đọc kèo,
        gợi ý cửa đặt, cửa đặt, mức thưởng nạp, thu nhập từ việc dự đoán, thua đền, nổ hũ cực, xu miễn phí, chơi baccarat, chơi lô đề, chơi cá cược,
        chơi casino, vào cược, đặt cược tại, cá cược tại
        """,
    ),
    Group(
        "call",
        1,
        """
        nhập mã, mã quà tặng, giftcode, nhận link, link mới, link mới đây, link app, app, mã code, cài đặt, phiên bản mới
        """,
    ),
    Group(
        "report",
        1.5,
        """
        hội làng, trò chơi dân gian, trẻ em, lớp học, phụ huynh, ngư dân, nông dân, bảo tàng, hiện vật, thế kỷ #
        """,
    ),
    # Directives and news on sites that were broken into quote what was put there.
    Group(
        "law",
        2,
        """
        cục an toàn thông tin, rà soát, khắc phục, lỗ hổng, mã độc, tấn công mạng, bị tấn công, sự cố an toàn, ứng cứu sự cố, ứng phó sự cố,
        kẻ xấu, kẻ gian, kẻ tấn công, đối tượng xấu, bị lợi dụng, lợi dụng lỗ hổng, bị xâm nhập, bị hack, hacker, chèn quảng cáo, chèn từ khóa,
        chèn link, chèn nội dung, chèn mã độc, cài cắm, liên kết ẩn, liên kết lạ, tệp lạ, chuyển hướng người dùng, chuyển hướng người truy cập,
        chuyển hướng sang trang, chuyển hướng đến trang, điều hướng người dùng, lập biên bản, chấn chỉnh, quán triệt, xử lý dứt điểm,
        yêu cầu cơ quan, yêu cầu đơn vị, yêu cầu sở ban ngành, cơ quan đơn vị, sở ban ngành, đề nghị cơ quan, đề nghị đơn vị, báo cáo trước ngày,
        báo cáo kết quả về, trung tâm giám sát an toàn, bảo đảm an toàn thông tin, tăng cường quản lý, vi phạm quy định
        """,
    ),
    Group(
        "report",
        1.5,
        """
        tiêm chủng, tiêm vắc xin, vắc xin, vaccine, trạm y tế, khám bệnh, khám sức khỏe, bệnh viện, phiếu hẹn, lịch hẹn, đặt lịch hẹn, số định danh,
        căn cước, tổ công nghệ số, bộ phận một cửa, công văn
        """,
    ),
    Group(
        "calm",
        0,
        """
        slot # phút, mỗi slot, giữ slot, hết slot, thêm slot, mở thêm slot, slot trống, slot hẹn, slot đăng ký khám, slot đăng ký tiêm, slot học,
        slot phỏng vấn, slot làm thủ tục, slot nộp hồ sơ, slot giữ xe, slot đỗ xe
        """,
    ),
)
