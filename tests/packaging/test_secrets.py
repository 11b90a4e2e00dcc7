"""No secret leaves its file: planted in every secret that a box may have, none is in what the program prints, logs, serves or writes down."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.program import PATIENCE, Box, address, ended, fetched, ran, running, until

CANARY = "Chim5Hoang5Yen"
# The option with the secret, what the file says, and the sink's table.
SECRETS = {
    "elastic-key": ("api_key_file", f"{CANARY}ElasticKey==", 'type = "elasticsearch"\nurls = ["http://127.0.0.1:@PORT@"]'),
    "elastic-password": ("password_file", f"{CANARY}ElasticPassword", 'type = "elasticsearch"\nurls = ["http://127.0.0.1:@PORT@"]\nusername = "hop"'),
    "webhook": ("secret_file", "whsec_Q2hpbTVIb2FuZzVZZW5DaGltNUhvYW5nNVllbg==", 'type = "webhook"\nurl = "http://127.0.0.1:@PORT@/"'),
    "alertmanager": ("password_file", f"{CANARY}Alertmanager", 'type = "alertmanager"\nurls = ["http://127.0.0.1:@PORT@"]\nusername = "hop"'),
    "pagerduty": ("key_file", f"{CANARY}PagerDuty123456789", 'type = "pagerduty"\nurl = "http://127.0.0.1:@PORT@/"'),
    "zalo": ("token_file", f"12345:{CANARY}Zalo", 'type = "zalo"\nurl = "http://127.0.0.1:@PORT@"\nchat_id = "abc"'),
    "apprise": ("urls_file", f"json://hop:{CANARY}Apprise@127.0.0.1:@PORT@/", 'type = "apprise"'),
    "mail": (
        "password_file",
        f"{CANARY}Mail",
        'type = "mail"\nhost = "127.0.0.1"\nport = @PORT@\nsecurity = "none"\nusername = "hop"\nsender = "hop@xa.vn"\nrecipients = ["truc@xa.vn"]',
    ),
    "sms": (
        "secret_file",
        f"{CANARY}Sms",
        'type = "sms_http"\nurl = "http://127.0.0.1:@PORT@/{secret}"\nnumbers = ["0912345678"]\nsuccess = "ok"\n'
        'body = \'{"key": "{secret}", "to": "{number}", "text": "{text}"}\'',
    ),
}  # fmt: skip
TOLD = (CANARY, SECRETS["webhook"][1].removeprefix("whsec_"))


@pytest.fixture
def box() -> Iterator[Box]:
    """A box's folder with one declared site; its path is short, as a socket's must be."""
    with tempfile.TemporaryDirectory(prefix="vonggac-test-") as name:
        yield Box(Path(name)).site()


@pytest.fixture
def refusing() -> Iterator[int]:
    """A port that takes connections and says nothing that any of the sinks would understand."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def secret_box(box: Box, refusing: int) -> Box:
    tables = ['[[legs]]\nname = "lan"\ninterface = "eth77"\nheartbeat = "1s"\n']
    for name, (option, secret, table) in SECRETS.items():
        file = box.folder / name
        file.write_text(secret.replace("@PORT@", str(refusing)) + "\n")
        file.chmod(0o600)
        tables.append(f'[[sinks]]\nname = "{name}"\n{table.replace("@PORT@", str(refusing))}\n{option} = "{name}"\ntimeout = "1s"\n')
        if table.startswith('type = "elasticsearch"') or "mail" in name or "alert" in name:
            continue
        tables[-1] += 'urgencies = ["page", "ticket", "report"]\n'
    return box.write(*tables)


def betrayed(*texts: str) -> list[str]:
    """The lines in which a planted secret stands."""
    return [line[:300] for text in texts for line in text.splitlines() if any(secret in line for secret in TOLD)]


def written(folder: Path) -> list[str]:
    """Files of the box's own folder in which a planted secret stands."""
    files = [path for path in (folder / "state").rglob("*") if path.is_file()]
    assert any(path.name.startswith("journal") for path in files)
    return [path.name for path in files if any(secret.encode() in path.read_bytes() for secret in TOLD)]


def test_no_secret_is_told_while_every_sink_fails(secret_box: Box) -> None:
    with running(secret_box, "run") as process:
        page = address(process)
        until(lambda: all(f"nơi nhận {name}: tạm ngưng" in process.said() for name in SECRETS), "every sink's outage", PATIENCE)
        served = [fetched(page + path) for path in ("metrics", "gui-di")]
        shown = ran("config", "show", "--config", secret_box.config)
        assert ended(process) == 0
    tried = ran("notify", "test", "--config", secret_box.config)
    assert tried.returncode == 1
    assert all(name in tried.stdout for name in SECRETS)
    assert betrayed(process.said(), *served, shown.stdout, shown.stderr, tried.stdout, tried.stderr) == []
    assert written(secret_box.folder) == []


@pytest.mark.parametrize("name", list(SECRETS))
def test_a_secret_that_anybody_may_read_is_refused_without_being_told(secret_box: Box, name: str) -> None:
    (secret_box.folder / name).chmod(0o644)
    done = ran("notify", "test", "--sink", name, "--config", secret_box.config)
    assert done.returncode == 1
    assert f"chmod 600 {secret_box.folder / name}" in done.stderr
    assert betrayed(done.stdout, done.stderr) == []


def test_a_secret_written_into_the_configuration_itself_is_not_repeated(box: Box) -> None:
    box.write(f'[[sinks]]\ntype = "webhook"\nurl = "https://soc.example.vn/"\nsecret = "{CANARY}"\n')
    for command in (("config", "check"), ("config", "show"), ("run",)):
        done = ran(*command, "--config", box.config)
        assert done.returncode == 1
        assert "secret" in done.stderr
        assert betrayed(done.stdout, done.stderr) == []
