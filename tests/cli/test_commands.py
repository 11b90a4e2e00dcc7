"""Each command as people and programs use it, on our own captures and against a running box."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from collector.cli.app import program
from tests import corpus
from tests.lab.lab import Net
from tests.system.program import PATIENCE, Box, address, fetched, ran, running, until
from tests.system.screens import Wire, ip, mac

AIRPLAY = corpus.LAB / "airplay-uxplay" / "capture.pcap"
CAST = corpus.LAB / "cast-busy" / "capture.pcap"
QUESTIONS = corpus.LAB / "only-questions" / "capture.pcap"

FINDING_KEYS = [
    "id", "detector", "state", "severity", "grade", "site", "subject", "opened", "updated", "title", "summary", "evidence", "remedy",
    "source_findings", "attack", "cause",
]  # fmt: skip
ASSET_KEYS = ["id", "macs", "ips", "names", "class", "class_grade", "class_evidence", "role", "segment", "first_seen", "last_seen"]


def replayed(*arguments: str | Path, status: int = 0) -> list[dict[str, Any]]:
    done = ran("replay", "--format", "json", *arguments)
    assert (done.returncode, done.stderr) == (status, ""), done
    return [json.loads(line) for line in done.stdout.splitlines()]


# --- replay


def test_json_lines_have_the_keys_of_the_contract_in_their_order() -> None:
    finding, *assets = replayed("--assets", AIRPLAY)
    assert list(finding) == FINDING_KEYS
    assert list(finding["subject"]) == ["kind", "id", "name", "macs", "ips"]
    assert [list(piece) for piece in finding["evidence"]] == [["kind", "value", "at"]] * len(finding["evidence"])
    assert (finding["detector"], finding["state"], finding["source_findings"], finding["cause"]) == ("VG-NET-02", "open", [2], "observed")
    assert re.fullmatch(r"2025-07-15T\d\d:\d\d:\d\d(\.\d+)?(Z|\+\d\d:\d\d)", finding["opened"])
    assert [list(line) for line in assets] == [["asset"]] * len(assets)
    assert all(list(line["asset"]) == ASSET_KEYS for line in assets)
    assert {tuple(line["asset"]["macs"]) for line in assets} == {("00:e0:4c:10:20:31",), ("5e:3c:1b:10:20:52",)}


def test_the_same_file_gives_the_same_bytes_each_time() -> None:
    first, second = (ran("replay", "--format", "json", "--assets", CAST).stdout for _ in range(2))
    assert first == second != ""


def test_several_files_are_one_site() -> None:
    together = replayed(AIRPLAY, CAST)
    assert {line["subject"]["macs"][0] for line in together} == {"00:e0:4c:10:20:31", "00:f6:20:10:20:33"}


def test_the_table_is_for_people_in_their_language(box: Box) -> None:
    vietnamese = ran("replay", "--assets", AIRPLAY).stdout
    assert "Mức độ" in vietnamese
    assert "“Màn hình phòng họp” cho phép bất kỳ ai trình chiếu" in vietnamese
    assert "00:e0:4c:10:20:31" in vietnamese
    box.language = "en"
    english = ran("replay", "--assets", AIRPLAY, "--config", box.write().config).stdout
    assert "Severity" in english
    assert "lets anyone" in english
    assert "2 devices" in english
    assert "Mức độ" not in english


def test_fail_on_changes_the_status_alone() -> None:
    worst = replayed(AIRPLAY)[0]["severity"]
    assert worst == "high"
    assert len(replayed("--fail-on", "high", AIRPLAY, status=1)) == 1
    assert len(replayed("--fail-on", "critical", AIRPLAY)) == 1
    assert replayed("--fail-on", "low", QUESTIONS) == []


def test_declared_data_and_the_leg_decide_the_role(box: Box) -> None:
    box.site("diem-1", ["can-bo"], '[[zones]]\nleg = "can-bo"\nrole = "staff"\n', folder="mot")
    box.site("diem-2", ["nguoi-dan"], '[[zones]]\nleg = "nguoi-dan"\nrole = "citizen"\n', folder="hai")
    (box.folder / "declared" / "site.toml").unlink()
    box.write('[[legs]]\nname = "can-bo"\ninterface = "eth0"\n[[legs]]\nname = "nguoi-dan"\ninterface = "eth1"\n')
    for leg, site, role, severity in (("can-bo", "diem-1", "staff", "medium"), ("nguoi-dan", "diem-2", "citizen", "high")):
        finding, *assets = replayed("--config", box.config, "--leg", leg, "--assets", AIRPLAY)
        assert (finding["site"], finding["severity"]) == (site, severity)
        assert {(line["asset"]["role"], line["asset"]["segment"]) for line in assets} == {(role, leg)}


def test_private_shows_no_address_of_the_captures() -> None:
    captures = corpus.lab_captures()
    open_words = ran("replay", "--format", "json", "--assets", *captures).stdout
    macs = set(re.findall(r"\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b", open_words))
    ips = {address for line in open_words.splitlines() for address in addresses(json.loads(line))}
    assert len(macs) > 15
    assert len(ips) > 15
    hidden = ran("replay", "--format", "json", "--assets", "--private", *captures).stdout
    hidden += ran("replay", "--assets", "--private", *captures, env={"COLUMNS": "1000"}).stdout
    told = hidden.lower()
    spellings = {word for mac in macs for word in (mac, mac.replace(":", "-"), mac.replace(":", ""))}
    assert {word for word in spellings if word in told} == set()
    assert {word for word in ips if re.search(rf"(?<![0-9a-f.:]){re.escape(word)}(?![0-9a-f:]|\.\d)", told)} == set()
    assert len(hidden.splitlines()) > 50


def addresses(line: dict[str, Any]) -> list[str]:
    found = line["asset"] if "asset" in line else line["subject"]
    return [*found.get("ips", [])]


# --- a running box


@pytest.fixture
def watched(net: Net, box: Box) -> Iterator[tuple[Box, str]]:
    """A running box that found three screens, one of them declared; its page."""
    segment = net.segment("hall")
    leg, wire = segment.leg(), Wire(segment.leg())
    box.site(more='name = "Điểm thử"\n[[zones]]\nleg = "lan"\nrole = "staff"\n')
    (box.folder / "declared" / "screens.csv").write_text(f"mac,name,place,public\n{mac(1)},TV sảnh,Sảnh,có\n")
    (box.folder / "declared" / "register.csv").write_text(f"mac,name,role\n{mac(2)},Máy quầy 2,citizen\n")
    secret = box.folder / "secret"
    secret.write_text("whsec_c2VjcmV0LW9mLXRoZS10ZXN0cw==\n")
    secret.chmod(0o600)
    box.write(
        '[[legs]]\nname = "lan"\ninterface = "leg0"\n',
        '[[sinks]]\ntype = "webhook"\nurl = "http://127.0.0.1:9/"\nsecret_file = "secret"\n',
    )
    with running(box, "core") as core, running(box, "web") as web, running(box, "collect", space=leg.space) as collect:
        core.wait_for("lõi đang chạy", PATIENCE)
        collect.wait_for("đang nghe trên leg0", PATIENCE)
        page = address(web)
        wire.send(range(1, 4))
        until(lambda: len(box.findings()) == 3, "three findings", PATIENCE)
        yield box, page
    wire.close()


@pytest.mark.root
def test_acts_reach_core_the_journal_and_the_page(watched: tuple[Box, str]) -> None:
    box, page = watched
    by_mac = {line["subject"]["macs"][0]: line["id"] for line in box.findings()}
    taken, accepted, closed = (by_mac[mac(number)] for number in (1, 2, 3))
    assert "đang mở" in box.ask("findings", "ack", taken, "--by", "Lan")
    assert "đã chấp nhận rủi ro" in box.ask("findings", "accept", accepted, "--by", "Lan", "--until", "2099-12-31", "--why", "chờ mua TV mới")
    assert "đã khắc phục" in box.ask("findings", "close", closed, "--by", "Hùng", "--why", "đã kiểm tra tại chỗ")
    states = {line["id"]: (line["state"], line["cause"]) for line in box.findings()}
    assert states[taken] == ("open", "act by Lan")
    assert states[accepted] == ("accepted", "act by Lan: chờ mua TV mới")
    assert states[closed] == ("resolved", "act by Hùng: đã kiểm tra tại chỗ")
    assert [line["state"] for line in box.lines("findings", "show", closed)] == ["open", "resolved"]
    table = box.ask("findings", "show", accepted)
    assert "người phụ trách thao tác (Lan): chờ mua TV mới" in table
    until(lambda: "chờ mua TV mới" in fetched(f"{page}phat-hien/{accepted}"), "the act on the page", PATIENCE)
    again = ran("findings", "close", closed, "--by", "Hùng", "--why", "lần nữa", "--config", box.config)
    assert again.returncode == 1
    assert again.stderr.startswith("vonggac: ")
    assert "không ở trạng thái mở" in again.stderr
    nobody = ran("findings", "ack", "000000000000", "--by", "Lan", "--config", box.config)
    assert (nobody.returncode, "000000000000" in nobody.stderr) == (1, True)


@pytest.mark.root
def test_the_inventory_knows_whom_a_device_serves(watched: tuple[Box, str]) -> None:
    box, _ = watched
    lines = box.lines("assets", "list")
    assert all(list(line["asset"]) == ASSET_KEYS for line in lines)
    roles = {line["asset"]["macs"][0]: line["asset"]["role"] for line in lines}
    assert roles == {mac(1): "display", mac(2): "citizen", mac(3): "staff"}
    table = box.ask("assets", "list")
    assert [word in table for word in ("màn hình", "người dân", "cán bộ", "TV sảnh", "Máy quầy 2")] == [True] * 5
    for asked in ("TV sảnh", mac(1), mac(1).upper(), ip(1)):
        (line,) = [json.loads(line) for line in box.ask("assets", "show", asked).splitlines()]
        assert line["asset"]["role"] == "display"
    assert "000" in ran("assets", "show", "000", "--config", box.config).stderr
    assert "TV sảnh" in box.ask("findings", "list")


@pytest.mark.root
def test_explain_tells_the_verdict_with_its_evidence(watched: tuple[Box, str]) -> None:
    box, _ = watched
    told = box.ask("explain", "vg-net-02", "TV sảnh")
    assert told.startswith("VG-NET-02 · vi phạm · ")
    assert "MediaRenderer" in told
    unknown = ran("explain", "VG-NET-02", "TV nào đó", "--config", box.config)
    assert unknown.returncode == 1
    assert "TV sảnh" in unknown.stderr


@pytest.mark.root
def test_without_core_the_journal_still_answers(watched: tuple[Box, str]) -> None:
    box, _ = watched
    running_answer = box.lines("assets", "list")
    copy = Box(box.folder / "copy")
    copy.folder.mkdir()
    (copy.folder / "config.toml").write_text(box.config.read_text() + f'\n[sockets]\ndir = "{copy.folder}/none"\n')
    (copy.folder / "declared").symlink_to(box.folder / "declared")
    (copy.folder / "state").symlink_to(box.folder / "state")
    assert copy.lines("assets", "list") == running_answer
    assert {line["id"] for line in copy.findings()} == {line["id"] for line in box.findings()}


# --- configuration


def test_config_show_tells_where_secrets_are_and_none_of_them(box: Box) -> None:
    (box.folder / "secret").write_text("whsec_c2VjcmV0LW9mLXRoZS10ZXN0cw==\n")
    box.write('[[sinks]]\ntype = "webhook"\nurl = "https://truc.example.vn/vonggac"\nsecret_file = "secret"\n')
    shown = json.loads(box.ask("config", "show"))
    assert shown["sinks"][0]["secret_file"] == str(box.folder.resolve() / "secret")
    assert "whsec_" not in json.dumps(shown)
    assert shown["core"]["max_assets"] == 20000


def test_config_check_counts_what_it_found(box: Box) -> None:
    box.write('[[legs]]\nname = "lan"\ninterface = "lo"\n')
    assert "1 điểm, 1 chân mạng, 0 nơi nhận" in box.ask("config", "check")
    assert "diem-1" in ran("declared", "check", box.folder / "declared").stdout


def test_bootstrap_shows_what_it_would_install_without_a_server(box: Box) -> None:
    box.write('[[sinks]]\ntype = "elasticsearch"\nurls = ["https://soc.example.vn:9200"]\nnamespace = "25"\n')
    told = box.ask("es", "bootstrap", "--dry-run")
    heads = [line for line in told.splitlines() if line.startswith("PUT /")]
    assert any("_index_template" in head for head in heads)
    for body in re.split(r"^PUT /.*$", told, flags=re.MULTILINE)[1:]:
        assert json.loads(body)
    done = ran("es", "bootstrap", "--config", box.write().config)
    assert (done.returncode, "elasticsearch" in done.stderr) == (1, True)


@pytest.mark.root
def test_the_bounds_of_core_reach_every_site(net: Net, box: Box) -> None:
    segment = net.segment("hall")
    leg, wire = segment.leg(), Wire(segment.leg())
    box.write('[[legs]]\nname = "lan"\ninterface = "leg0"\n', "[core]\nmax_assets = 100\n")
    with running(box, "core"), running(box, "web") as web, running(box, "collect", space=leg.space) as collect:
        collect.wait_for("đang nghe trên leg0", PATIENCE)
        page = address(web)
        wire.stations(range(1, 131))
        until(lambda: metric(page, "vonggac_assets_evicted_total") == 30, "what is beyond the bound to be forgotten", PATIENCE)
        assert metric(page, "vonggac_assets") == 100
    wire.close()


def metric(page: str, name: str) -> float | None:
    found = re.search(rf"^{name}(?:{{[^}}]*}})? (\S+)$", fetched(page + "metrics"), re.MULTILINE)
    return float(found[1]) if found else None


def commands(command: Any, words: tuple[str, ...] = ()) -> Iterator[str]:
    """Every command there is, groups included."""
    yield " ".join(words)
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, (*words, name))


def test_help_of_every_command_has_an_example() -> None:
    whole = program()
    every = list(commands(get_command(whole)))
    assert {"", "run", "findings accept", "es bootstrap"} <= set(every)
    # Each in a process of its own would pay its start some fifty times; that a process says the same is asked of a few below.
    helped = {command: CliRunner().invoke(whole, [*command.split(), "-h"], prog_name="vonggac", env={"COLUMNS": "200"}) for command in every}
    assert [command for command, done in helped.items() if f"Ví dụ: vonggac {command}".rstrip() not in done.output] == []
    assert {done.exit_code for done in helped.values()} == {0}
    # Typer's own words are Vietnamese as ours are.
    assert [command for command, done in helped.items() if not done.output.lstrip().startswith(f"Cách dùng: vonggac {command}".rstrip())] == []
    assert [command for command, done in helped.items() if "In trợ giúp này rồi thoát." not in done.output or re.search(ENGLISH, done.output)] == []


ENGLISH = r"Usage|Options|OPTIONS|Arguments|Commands|COMMAND|\[ARGS\]|Show this message|\[default|\[required"


@pytest.mark.parametrize("command", ["", "run", "findings accept"])
def test_help_is_said_by_the_program_itself(command: str) -> None:
    done = ran(*command.split(), "--help", env={"COLUMNS": "200"})
    assert done.returncode == 0
    assert f"Ví dụ: vonggac {command}".rstrip() in done.stdout
    assert ran(*command.split(), "-h", env={"COLUMNS": "200"}).stdout == done.stdout


def test_it_says_its_version() -> None:
    done = ran("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"vonggac {version('vonggac')}\n", "")
