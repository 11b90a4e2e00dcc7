import asyncio
import logging

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporters.mail import Mail, MailOptions
from exporters.mail_message import compose
from exporters.message import Message
from exporters.render import Place, alert, title
from exporters.sink import FILTERED
from model.text import Text
from tests.exporters.samples import AT, change, told
from tests.servers.process import free_port
from tests.servers.smtp import PASSWORD, USER, MailServer

NIGHT, DAY = "truc.dem@example.vn", "truc.ngay@example.vn"


@pytest.fixture
def options(tmp_path, certificates):
    password = tmp_path / "password"
    password.write_text(PASSWORD + "\n")
    password.chmod(0o600)
    return MailOptions(
        host="localhost",
        port=1,
        username=USER,
        password_file=password,
        ca_file=certificates.authority,
        sender="vonggac@xa-a.example.vn",
        recipients=(NIGHT, DAY),
        told_file=tmp_path / "told",
        place=Place(name="Xã A", rules={"VG-NET-02": Text("Màn hình mở", "Open screen")}),
        timeout=5 * 10**9,
    )


@pytest.fixture
async def make(options):
    made = []

    def sink(**fields):
        made.append(Mail(msgspec.structs.replace(options, **fields)))
        return made[-1]

    yield sink
    for one in made:
        await one.close()


@pytest.fixture
async def server(certificates):
    async with MailServer(certificates.right) as one:
        yield one


def outcomes(receipts):
    return [receipt.outcome for receipt in receipts]


async def test_an_alert_arrives_in_vietnamese_over_starttls_after_a_log_in(make, server):
    what = change(name="TV-Sảnh")
    assert outcomes(await make(port=server.port).send([told(1, what)])) == ["accepted"]
    (mail,) = server.mails
    place = Place(name="Xã A")
    assert mail["Subject"] == title(what, "vi", place)
    assert "\n".join(mail.get_content().splitlines()) == alert(what, "vi", place)
    assert mail["From"].addresses[0].display_name == "Vọng Gác"
    assert mail["Date"].datetime.timestamp() == AT // 10**9
    assert mail["Auto-Submitted"] == "auto-generated"
    assert server.secured == [True]
    assert server.taken[0].rcpt_tos == [NIGHT, DAY]


async def test_tls_from_the_first_byte(make, certificates):
    # aiosmtpd gives log-ins after STARTTLS alone; the log-in is tried above.
    async with MailServer(certificates.right, implicit=True, login=False) as server:
        assert outcomes(await make(port=server.port, security="tls", username="").send([told(1)])) == ["accepted"]
        assert server.secured == [True]


async def test_a_findings_mails_are_one_thread_and_an_id_is_the_same_each_time(make, server):
    server.verdicts = ["451 4.3.0 later"]
    sink = make(port=server.port)
    rows = [told(1), told(2, step="resolved")]
    assert outcomes(await sink.send(rows[:1])) == ["retry"]
    assert [outcomes(await sink.send([row])) for row in rows] == [["accepted"]] * 2
    opened, resolved = server.mails
    finding = rows[0].document.change.finding.id
    assert (opened["Message-ID"], resolved["Message-ID"]) == ("<row-1@xa-a.example.vn>", "<row-2@xa-a.example.vn>")
    assert opened["References"] == resolved["References"] == f"<finding-{finding}@xa-a.example.vn>"
    assert resolved["Subject"].startswith("ĐÃ KHẮC PHỤC")


async def test_id_only_names_nobody(make, server):
    await make(port=server.port, detail="id_only").send([told(1, name="TV-Sảnh", ips=("192.0.2.7",))])
    (mail,) = server.mails
    said = mail["Subject"] + mail.get_content()
    assert "Màn hình mở" in said
    for secret in ("TV-Sảnh", "192.0.2.7", "_airplay", "MediaRenderer", "Xã A"):
        assert secret not in said


async def test_whoever_is_told_to_come_back_later_gets_it_later_and_nobody_twice(make, server):
    server.answers[DAY] = ["450 4.7.1 grey-listed"]
    sink = make(port=server.port)
    assert outcomes(await sink.send([told(1)])) == ["retry"]
    assert outcomes(await sink.send([told(1)])) == ["accepted"]
    assert [one.rcpt_tos for one in server.taken] == [[NIGHT], [DAY]]


async def test_a_recipient_refused_for_good_keeps_nobody_else_waiting_and_is_said_once(make, server, caplog):
    server.answers[NIGHT] = ["550 5.1.1 unknown"] * 2
    with caplog.at_level(logging.WARNING):
        sink = make(port=server.port)
        assert [outcomes(await sink.send([row])) for row in (told(1), told(2, step="resolved"))] == [["accepted"]] * 2
    assert [one.rcpt_tos for one in server.taken] == [[DAY], [DAY]]
    assert sum(NIGHT in record.getMessage() for record in caplog.records) == 1


async def test_the_last_one_left_being_unknown_ends_the_row(make, server):
    server.answers[DAY] = ["450 4.7.1 grey-listed", "550 5.1.1 unknown"]
    sink = make(port=server.port)
    assert outcomes(await sink.send([told(1)])) == ["retry"]
    assert outcomes(await sink.send([told(1)])) == ["accepted"]
    assert len(server.taken) == 1


async def test_when_every_recipient_is_refused_nothing_is_lost(make, server, options):
    server.answers = {NIGHT: ["550 5.1.1 unknown"], DAY: ["550 5.1.1 unknown"]}
    receipts = await make(port=server.port).send([told(1), told(2)])
    assert outcomes(receipts) == ["retry"] * 2
    assert "recipients" in receipts[0].reason
    assert server.attempts == 2
    assert not options.told_file.exists()


@pytest.mark.parametrize(
    ("verdict", "outcome", "word"),
    [
        ("451 4.3.0 later", "retry", "hẹn nhận sau"),
        ("452 4.3.1 disk full", "retry", "hẹn nhận sau"),
        ("554 5.7.1 spam", "retry", "chính sách"),
        ("554 5.6.0 malformed", "rejected", "malformed"),
        ("552 5.3.4 too big", "rejected", "552"),
    ],
)
async def test_what_is_said_of_the_mail_itself(make, server, verdict, outcome, word):
    server.verdicts = [verdict]
    (receipt,) = await make(port=server.port).send([told(1)])
    assert receipt.outcome == outcome
    assert word in receipt.reason


async def test_one_failing_mail_leaves_the_connection_to_the_next(make, server):
    server.verdicts = ["554 5.6.0 malformed"]
    assert outcomes(await make(port=server.port).send([told(1), told(2)])) == ["rejected", "accepted"]


async def test_a_wrong_password_is_an_outage_that_names_the_login_and_never_the_password(make, server, tmp_path):
    wrong = tmp_path / "wrong"
    wrong.write_text("sai-mật-khẩu\n")
    wrong.chmod(0o600)
    (receipt,) = await make(port=server.port, password_file=wrong).send([told(1)])
    assert (receipt.outcome, receipt.trouble) == ("retry", "login")
    assert "sai" not in receipt.reason


async def test_without_a_log_in_a_server_that_asks_for_one_is_an_outage(make, server):
    (receipt,) = await make(port=server.port, username="").send([told(1)])
    assert (receipt.outcome, receipt.trouble) == ("retry", "login")
    assert server.taken == []


async def test_a_server_without_starttls_gets_neither_password_nor_mail(make):
    async with MailServer(login=False) as server:
        (receipt,) = await make(port=server.port).send([told(1)])
        assert receipt.outcome == "retry"
        assert "STARTTLS" in receipt.reason
        assert server.taken == []


@pytest.mark.parametrize("leaf", ["wrong_name", "expired", "stranger"])
@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_wrong_certificate_is_an_outage_and_said_as_one(make, certificates, leaf, security):
    async with MailServer(getattr(certificates, leaf), implicit=security == "tls", login=False) as server:
        (receipt,) = await make(port=server.port, security=security).send([told(1)])
    assert (receipt.outcome, receipt.trouble) == ("retry", "certificate")
    assert server.taken == []


async def test_no_server_and_a_silent_one_are_outages(make):
    receipts = await make(port=free_port()).send([told(1), told(2)])
    assert outcomes(receipts) == ["retry"] * 2
    hanging = asyncio.Event()

    async def silent(reader, writer):
        await hanging.wait()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    (receipt,) = await make(port=server.sockets[0].getsockname()[1], timeout=10**8).send([told(1)])
    hanging.set()
    server.close()
    await server.wait_closed()
    assert receipt.outcome == "retry"
    assert "không trả lời kịp" in receipt.reason


async def test_a_server_that_turns_everybody_away_is_an_outage(make):
    async def busy(reader, writer):
        writer.write(b"421 4.3.2 closing\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(busy, "127.0.0.1", 0)
    (receipt,) = await make(port=server.sockets[0].getsockname()[1]).send([told(1)])
    server.close()
    await server.wait_closed()
    assert receipt.outcome == "retry"
    assert "421" in receipt.reason


async def test_the_end_of_what_was_never_told_is_not_told(make, server):
    (receipt,) = await make(port=server.port).send([told(1, step="resolved")])
    assert receipt.reason == FILTERED
    assert server.attempts == 0


@given(st.text(max_size=200))
def test_whatever_a_name_holds_no_header_is_added_and_the_mail_is_plain_ascii_lines(name):
    hostile = name + "\r\nBcc: thief@example.net\r\n\r\nhttp://evil.example/"
    what = change(name=hostile, title=Text(hostile, hostile), summary=Text(hostile, hostile))
    mail = compose(Message(id="row-1", about=what), sender="a@b.vn", recipients=["c@d.vn"], detail="full", language="vi", place=Place(name="Xã A"))
    sent = mail.as_bytes()
    assert sent.isascii()
    assert max(map(len, sent.splitlines())) <= 998
    head = sent.partition(b"\r\n\r\n")[0]
    assert b"\r\nBcc:" not in head
    assert sorted(set(mail.keys())) == sorted(mail.keys())
