"""Hostile bundles of declared data: as they come, and what the province's stolen key would sign, put in place as core does."""

import json

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from collector.declared import load_sites
from collector.refusal import ConfigError
from collector.signeddata import BundleRefusedError, put, verified
from tests.fuzz.checks import sentence
from tests.fuzz.places import folder

_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
_NOW = 1_795_000_000_000_000_000
_SITE = '{"site.toml":"site = \\"xa\\"\\nname = \\"X\\"\\n","routers.csv":"leg,ip\\n","a/site.toml":"x"}'
SEEDS = (
    f'{{"format":1,"box":"","version":1794999000,"expires":{2 * _NOW},"files":{_SITE}}}'.encode(),
    f'{{"format":1,"box":"hop-01","version":1794999000,"expires":{2 * _NOW},"files":{{"../x.csv":"","x.csv/y.csv":"","x.csv":""}}}}'.encode(),
    b'{"signature":"00","content":"{}"}',
)


def fuzz_one(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    signature = _KEY.sign(b"vonggac declared 1\n" + text.encode()).hex()
    for bundle in (data, json.dumps({"signature": signature, "content": text}).encode()):
        _taken(bundle)


def _taken(bundle: bytes) -> None:
    place = folder("bundles")
    try:
        content = verified(bundle, (_KEY.public_key(),), box="hop-01", known=7, now=_NOW)
        put(content, place / "declared", lambda fresh: load_sites(fresh, [], []))
    except BundleRefusedError as error:
        sentence(error.text)
    except ConfigError as error:
        sentence(error.text)
    except OSError:
        assert not (place / "declared").exists()
    else:
        assert {path.name for path in place.iterdir()} == {"declared"}
