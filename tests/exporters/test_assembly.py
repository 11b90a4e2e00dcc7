"""Every kind of sink comes out of config.toml as it is written there."""

import pytest

from collector.assembly import sinks_of
from collector.clock import SystemClock
from collector.config import load
from collector.registry import build_all
from exporters.alertmanager import Alertmanager
from exporters.apprise_sink import AppriseSink
from exporters.pagerduty import PagerDuty
from exporters.webhook import Webhook
from exporters.zalo import Zalo
from model.declared import Declared

SECRET = {"webhook": "whsec_c2VjcmV0LW9mLXRoZS10ZXN0cy0yNC1ieXRlcyE=", "pagerduty": "0" * 32, "zalo": "1:a", "apprise": "json://127.0.0.1:9/"}


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
@pytest.mark.parametrize(
    ("kind", "made", "table"),
    [
        ("webhook", Webhook, 'url = "https://truc.example.vn/"\nsecret_file = "secret"'),
        ("alertmanager", Alertmanager, 'urls = ["https://am.example.vn:9093"]\nhold = "2d"'),
        ("pagerduty", PagerDuty, 'key_file = "secret"'),
        ("zalo", Zalo, 'chat_id = "a1"\ntoken_file = "secret"'),
        ("apprise", AppriseSink, 'urls_file = "secret"'),
    ],
)
async def test_a_table_is_a_sink_that_knows_the_site_and_the_rules(tmp_path, kind, made, table):
    secret = tmp_path / "secret"
    secret.write_text(SECRET.get(kind, "x"))
    secret.chmod(0o600)
    (tmp_path / "config.toml").write_text(f'language = "en"\n[[sinks]]\ntype = "{kind}"\nname = "truc-1"\n{table}\n')
    config = load(tmp_path / "config.toml")
    (sink,) = sinks_of(config, {"xa-a": Declared(site="xa-a", name="Xã A")}, build_all(), SystemClock())
    assert isinstance(sink, made)
    options = sink._options
    assert (sink.name, options.language, options.place.name) == ("truc-1", "en", "Xã A")
    assert options.place.rules["VG-NET-03"].vi
    assert options.told_file == config.state_dir / "told-truc-1.json"
    await sink.close()
