"""The tables of mail, short messages and syslog: what is read and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.assembly import sinks_of
from collector.clock import SystemClock
from collector.config import Config, load
from collector.refusal import ConfigError

MAIL = '[[sinks]]\ntype = "mail"\nhost = "thu.example.vn"\nsender = "a@b.vn"\nrecipients = ["c@d.vn"]\n'
MODEM = '[[sinks]]\ntype = "sms_modem"\ndevice = "ttyUSB2"\nnumbers = ["+84912345678"]\n'
GATEWAY = '[[sinks]]\ntype = "sms_http"\nurl = "https://sms.example.vn/{number}"\nbody = "{text}"\nsuccess = "ok"\nnumbers = ["113"]\n'
SIEM = '[[sinks]]\ntype = "syslog"\nhost = "siem.example.vn"\n'


def read(folder: Path, text: str) -> Config:
    (folder / "config.toml").write_text(text)
    return load(folder / "config.toml")


def test_each_becomes_its_sink(tmp_path: Path) -> None:
    config = read(tmp_path, MAIL + MODEM + GATEWAY + SIEM)
    made = sinks_of(config, {}, (), SystemClock())
    assert [type(sink).__name__ for sink in made] == ["Mail", "SmsModem", "SmsHttp", "Syslog"]
    assert [sink.name for sink in made] == ["mail", "sms-modem", "sms-http", "syslog"]
    modem, gateway, siem = config.sinks[1:]
    assert (modem.urgencies, gateway.urgencies, siem.urgencies) == (("page",), ("page",), ("page", "ticket", "report"))
    assert (modem.detail, gateway.detail, siem.detail) == ("id_only", "id_only", "full")


@pytest.mark.parametrize(
    ("text", "vietnamese"),
    [
        (MAIL + 'security = "none"', "không mã hóa, chỉ dùng được với chính máy này"),
        (MAIL + 'username = "a"', "username phải đi cùng password_file hoặc credential"),
        (MAIL + 'password_file = "a"', "username phải đi cùng"),
        (MAIL + 'username = "a"\npassword_file = "a"\ncredential = "b"', "chỉ dùng một trong hai: password_file hoặc credential"),
        (MAIL.replace("c@d.vn", "trực@d.vn"), "địa chỉ thư không dấu"),
        (MAIL.replace("c@d.vn", "c@d.vn\\nBcc: x@y"), "địa chỉ thư không dấu"),
        (MAIL.replace('["c@d.vn"]', "[]"), "danh sách có ít nhất một mục"),
        (MAIL.replace("thu.example.vn", "thu.example.vn/x"), "tên máy hoặc địa chỉ IP"),
        (MODEM.replace("+84912345678", "+84 912"), "số điện thoại"),
        (MODEM + "per_hour = 4", "phải là số từ 5 trở lên"),
        (GATEWAY.replace('"ok"', '"(ok"'), "biểu thức chính quy"),
        (GATEWAY.replace('"ok"', '""'), "biểu thức chính quy"),
        (GATEWAY + 'headers = ["X-A: b\\r\\nX-C: d"]', "tiêu đề HTTP"),
        (GATEWAY + 'secret_file = "a"\ncredential = "b"', "chỉ dùng một trong hai: secret_file hoặc credential"),
        (GATEWAY.replace("https://", "http://"), "địa chỉ https://"),
        (SIEM + 'transport = "udp"', "không mã hóa, chỉ dùng được với chính máy này"),
        (SIEM + 'cert_file = "a"', "cert_file phải đi cùng key_file"),
        (SIEM + "facility = 24", "phải là số không quá 23"),
    ],
)
def test_what_is_refused_is_told_in_one_sentence(tmp_path: Path, text: str, vietnamese: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text)
    assert vietnamese in caught.value.text.vi
    assert "\n" not in caught.value.text.vi


@pytest.mark.parametrize(
    "text", [MAIL.replace("thu.example.vn", "127.0.0.1") + 'security = "none"', SIEM.replace("siem.example.vn", "::1") + 'transport = "udp"']
)
def test_clear_text_stays_within_this_machine(tmp_path: Path, text: str) -> None:
    assert len(read(tmp_path, text).sinks) == 1
