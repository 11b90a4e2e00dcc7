"""config.toml: what is read, and the one sentence for what is refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import BaseModel

from collector.config import Elasticsearch, JsonLines, Webhook, defaults, load
from collector.config.models import Config
from collector.refusal import ConfigError, key_path
from model.times import DAY, HOUR, MINUTE, SECOND

ES = '[[sinks]]\ntype = "elasticsearch"\nurls = ["https://soc.example.vn:9200"]\n'
HOOK = '[[sinks]]\ntype = "webhook"\nurl = "https://truc.example.vn/hook"\n'
LINES = '[[sinks]]\ntype = "jsonlines"\n'


def read(folder: Path, text: str) -> Config:
    path = folder / "config.toml"
    path.write_bytes(text.encode())
    return load(path)


def refusal(folder: Path, text: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        read(folder, text)
    return caught.value


def test_nothing_said_is_the_defaults(tmp_path: Path) -> None:
    config = read(tmp_path, "")
    assert config == defaults(tmp_path)
    assert (config.language, config.web.host, config.web.port) == ("vi", "127.0.0.1", 8470)
    assert [(leg.name, leg.interface, leg.heartbeat) for leg in config.legs] == [("lan", "auto", MINUTE)]
    assert config.sinks == ()


def test_paths_start_at_the_file(tmp_path: Path) -> None:
    config = read(tmp_path, 'state_dir = "var"\ndeclared = "/srv/khai-bao"\n' + LINES)
    assert config.state_dir == tmp_path / "var"
    assert config.declared == Path("/srv/khai-bao")
    assert config.sockets.dir == tmp_path / "state/sockets"
    sink = config.sinks[0]
    assert isinstance(sink, JsonLines)
    assert sink.path == tmp_path / "state/findings.jsonl"


@pytest.mark.parametrize(("text", "length"), [("45s", 45 * SECOND), ("5m", 5 * MINUTE), ("2h", 2 * HOUR), ("1d", DAY)])
def test_a_length_of_time_carries_its_unit(tmp_path: Path, text: str, length: int) -> None:
    assert read(tmp_path, f'[[legs]]\nheartbeat = "{text}"').legs[0].heartbeat == length


@pytest.mark.parametrize("text", ['"0s"', '"5"', '"5 m"', '"-5m"', '"1w"', "60", "1.5", "true", '""'])
def test_anything_else_is_no_length_of_time(tmp_path: Path, text: str) -> None:
    assert "[[legs]] #1 heartbeat" in refusal(tmp_path, f"[[legs]]\nheartbeat = {text}").text.en


def test_mark_and_line_ends_of_windows(tmp_path: Path) -> None:
    assert read(tmp_path, '\ufefflanguage = "en"\r\n[web]\r\nport = 9000\r\n').web.port == 9000


def test_every_kind_of_sink(tmp_path: Path) -> None:
    text = ES + 'namespace = "25"\nusername = "hop"\npassword_file = "p"\n' + HOOK + 'secret_file = "s"\nurgencies = ["page"]\n' + LINES
    elastic, hook, lines = read(tmp_path, text).sinks
    assert isinstance(elastic, Elasticsearch)
    assert (elastic.name, elastic.namespace, elastic.password_file) == ("elasticsearch", "25", tmp_path / "p")
    assert isinstance(hook, Webhook)
    assert (hook.urgencies, hook.min_severity, hook.language, hook.timeout) == (("page",), "low", None, 10 * SECOND)
    assert isinstance(lines, JsonLines)


@pytest.mark.parametrize(
    ("text", "vietnamese"),
    [
        ('languge = "vi"', 'không có khóa "languge", gần nhất là "language"'),
        ('language = "fr"', "\"language\" phải là một trong: 'vi' hoặc 'en', đang là \"fr\""),
        ("zzz = 1", 'không có khóa "zzz", các khóa có thể dùng: box, bundle, core,'),
        ("[web]\nprot = 8470", 'không có khóa "[web] prot", gần nhất là "port"'),
        ('[web]\nport = "8470"', '"[web] port" phải là số nguyên, đang là "8470"'),
        ("[web]\nport = 8470.0", '"[web] port" phải là số nguyên, đang là 8470.0'),
        ("[web]\nport = true", '"[web] port" phải là số nguyên, đang là true'),
        ("[web]\nport = 70000", '"[web] port" phải là số không quá 65535, đang là 70000'),
        ('[web]\nhost = "0.0.0.0"', '"[web] host" phải là địa chỉ của chính máy này'),
        ("web = 1", '"web" phải là một bảng, đang là 1'),
        ("legs = 3", '"legs" phải là danh sách trong ngoặc vuông [ ], đang là 3'),
        ("legs = []", '"legs" phải là danh sách có ít nhất một mục'),
        ('[[legs]]\nname = "Tầng 1"', '"[[legs]] #1 name" phải là tên gồm chữ thường'),
        ('[[legs]]\nname = "a/10"', '"[[legs]] #1 name"'),
        ('[[legs]]\n[[legs]]\nname = "b"\npromiscuous = 1', '"[[legs]] #2 promiscuous" phải là true hoặc false, đang là 1'),
        ('[[legs]]\n[[legs]]\ninterface = "eth1"', 'hai bảng [[legs]] có cùng name "lan"'),
        ('[[legs]]\nname = "a"\n[[legs]]\nname = "b"', 'hai bảng [[legs]] có cùng interface "auto"'),
        ('state_dir = ""', '"state_dir" phải là đường dẫn'),
        ("state_dir = 7", '"state_dir" phải là đường dẫn trong dấu nháy, đang là 7'),
        ("[journal]\nmax_bytes = 1", '"[journal] max_bytes" phải là số từ 8388608 trở lên, đang là 1'),
        (
            '[province]\nhours = "7h-17h"',
            '"[province] hours" phải là giờ làm việc như "07:00-17:30" hoặc "07:00-11:30 13:00-17:00", đang là "7h-17h"',
        ),
        (
            '[province]\nurls = ["https://es.example"]\nusername = "tinh"',
            'nơi nhận "province": username phải đi cùng password_file hoặc credential',
        ),
        ('[sockets]\nallowed_uids = ["root"]', '"[sockets] allowed_uids #1" phải là số nguyên, đang là "root"'),
        ("language = 1979-05-27", "đang là 1979-05-27"),
        ("sinks = [1]", '"sinks #1" phải là một bảng, đang là 1'),
        ('[[sinks]]\nurl = "x"', 'thiếu khóa "[[sinks]] #1 type"'),
        ('[[sinks]]\ntype = "elastic"', "\"[[sinks]] #1 type\" phải là một trong: 'elasticsearch', 'webhook', 'alertmanager', "),
        ('[[sinks]]\ntype = "elasticsearch"', 'thiếu khóa "[[sinks]] #1 urls"'),
        (ES + 'api_key = "x"', 'không có khóa "[[sinks]] #1 api_key", gần nhất là "api_key_file"'),
        (ES + 'namespace = "Tỉnh-25"', '"[[sinks]] #1 namespace" phải là mã gồm'),
        (ES + 'username = "a"', 'nơi nhận "elasticsearch": username phải đi cùng password_file hoặc credential'),
        (ES + 'password_file = "a"', "username phải đi cùng"),
        (ES + 'api_key_file = "a"\ncredential = "b"', "chỉ dùng một trong hai: credential hoặc api_key_file, password_file"),
        (ES + 'api_key_file = "a"\nusername = "b"\npassword_file = "c"', "chỉ dùng một trong hai: api_key_file hoặc username, password_file"),
        (ES + ES, 'hai bảng [[sinks]] có cùng name "elasticsearch"'),
        (HOOK, 'nơi nhận "webhook": cần secret_file hoặc credential'),
        (HOOK + 'credential = "a"\nurgencies = ["page", "wake"]', '"[[sinks]] #1 urgencies #2" phải là một trong'),
        (LINES + "keep = 0", '"[[sinks]] #1 keep" phải là số từ 1 trở lên, đang là 0'),
        ("[detectors.open_dispaly]", "không có quy tắc [detectors.open_dispaly], gần nhất là open_display"),
        ("[detectors.open_display]\nfresh_hors = 1", 'không có khóa "[detectors.open_display] fresh_hors", gần nhất là "fresh_hours"'),
        ('[detectors.open_display]\nfresh_hours = "24h"', '"[detectors.open_display] fresh_hours" phải là số nguyên, đang là "24h"'),
        ("[web\n", "không đúng cú pháp TOML ở dòng 1, cột 5"),
        ("a =", "không đúng cú pháp TOML"),
        ("[web]\nport = 1\nport = 2\nhost = 1", "không đúng cú pháp TOML ở dòng 3"),
    ],
)
def test_what_is_refused_is_told_in_one_sentence(tmp_path: Path, text: str, vietnamese: str) -> None:
    told = refusal(tmp_path, text).text
    assert told.vi.startswith("Tệp config.toml: ")
    assert vietnamese in told.vi
    assert told.en.startswith("File config.toml: ")
    for sentence in (told.vi, told.en):
        assert sentence.endswith(".")
        assert "\n" not in sentence
        assert "pydantic" not in sentence
    assert not set("ăâđêôơưạả") & set(told.en.replace("Tầng", "").replace("Tỉnh", "")), "the English sentence has Vietnamese in it"


def test_several_mistakes_are_counted_and_the_unknown_key_goes_first(tmp_path: Path) -> None:
    told = refusal(tmp_path, '[[sinks]]\ntype = "webhook"\nulr = "https://a.example"\n[web]\nport = "x"').text
    assert 'không có khóa "[[sinks]] #1 ulr", gần nhất là "url" (và 1 lỗi khác)' in told.vi


@pytest.mark.parametrize("url", ["http://soc.example.vn", "https://user:matkhau@soc.example.vn", "ftp://a", "soc", "https://", "https://a:b", "https://[x"])
def test_an_address_that_would_leak_is_refused_and_not_repeated(tmp_path: Path, url: str) -> None:
    told = refusal(tmp_path, f'[[sinks]]\ntype = "webhook"\ncredential = "a"\nurl = "{url}"').text
    assert '"[[sinks]] #1 url" phải là địa chỉ https://' in told.vi
    assert "matkhau" not in told.vi + told.en


@pytest.mark.parametrize("url", ["http://127.0.0.1:9200", "http://[::1]:9200", "http://localhost:1", "https://10.0.0.1"])
def test_clear_text_stays_within_this_machine(tmp_path: Path, url: str) -> None:
    assert read(tmp_path, f'[[sinks]]\ntype = "elasticsearch"\nurls = ["{url}"]').sinks[0].type == "elasticsearch"


def test_a_hostile_value_cannot_break_the_sentence(tmp_path: Path) -> None:
    told = refusal(tmp_path, 'language = "a\\u202eb\\n' + "x" * 500 + '"').text
    assert len(told.vi) < 250
    assert "\u202e" not in told.vi


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    cases = {"no.toml": "không có tệp này", "folder": "là thư mục, cần một tệp", "latin": "không phải mã UTF-8", "big": "lớn hơn 16 MiB"}
    (tmp_path / "folder").mkdir()
    (tmp_path / "latin").write_bytes("điểm".encode("utf-16"))
    with (tmp_path / "big").open("wb") as file:
        file.truncate(16 * 1024 * 1024 + 1)
    for name, sentence in cases.items():
        with pytest.raises(ConfigError) as caught:
            load(tmp_path / name)
        assert sentence in caught.value.text.vi, name
        assert str(tmp_path / name) in caught.value.text.vi
        assert caught.value.exit_code == 1


def tables(model: type[BaseModel] = Config) -> set[type[BaseModel]]:
    """The model and all models its fields mention."""
    found = {model}
    for field in model.model_fields.values():
        mentioned = [field.annotation]
        while mentioned:
            hint = mentioned.pop()
            if isinstance(hint, type) and issubclass(hint, BaseModel):
                found |= tables(hint)
            mentioned.extend(getattr(hint, "__args__", ()))
    return found


@pytest.mark.parametrize("model", sorted(tables(), key=lambda model: model.__name__), ids=lambda model: model.__name__)
def test_no_field_takes_a_value_of_another_type(model: type[BaseModel]) -> None:
    """A new option with pydantic's own int or bool would take "8470" and "yes"."""
    wrong: dict[str, list[object]] = {}
    for name, field in model.model_fields.items():
        hint = str(field.annotation)
        if "int" in hint or "bool" in hint:
            wrong[name] = ["1", 1.0, "yes", "true"]
        elif "str" in hint:
            wrong[name] = [1, True]
    for name, values in wrong.items():
        for value in values:
            with pytest.raises(ValueError, match=rf"(?s)\b{name}\b"):
                model.model_validate({name: value}, context={"base": "/"})
    assert len(tables()) >= 11


def test_a_key_is_told_as_the_file_has_it() -> None:
    assert key_path(("language",)) == "language"
    assert key_path(("web", "port")) == "[web] port"
    assert key_path(("legs", 1, "name")) == "[[legs]] #2 name"
    assert key_path(("sinks", 0, "urls", 2)) == "[[sinks]] #1 urls #3"
    assert key_path(("detectors", "open_display", "fresh_hours")) == "[detectors.open_display] fresh_hours"


def test_the_sentences_can_be_had_without_pydantic() -> None:
    code = "import sys, collector.refusal, collector.options, collector.registry; sys.exit('pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
