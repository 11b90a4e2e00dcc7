"""English: gambling, and the other trades that are injected into public sites (medicine, forged goods, cheats)."""

from __future__ import annotations

from collector.decode.web.words.terms import Group

GROUPS: tuple[Group, ...] = (
    Group(
        "offer",
        3,
        """
        best online casino, best online casinos, top online casinos, online casino bonus, trusted online casino, online casino site,
        online casino real money, new online casinos, casino bonus, casino bonuses, no deposit bonus, welcome bonus, sign up bonus, deposit bonus,
        free spins, bonus spins, real money casino, real money slots, play slots online, play casino games, play for real money, win real money,
        online slots real money, best online slots, slots online free, online betting site, best betting sites, betting site, betting sites,
        trusted betting, sports betting site, sports betting sites, trusted bookmaker, best bookmakers, online bookmaker, reputable bookmaker,
        leading bookmaker, top bookmakers, most reputable bookmaker, place your bets, bet now, casino affiliate, crypto casino, bitcoin casino,
        live dealer casino, mobile casino app, casino app download, betting app download, toto site, safe playground, major playground, slot site,
        slot sites, online gambling site, online gambling sites, gambling site, trusted gambling, fixed matches, sure win tips,
        prize redemption card game, online baccarat site, powerball site, online cockfighting, cockfighting betting, casino not on gamstop,
        betting not on gamstop, betting platform, gambling platform, casino platform, betting brand, reputable betting, prestigious betting,
        prestigious bookmaker, prestigious house, reputable house, online bookmakers, asian bookmaker, bookmaker in asia
        """,
    ),
    Group(
        "offer",
        2,
        """
        online casino, online casinos, online slots, online betting, sports betting, online poker, online gambling, live casino, slot games,
        slots games, casino games, sportsbook, jackpot slots, high rtp, live dealer, betting exchange, online lottery betting, real money, cash out,
        wagering requirements, betting entertainment, casino entertainment, playing casino, casino players, bookmakers review, casino review,
        betting tips vip, vip betting, fish shooting game, card games for money, dragon tiger
        """,
    ),
    Group(
        "game",
        1,
        """
        casino, casinos, slots, slot machine, slot machines, blackjack, roulette, baccarat, poker, sic bo, keno, jackpot, jackpots, bookmaker,
        bookmakers, bookie, betting, gambling, cockfighting, fish shooting, wager, wagers, bets, lottery, bingo, craps, esports betting,
        football betting, gaming house
        """,
    ),
    Group(
        "call",
        1,
        """
        sign up, sign up now, register now, join now, join us, play now, click here, download app, download now, get started, deposit and withdrawal,
        deposits and withdrawals, deposit, withdraw, withdrawal, claim, visit our website, visit us, contact us, buy now, order now, whatsapp,
        telegram, official website, official site, official link, members, players, login
        """,
    ),
    Group(
        "hype",
        0.7,
        """
        trusted, reputable, prestigious, leading, best, top, number one, no #, most popular, safe and secure, exclusive, free, amazing, generous,
        fast payout, instant, guaranteed, attractive, promotions, bonus, bonuses, vip, legit, huge, licensed, # support
        """,
    ),
    Group(
        "law",
        2,
        """
        police, arrested, charged with, prosecutors, court, sentenced, crackdown, raid, illegal, ministry, legislation, regulation, regulator,
        act of parliament, addiction, scam warning, victims, seized, convicted, commission, lawmakers, statute, bill
        """,
    ),
    Group(
        "report",
        0.7,
        """
        api, endpoint, endpoints, request, parameter, json, query, returns, return, retrieve, get all, id, according to, told reporters, spokesman,
        said, reported, university, researchers, analyst, quarter, shares, revenue, wikipedia, history of, museum, studies, study
        """,
    ),
    Group(
        "offer",
        3,
        """
        buy viagra, cheap viagra, generic viagra, viagra online, viagra without prescription, viagra pills, order viagra, buy cialis, cheap cialis,
        generic cialis, cialis online, cialis without prescription, order cialis, buy levitra, kamagra online, buy kamagra, tadalafil online,
        sildenafil online, buy sildenafil, buy tadalafil, buy ivermectin online, buy xanax, buy tramadol, buy ambien, buy modafinil,
        cheap phentermine, buy phentermine, online pharmacy no prescription, canadian pharmacy, no prescription needed, without a prescription,
        canadian online pharmacy, buy oxycontin, buy oxycodone online, erectile dysfunction pills, thuốc cường dương, bán viagra, mua viagra,
        viagra chính hãng, thuốc kích dục
        """,
        trade="medicine",
    ),
    Group(
        "game",
        1,
        """
        viagra, cialis, levitra, kamagra, sildenafil, tadalafil, priligy, dapoxetine, xanax, tramadol, ambien, valium, phentermine
        """,
        trade="medicine",
    ),
    Group(
        "offer",
        3,
        """
        replica watches, replica handbags, replica rolex, replica bags, fake rolex, rolex replica, louis vuitton replica, louis vuitton outlet,
        replica shoes, cheap jordans, yeezy replica, cheap nfl jerseys, wholesale jerseys, cheap jerseys, jerseys from china, moncler outlet,
        michael kors outlet, canada goose outlet, ray ban outlet, cheap ray ban, coach outlet online, ugg outlet, cheap ugg, aaa replica,
        1 1 replica, super fake, write my essay, essay writing service, buy essay online, pay for essay, custom essay, cheap essay,
        dissertation writing service, buy fake diploma, fake degree, bằng giả, làm bằng giả, làm bằng đại học, buy driving license, fake passport,
        essay writing services, do my homework, buy followers, buy cheap backlinks
        """,
        trade="goods",
    ),
    Group(
        "offer",
        3,
        """
        v bucks generator, free v bucks, robux generator, free robux, free robux generator, gems generator, coins generator, coin generator,
        diamonds generator, unlimited coins, unlimited gems, unlimited money, hack no survey, no human verification, without human verification,
        no survey, cheat engine apk, mod apk unlimited, gift card generator, free gift card codes, free gift card, steam key generator,
        keygen download, crack download, cracked apk, hack apk, cheats generator, generator no verification, aimbot download, full movie download,
        watch full movie online free
        """,
        trade="cheats",
    ),
    Group(
        "game",
        1,
        """
        generator, hack, cheats, mod apk, keygen, crack, unlimited
        """,
        trade="cheats",
    ),
    Group(
        "game",
        1,
        """
        replica, replicas, outlet, rolex, jerseys, handbags, essay, essays
        """,
        trade="goods",
    ),
    Group(
        "calm",
        0,
        """
        time slot, time slots, appointment slot, appointment slots, slot available, expansion slot, memory slot, sd card slot, vaccine slot,
        slot number, national lottery fund, monte casino, real money supply, best practice, crack down, crack detection, diesel generator,
        power generator, password generator, code generator, electric generator, generator set, site generator, random number generator,
        qr code generator, generator function, return type
        """,
    ),
    Group(
        "offer",
        3,
        """
        free bets, free bet, bet # get #, win big jackpots, instant withdrawals, instant withdrawal, casino promo code, betting promo code,
        bonus codes for casinos, casino bonus codes, aviator game, play aviator, top rated casinos, best casinos, best casino, casino site,
        casino sites, online casinos for, live casino gaming, slot and live casino, casino gaming platform, slot gaming, latest slot games,
        spin the reel, spin the reels, win big, casino welcome offer, betting account, betting bonus, betting offers, best odds guaranteed,
        predict and win, correct score tips, banker bets, sure bets, online satta, satta matka, matka result, teen patti real cash, rummy real cash,
        ludo real cash, color prediction game, casino download, slots download, slot game online, slot game online malaysia, online slot malaysia,
        trusted online casino malaysia, ewallet casino, ewallet slot, minimum deposit casino, online casino malaysia, online casino singapore,
        online casino australia, online casino canada, no wagering, free credit casino, free credit slot
        """,
    ),
    Group(
        "call",
        1,
        """
        buy, cheap, order, overnight, overnight delivery, discount, free shipping, best price, lowest price, discreet shipping, worldwide shipping,
        online, for sale, without prescription, no rx, pills, mg
        """,
        trade="wares",
    ),
    Group(
        "game",
        1,
        """
        ozempic, semaglutide, oxycodone, oxycontin, hydrocodone, percocet, adderall, vicodin, modafinil, ritalin, soma, clonazepam, alprazolam,
        diazepam, accutane, propecia, clomid, nolvadex, steroids, dianabol
        """,
        trade="medicine",
    ),
    Group(
        "call",
        1,
        """
        wholesale, swiss movement, aaa quality, high quality, outlet store, sale, authentic, # off
        """,
        trade="goods",
    ),
    Group(
        "offer",
        2,
        """
        rolex replicas, replica watch, swiss replica, designer replica, replica sneakers, fake watches, knockoff, louis vuitton bags cheap,
        gucci outlet, prada outlet, nike outlet cheap, hermes replica, buy degree, buy diploma, academic writing service
        """,
        trade="goods",
    ),
    Group(
        "offer",
        2.5,
        """
        real cash, win real cash, free credit, mega jackpot, rakeback, poker for real money, play poker for real money, e wallet casino,
        casino malaysia, casino singapore, casino india, online lottery, 4d lottery online, live betting, in play betting, compare odds,
        claim bonuses, online gaming casino, license curacao, curacao license, casino license
        """,
    ),
    Group(
        "call",
        1,
        """
        kaufen, ohne rezept, bestellen, rezeptfrei, acheter, achat, sans ordonnance, pas cher, en ligne, comprar, sin receta, barato, acquisto,
        senza ricetta, купить, без рецепта, цена
        """,
        trade="wares",
    ),
    Group(
        "game",
        1,
        """
        виагра, сиалис, дженерик, левитра
        """,
        trade="medicine",
    ),
    Group(
        "offer",
        3,
        """
        казино онлайн, онлайн казино, игровые автоматы, ставки на спорт, букмекерская контора, букмекерские конторы, фрибет, бездепозитный бонус,
        бонус за регистрацию, казино вулкан, играть на деньги, слоты онлайн, онлайн слоты, лучшие казино, рабочее зеркало, зеркало казино,
        casino en ligne, casino en línea, cassino online, spielautomaten online, online casino echtgeld, casino bonus ohne einzahlung,
        paris sportifs bonus, apuestas deportivas bono, apostas esportivas bônus
        """,
    ),
    Group(
        "game",
        1,
        """
        казино, букмекер, рулетка, покер, ставки, автоматы, слоты
        """,
    ),
    Group(
        "law",
        2,
        """
        полиция, суд, закон, незаконной, задержан, polizei, gericht, gesetz, police nationale, tribunal, policía, ley
        """,
    ),
    Group(
        "law",
        2,
        """
        hacked, malware, vulnerability, vulnerabilities, compromised websites, injected links, hidden links, spam links, defaced, cybersecurity
        """,
    ),
    Group(
        "calm",
        0,
        """
        booking slot, interview slot, free time slot, time slot online, each slot, slot lasts, slot length, parking slot, delivery slot,
        book a slot, choose a slot, pick a slot, select a slot, reserve a slot, slots available, available slots, available slot, pci slot, ram slot,
        sim slot, card slot
        """,
    ),
)
