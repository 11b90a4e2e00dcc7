import fcntl
import os

import msgspec
import pytest

from exporters.render import Place
from exporters.short_message import Budget
from exporters.sink import FILTERED, OptionsError
from exporters.sms_modem import SmsModem, SmsModemOptions
from model.text import Text
from model.times import HOUR, SECOND
from model.verdict import Subject, Urgency
from tests.exporters.at_modem import AtModem, read_pdu
from tests.exporters.samples import AT, told

NIGHT, DAY = "+84912345678", "0987654321"
PLACE = Place(name="Xã A", rules={"VG-NET-02": Text("Màn hình mở", "Open screen")})


@pytest.fixture
def options(tmp_path):
    return SmsModemOptions(
        device=tmp_path / "none", numbers=(NIGHT,), told_file=tmp_path / "told", urgencies=(Urgency.PAGE, Urgency.TICKET), place=PLACE, timeout=5 * SECOND
    )


def sink_of(options, modem=None, now=lambda: AT, **fields):
    device = {"device": modem.device} if modem else {}
    return SmsModem(msgspec.structs.replace(options, **device, **fields), now=now)


def outcomes(receipts):
    return [receipt.outcome for receipt in receipts]


async def test_an_alert_leaves_without_marks_and_without_a_name(options):
    with AtModem() as modem:
        assert outcomes(await sink_of(options, modem).send([told(1, name="TV-Sảnh", ips=("192.0.2.7",))])) == ["accepted"]
        ((number, header, text),) = map(read_pdu, modem.sent)
    assert (number, header) == (NIGHT, b"")
    assert text.startswith("CAO - Man hinh mo - Ma VG-NET-02/")
    assert "TV-Sanh" not in text
    assert modem.heard[:2] == [b"AT", b"ATE0"]


async def test_in_full_with_marks_it_takes_several_messages(options):
    with AtModem() as modem:
        receipts = await sink_of(options, modem, detail="full", accents=True, parts=5).send(
            [told(1, title=Text("Màn hình ở sảnh chờ tầng một đang mở cho mọi người", "x"))]
        )
        read = [read_pdu(pdu) for pdu in modem.sent]
    assert outcomes(receipts) == ["accepted"]
    text = "".join(part for _, _, part in read)
    assert len(read) > 1
    assert text.startswith("CAO · Màn hình ở sảnh chờ tầng một đang mở cho mọi người · Xã A · Mã VG-NET-02/")


async def test_a_second_program_on_the_line_waits_its_turn(options):
    with AtModem() as modem:
        other = os.open(modem.device, os.O_RDWR | os.O_NOCTTY)
        fcntl.flock(other, fcntl.LOCK_EX)
        sink = sink_of(options, modem)
        assert outcomes(await sink.send([told(1)])) == ["retry"]
        assert modem.heard == []
        os.close(other)
        assert outcomes(await sink.send([told(1)])) == ["accepted"]


async def test_only_what_calls_the_on_call_goes_by_short_message(tmp_path):
    plain = SmsModemOptions(device=tmp_path / "none", numbers=(NIGHT,), told_file=tmp_path / "told")
    (receipt,) = await sink_of(plain).send([told(1)])
    assert receipt.reason == FILTERED


async def test_what_a_modem_reports_by_itself_is_no_answer(options):
    with AtModem(registered="2,1") as modem:
        modem.chatter = b'\r\nRING\r\n\r\n+CREG: 0\r\n\r\n+CMTI: "SM",3\r\n'
        assert outcomes(await sink_of(options, modem).send([told(1)])) == ["accepted"]


@pytest.mark.parametrize(
    ("modem", "word", "trouble"),
    [
        ({"registered": "0,2"}, "mạng di động", ""),
        ({"registered": "0,3"}, "mạng di động", ""),
        ({"pin": "1234"}, "pin_file", "login"),
    ],
)
async def test_a_modem_that_cannot_send_is_an_outage(options, modem, word, trouble):
    with AtModem(**modem) as one:
        receipts = await sink_of(options, one).send([told(1), told(2, subject=Subject("asset", "b"))])
        assert one.sent == []
    assert outcomes(receipts) == ["retry"] * 2
    assert word in receipts[0].reason
    assert receipts[0].trouble == trouble


@pytest.mark.parametrize("state", [{"registered": "0,5"}, {"registered": "0,6"}, {"registered": "0,0", "lte": "0,1"}])
async def test_networks_of_today_count_as_registered(options, state):
    with AtModem(**state) as modem:
        assert outcomes(await sink_of(options, modem).send([told(1)])) == ["accepted"]


def pin(tmp_path, digits):
    file = tmp_path / "pin"
    file.write_text(digits + "\n")
    file.chmod(0o600)
    return file


async def test_a_pin_opens_the_card(options, tmp_path):
    with AtModem(pin="1234") as modem:
        assert outcomes(await sink_of(options, modem, pin_file=pin(tmp_path, "1234")).send([told(1)])) == ["accepted"]


async def test_a_wrong_pin_is_given_once_and_never_again(options, tmp_path):
    with AtModem(pin="1234") as modem:
        sink = sink_of(options, modem, pin_file=pin(tmp_path, "9999"))
        reasons = [(await sink.send([told(1)]))[0].reason for _ in range(5)]
        assert sum(line.startswith(b"AT+CPIN=") for line in modem.heard) == 1
    assert all("PIN của SIM không đúng" in reason for reason in reasons)
    assert not any("9999" in reason for reason in reasons)


def test_a_pin_that_is_none_is_refused_at_the_start(options, tmp_path):
    with pytest.raises(OptionsError):
        sink_of(options, pin_file=pin(tmp_path, '1234";+CFUN=0'))


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [(b"\r\n+CMS ERROR: 38\r\n", "retry"), (b"\r\n+CMS ERROR: 500\r\n", "retry"), (b"\r\n+CMS ERROR: 304\r\n", "rejected"), (b"\r\nERROR\r\n", "retry")],
)
async def test_what_the_network_says_of_a_message(options, answer, outcome):
    with AtModem() as modem:
        modem.answers = [answer]
        sink = sink_of(options, modem)
        (receipt,) = await sink.send([told(1)])
        assert receipt.outcome == outcome
        assert outcomes(await sink.send([told(2)])) == ["accepted"]


async def test_a_number_that_has_it_does_not_get_it_twice(options):
    with AtModem() as modem:
        modem.answers = [b"\r\n+CMGS: 1\r\n\r\nOK\r\n", b"\r\n+CMS ERROR: 38\r\n"]
        sink = sink_of(options, modem, numbers=(NIGHT, DAY))
        assert outcomes(await sink.send([told(1)])) == ["retry"]
        assert outcomes(await sink.send([told(1)])) == ["accepted"]
        assert [read_pdu(pdu)[0] for pdu in modem.sent] == [DAY]


async def test_no_modem_and_a_mute_one_are_outages(options):
    (receipt,) = await sink_of(options).send([told(1)])
    assert receipt.outcome == "retry"
    assert "cổng của modem" in receipt.reason
    master, slave = os.openpty()
    (receipt,) = await sink_of(options, device=os.ttyname(slave), timeout=SECOND // 20).send([told(1)])
    os.close(slave)
    os.close(master)
    assert receipt.outcome == "retry"
    assert "không trả lời kịp" in receipt.reason


async def test_beyond_the_budget_alerts_wait_and_none_is_lost(options):
    clock = [AT]
    rows = [told(seq, subject=Subject("asset", f"a{seq}")) for seq in (1, 2, 3)]
    with AtModem() as modem:
        sink = sink_of(options, modem, now=lambda: clock[0], per_hour=2)
        receipts = await sink.send(rows)
        assert outcomes(receipts) == ["accepted", "accepted", "retry"]
        assert receipts[2].after == HOUR
        assert len(modem.sent) == 2
        # A restart does not refill it.
        again = sink_of(options, modem, now=lambda: clock[0], per_hour=2)
        assert outcomes(await again.send(rows[2:])) == ["retry"]
        clock[0] += HOUR
        assert outcomes(await again.send(rows[2:])) == ["accepted"]


async def test_what_went_nowhere_uses_up_nothing(options):
    with AtModem() as modem:
        sink = sink_of(options, modem, per_hour=2)
        modem.registered = "0,2"
        for _ in range(5):
            (receipt,) = await sink.send([told(1)])
            assert (receipt.outcome, "mạng di động" in receipt.reason) == ("retry", True)
        (receipt,) = await sink_of(options, per_hour=2).send([told(1)])
        assert receipt.outcome == "retry"
        modem.registered = "0,1"
        assert outcomes(await sink.send([told(1), told(2, subject=Subject("asset", "a2"))])) == ["accepted", "accepted"]


def test_a_clock_put_back_does_not_lock_the_budget(tmp_path):
    clock = [AT + 1000 * HOUR]
    budget = Budget(tmp_path / "spent", 1, lambda: clock[0])
    budget.spend(1)
    assert budget.wait(1) == HOUR
    clock[0] = AT
    assert budget.wait(1) == 0


def test_a_damaged_budget_is_said_at_the_start(options, tmp_path):
    (tmp_path / "spent-sms-modem.json").write_text("{")
    with pytest.raises(OptionsError):
        sink_of(options)
