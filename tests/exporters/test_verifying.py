"""Which deliveries may be believed: our word, the published example and an independent library agree."""

import base64
import datetime
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook as Independent

from exporters.signing import SigningKeys
from exporters.verifying import TOLERANCE, flaw, headers_of

HELD = json.loads(Path(__file__).with_name("webhook_vectors.json").read_text())
NOW = 1_752_545_643


@pytest.mark.parametrize("vector", HELD["vectors"], ids=lambda vector: vector["name"])
def test_a_vector_is_genuine_or_told_what_is_wrong_with_it(vector):
    why = flaw(SigningKeys([HELD["secret"]]), vector["headers"], vector["body"].encode(), vector["at"])
    if vector["why"] is None:
        assert why is None
    else:
        assert vector["why"] in why.en


def of(key):
    return "whsec_" + base64.b64encode(key).decode()


@given(st.binary(min_size=24, max_size=64), st.uuids(), st.binary(max_size=300), st.integers(-TOLERANCE, TOLERANCE))
def test_what_we_sign_is_genuine_for_us_and_a_byte_more_is_not(key, number, body, late):
    keys = SigningKeys([of(key)])
    headers = {"webhook-id": str(number), "webhook-timestamp": str(NOW), "webhook-signature": keys.sign(str(number), NOW, body)}
    assert flaw(keys, headers, body, NOW + late) is None
    assert "khớp" in flaw(keys, headers, body + b" ", NOW).vi
    assert flaw(SigningKeys([of(bytes(24)), of(key)]), headers, body, NOW) is None


@given(st.binary(min_size=24, max_size=64), st.uuids(), st.text(max_size=100))
def test_what_an_independent_library_signs_is_genuine(key, number, word):
    body = json.dumps({"data": word})
    signature = Independent(of(key)).sign(str(number), datetime.datetime.fromtimestamp(NOW, datetime.UTC), body)
    headers = {"webhook-id": str(number), "webhook-timestamp": str(NOW), "webhook-signature": signature}
    assert flaw(SigningKeys([of(key)]), headers, body.encode(), NOW) is None


@given(st.dictionaries(st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature", "x"]), st.text(max_size=60)), st.binary(max_size=60))
def test_no_strange_delivery_is_genuine_or_breaks_anything(headers, body):
    assert flaw(SigningKeys([HELD["secret"]]), headers, body, NOW) is not None


def test_headers_are_read_as_receivers_save_them():
    saved = "POST /alerts HTTP/1.1\r\nWebhook-Id: 250715abc\r\nwebhook-timestamp:1752545643\r\nHost: soc.example:8443\r\n\r\n"
    assert headers_of(saved) == {"webhook-id": "250715abc", "webhook-timestamp": "1752545643", "host": "soc.example:8443"}
