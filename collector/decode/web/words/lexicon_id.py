"""Indonesian and Malay: slots, lotteries, betting, and the praise in comments that names a site."""

from __future__ import annotations

from collector.decode.web.words.terms import Group

GROUPS: tuple[Group, ...] = (
    Group(
        "offer",
        3,
        """
        slot gacor, situs slot, situs judi, situs togel, situs toto, situs gacor, judi online, judi bola, judi slot, judi slot online, agen judi,
        agen slot, agen togel, agen toto, agen casino, agen bola, bandar togel, bandar slot, bandar toto, bandar judi, bandar bola, bandar online,
        bandar darat, bandar terpercaya, bandar resmi, toto togel, toto slot, toto macau, togel online, togel hongkong, togel singapore, togel sgp,
        togel hk, togel sidney, togel macau, togel resmi, togel terpercaya, toto 4d, toto hk, toto sgp, toto online, toto resmi, situs 4d, slot 4d,
        slot online, slot demo, slot dana, slot pulsa, slot qris, slot deposit, slot thailand, slot server, akun slot, akun pro, link slot,
        link gacor, daftar slot, daftar togel, login slot, login togel, main slot, bermain slot, permainan slot, game slot online, slot #, slot 77,
        slot 88, slot 777, slot maxwin, slot terpercaya, slot resmi, slot terbaru, slot mahjong, slot pragmatic, slot hari ini, slot gampang menang,
        slot mudah menang, pola gacor, pola slot, bocoran slot, bocoran rtp, bocoran togel, bocoran nomor, rtp live, rtp slot, rtp tertinggi,
        live rtp, anti rungkad, anti rungkat, scatter hitam, mahjong ways, gates of olympus, starlight princess, sweet bonanza, link alternatif,
        alternatif link, bonus new member, freebet, free bet, freechip, deposit pulsa, depo pulsa, deposit dana, deposit qris,
        deposit tanpa potongan, minimal deposit, depo #, deposit #, wd #, withdraw #, gampang menang, mudah menang, menang lebih mudah,
        gampang maxwin, mudah maxwin, gampang scatter, gampang jp, mega jp, pasti maxwin, sabung ayam, sabung ayam online, taruhan bola,
        taruhan online, taruhan slot, pasaran togel, keluaran togel, data togel, prediksi togel, angka jitu, nomor jitu, bo terpercaya, bo togel,
        bo slot, bo resmi, situs bo, situs mpo, slot bet, bet kecil, garansi kekalahan, judi terpercaya, judi terbaik, casino online, live casino,
        poker online, domino online, dominoqq, bandarq, tembak ikan, idn poker, sbobet
        """,
    ),
    Group(
        "offer",
        2.5,
        """
        gacor, gacorr, tergacor, maxwin, maxwyn, makswin, mekswin, togel, judol, slotter, zeus slot, scatter, rtp, freespin, free spin, petir merah,
        perkalian x, sensational, cuan besar, jp paus, jackpot paus, jackpot besar, jackpot maxwin, modal receh, modal kecil, jadi sultan,
        auto sultan, auto cuan, auto jp, tembus #, kemenangan maxwin, situs resmi terpercaya, situs terpercaya, tanpa potongan, anti blokir,
        tanpa vpn, server thailand, server luar, hoki banget, pecah terus, bonus deposit, bonus rollingan, bonus cashback, turnover, rollingan,
        pragmatic play, pg soft, habanero, lotre online, tebak angka, tebak togel, bo lotre, slothoki, slotmania, winrate
        """,
    ),
    Group(
        "game",
        1,
        """
        menang besar, kemenangan besar, judi, slot, toto, lotre, taruhan, jackpot, casino, kasino, poker, sportsbook, baccarat, roulette, domino,
        dadu, parlay, bandar, bettor, bet, jp, depo, deposit, depow, wd, withdraw, kemenangan, menang, hoki, cuan, spin, scater, hadiah, jitu, bonus,
        bo, mahjong, puteran, putaran, rungkad, zonk, bertaruh, 4d
        """,
    ),
    Group(
        "call",
        1,
        """
        daftar, daftar sekarang, daftarkan, gabung, bergabung, gabung sekarang, segera, klik, kunjungi, mainkan, coba, wajib coba, cobain, buktikan,
        buktiin, main di, mending di, main ke, login, akses, link, rekomendasi, rekomended, join, dapatkan, nikmati, raih, hubungi, yuk, ayo, anda,
        kalian, member, pemain, situs
        """,
    ),
    Group(
        "hype",
        0.7,
        """
        terpercaya, terbaik, terbesar, terlengkap, terbaru, tertinggi, terdepan, resmi, gampang, mudah, mantap, gila, gokil, auto, nagih, makasih,
        terimakasih, terima kasih, makasi, thanks, seru, puas, nyangka, luar biasa, rekor, viral, amanah, pasti, no #, keren, parah, banget, bikin,
        hari ini, super, receh, asik, asyik, lancar, mantul, ketagihan, sultan, rejeki, rezeki, untung, profit, panen, cair, pecah, melimpah, jutaan,
        turun, dapet, gaskeun, gaspol, gas, bossku, suhu, bosku, sukses, modal, langsung, kaya, hepi, worth it, kasih, ngasih, dikasih, dapat, cepat,
        jt, juta
        """,
    ),
    Group(
        "law",
        2,
        """
        polisi, kepolisian, polda, polres, ditangkap, penangkapan, tersangka, pidana, undang undang, kejaksaan, pengadilan, kominfo, komdigi,
        diblokir, memblokir, pemblokiran, bahaya judi, berantas, pemberantasan, dilarang, melarang, hukuman, penjara, korban, satgas, ojk, ppatk,
        kecanduan
        """,
    ),
    Group(
        "report",
        0.6,
        """
        menurut, mengatakan, ujar, katanya, dikutip, kementerian, menteri, pemerintah, gubernur, bupati, wartawan, pernyataan, laporan, selasa, rabu,
        kamis, jumat
        """,
    ),
    Group(
        "calm",
        0,
        """
        daftar isi, daftar pustaka, daftar hadir, daftar nama, bandar udara, bandar lampung, bandar seri begawan, slot waktu, slot jadwal,
        slot antrian, slot vaksin
        """,
    ),
    Group(
        "offer",
        3,
        """
        link login resmi, anti nawala, anti kalah, akun hoki, situs hoki, situs favorit, slot anti, info gacor, jam gacor, jam hoki,
        rekomendasi slot, rekomendasi situs, cheat slot, apk slot, apk judi, slot receh, depo receh, deposit receh, depo kecil, bet receh, bet perak,
        bet #, langsung wd, langsung jp, langsung maxwin, langsung cair, pasti wd, pasti jp, pasti bayar, dijamin wd, berapapun dibayar,
        kemenangan dibayar, menang dibayar, slot viral, situs viral gacor, agen sbobet, parlay hari ini, mix parlay, bola online, prediksi bola,
        prediksi sgp, prediksi hk, syair hk, syair sgp, paito hk, live draw hk, live draw sgp, live draw, result hk, erek erek, buku mimpi #,
        kode syair, colok bebas, jackpot progresif, olympus #, zeus #, kakek zeus
        """,
    ),
)
