"""openings.csv: what may be reached from outside, by whose word, until when."""

from __future__ import annotations

import pytest

from collector.declared import load
from collector.refusal import ConfigError
from model.declared import Opening

# The midnight after 31/12/2026 in Viet Nam.
UNTIL = 1_798_736_400 * 1_000_000_000


def loaded(tmp_path, text):
    (tmp_path / "site.toml").write_text('site = "xa"\n')
    (tmp_path / "openings.csv").write_text(text)
    return load(tmp_path, ("lan",)).openings


def test_a_line_is_a_device_a_port_an_owner_and_a_last_day(tmp_path):
    known = loaded(
        tmp_path, "địa chỉ mac,cổng,giao thức,người phụ trách,hết hạn\n00-11-32-10-20-31,443,,Lan,31/12/2026\n00:11:32:10:20:31,51820,UDP,Lan,2026-12-31\n"
    )
    assert known == tuple(
        Opening(mac="00:11:32:10:20:31", port=port, protocol=protocol, owner="Lan", until=UNTIL) for port, protocol in ((443, "tcp"), (51820, "udp"))
    )


def test_no_file_is_not_the_same_as_no_line(tmp_path):
    (tmp_path / "site.toml").write_text('site = "xa"\n')
    assert load(tmp_path, ("lan",)).openings is None
    assert loaded(tmp_path, "mac,port,owner,until\n") == ()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("00:11:32:10:20:31,0,tcp,Lan,31/12/2026", "port"),
        ("00:11:32:10:20:31,65536,tcp,Lan,31/12/2026", "port"),
        ("00:11:32:10:20:31,https,tcp,Lan,31/12/2026", "port"),
        ("00:11:32:10:20:31,443,sctp,Lan,31/12/2026", "protocol"),
        ("00:11:32:10:20:31,443,tcp,,31/12/2026", "owner"),
        ("00:11:32:10:20:31,443,tcp,Lan,", "until"),
        ("00:11:32:10:20:31,443,tcp,Lan,31/02/2026", "until"),
        ("nowhere,443,tcp,Lan,31/12/2026", "mac"),
    ],
)
def test_a_wrong_cell_is_named(tmp_path, line, told):
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, f"mac,port,protocol,owner,until\n{line}\n")
    assert told in str(caught.value)
    assert "openings.csv" in str(caught.value)
