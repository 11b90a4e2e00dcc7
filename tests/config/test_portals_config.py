"""The table [portals] of config.toml, and the names of hosts that its lists and the declared ones hold."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.config import load as load_config
from collector.config.portals import FeedTable, Portals
from collector.hostnames import host_name, name_and_parents
from collector.refusal import ConfigError
from model.times import HOUR, SECOND

ROOT = Path(__file__).parents[2]


def config(tmp_path: Path, text: str) -> Portals:
    (tmp_path / "config.toml").write_text(text)
    return load_config(tmp_path / "config.toml").portals


def test_portals_in_config_toml(tmp_path: Path) -> None:
    found = config(tmp_path, '[portals]\ndns = "192.168.1.1:5353"\n[[portals.feeds]]\nname = "a"\npath = "a.txt"')
    assert (found.enabled, found.pace, found.period_commune) == (True, 2 * SECOND, 6 * HOUR)
    assert found.evidence_dir == tmp_path / "state/evidence"
    assert found.feeds == (FeedTable.model_validate({"name": "a", "path": "a.txt"}, context={"base": tmp_path}),)
    assert found.feeds[0].path == tmp_path / "a.txt"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('pace = "1s"', '"[portals] pace" phải là khoảng thời gian từ "2s" đến "1h"'),
        ("browser_uid = 0", '"[portals] browser_uid" phải là số từ 1 trở lên'),
        ('dns = "dns.example"', '"[portals] dns" phải là địa chỉ IP của máy chủ DNS'),
        ('dns = "1.1.1.1:0"', '"[portals] dns" phải là địa chỉ IP của máy chủ DNS'),
        ('render = "always"', '"[portals] render" phải là một trong'),
        ('feeds = [{name = "a", path = "a"}, {name = "a", path = "b"}]', 'hai bảng [[portals.feeds]] có cùng name "a"'),
        ('feeds = [{name = "a", path = "a", format = "csv"}]', '"[[portals.feeds]] #1 format" phải là một trong'),
        ('feeds = [{name = "a", url = "https://a.example/"}]', 'không có khóa "[[portals.feeds]] #1 url"'),
    ],
)
def test_portals_in_config_toml_refused(tmp_path: Path, text: str, what: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(what)):
        config(tmp_path, f"[portals]\n{text}\n")


@pytest.mark.parametrize("given", ["", "192.168.1.1", "192.168.1.1:53", "::1", "[::1]", "[fd00::1]:5353"])
def test_ways_to_write_a_dns_server(tmp_path: Path, given: str) -> None:
    assert config(tmp_path, f'[portals]\ndns = "{given}"').dns == given


def test_config_toml_shows_every_option_of_a_feed() -> None:
    text = (ROOT / "config.toml").read_text().partition("# [[portals.feeds]]\n")[2].partition("\n\n")[0]
    shown = tomllib.loads("\n".join(line.removeprefix("# ") for line in text.splitlines() if not line.startswith("##")))
    assert shown.keys() == FeedTable.model_fields.keys()
    assert {name: value for name, value in shown.items() if name not in ("name", "path")} == {
        name: field.default for name, field in FeedTable.model_fields.items() if not field.is_required()
    }


@pytest.mark.parametrize(
    ("given", "name"),
    [("XaMau.Example.", "xamau.example"), ("xã.example", "xn--x-yfa.example"), ("a_b.example", "a_b.example"), ("example", ""), ("1.2.3.4", ""),
     ("a b.example", ""), ("-a.example", ""), ("a..example", ""), ("https://a.example", ""), ("a." * 127 + "example", ""), ("\udcff.example", "")],
)  # fmt: skip
def test_names_of_hosts(given: str, name: str) -> None:
    assert host_name(given) == name


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_a_name_or_none(text: str) -> None:
    name = host_name(text)
    assert name in ("", host_name(name))


def test_parents_end_at_what_somebody_registered() -> None:
    assert list(name_and_parents("a.b.example.com.vn")) == ["a.b.example.com.vn", "b.example.com.vn", "example.com.vn"]
    assert list(name_and_parents("a.b.test")) == ["a.b.test", "b.test"]
    assert list(name_and_parents("x.pages.dev")) == ["x.pages.dev"]
    assert [list(name_and_parents(name)) for name in ("com.vn", "gov.vn", "pages.dev", "com")] == [[], [], [], []]
