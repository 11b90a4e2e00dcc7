"""Which refusals of the server only a person puts right: those of the login. What is full, busy or missing is none of them; what was set aside is refused."""

import pytest

from exporters.elastic.answer import Refusal, Sent, of_items, of_status

DENIED = {"error": {"type": "security_exception", "reason": "denied"}}
BLOCKED = {"error": {"type": "cluster_block_exception", "reason": "read-only"}}
CASES = [(401, DENIED, "login"), (403, DENIED, "login"), (403, None, "login"), (403, BLOCKED, ""), (404, None, ""), (429, None, ""), (503, None, "")]


@pytest.mark.parametrize(("status", "body", "trouble"), CASES)
def test_a_refusal_of_the_whole_request(status, body, trouble):
    refusal = of_status(status, body, 0, "vi")
    assert (refusal.outcome, refusal.trouble) == ("retry", trouble)


@pytest.mark.parametrize(("status", "body", "trouble"), CASES)
def test_a_refusal_of_one_document(status, body, trouble):
    item = {"create": {"_id": "row-1", "status": status, **(body or {})}}
    receipts = of_items([Sent(1, "row-1", b"")], {"items": [item]}, 0, "vi")
    assert not isinstance(receipts, Refusal)
    assert [(receipt.outcome, receipt.trouble) for receipt in receipts] == [("retry", trouble)]


@pytest.mark.parametrize(
    ("kept", "outcome"), [("used", "rejected"), ("not_applicable_or_unknown", "accepted"), ("not_enabled", "accepted"), (None, "accepted")]
)
def test_what_the_server_put_into_its_failure_store_is_not_in_the_stream(kept, outcome):
    # Seen by no test server of ours, none of which has a failure store: the answer is that of Elastic's documentation of the bulk API.
    item = {"create": {"_id": "row-1", "status": 201, **({"failure_store": kept} if kept else {})}}
    receipts = of_items([Sent(1, "row-1", b"")], {"items": [item]}, 0, "vi")
    assert not isinstance(receipts, Refusal)
    assert [(receipt.outcome, bool(receipt.reason)) for receipt in receipts] == [(outcome, outcome == "rejected")]
