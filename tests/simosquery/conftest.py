"""A province's signed catalogue, as boxes get it."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from collector.catalogue import Province, Signed, load, opened, render, sign


@pytest.fixture(scope="session")
def catalogue() -> Signed:
    key = Ed25519PrivateKey.generate()
    return opened(sign(render(load(), Province(code="37", government=("dichvucong.gov.vn",))), key), [key.public_key()])
