"""Requests and status lines as far as they came."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.decode.flows.http import may_be_request, requests, statuses, unescaped

WHOLE = b"POST /a/b?x=1&y=%20z HTTP/1.1\r\nHost: tv\r\nX-Two:  first \r\nX-Two: second\r\nContent-Length: 4\r\n\r\nbody"


def test_a_request_in_parts():
    [request] = requests(WHOLE)
    assert (request.method, request.path, request.query, request.body, request.whole) == ("POST", "/a/b", "x=1&y=%20z", b"body", True)
    assert request.header("x-two") == "first"
    assert request.header("absent") == ""
    assert (request.parameter("y"), request.parameter("none", "x"), request.parameter("none")) == (" z".strip(), "1", "")


@pytest.mark.parametrize("size", range(len(WHOLE)))
def test_cut_anywhere(size):
    found = list(requests(WHOLE[:size]))
    assert may_be_request(WHOLE[:size])
    assert [request.whole for request in found] == ([] if size < len(WHOLE) - 4 else [False])


def test_requests_behind_one_another():
    assert [request.path for request in requests(WHOLE + b"POST /c HTTP/1.1\r\n\r\n" + WHOLE)] == ["/a/b", "/c", "/a/b"]


@pytest.mark.parametrize(
    ("data", "path"),
    [
        (b"POST http://tv:8060/launch/12?a=b HTTP/1.1\r\n\r\n", "/launch/12"),
        (b"TEARDOWN rtsp://192.168.10.34/17 RTSP/1.0\r\nCSeq: 1\r\n\r\n", "/17"),
        (b"POST /plain HTTP/1.0\n\n", "/plain"),
    ],
)
def test_targets(data, path):
    assert [request.path for request in requests(data)] == [path]


@pytest.mark.parametrize("data", [b"", b"\x16\x03\x01 not\r\n\r\n", b"POST  HTTP/1.1\r\n\r\n", b"POST /a HTTP/2\r\n\r\n", b"post /a HTTP/1.1\r\n\r\n"])
def test_what_is_no_request(data):
    assert list(requests(data)) == []


def test_chunks():
    head = b"POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    [whole] = requests(head + b"3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n")
    assert (whole.body, whole.whole) == (b"abc0123456789", True)
    [part] = requests(head + b"3\r\nabc\r\nA\r\n0123")
    assert (part.body, part.whole) == (b"abc0123", False)


@pytest.mark.parametrize("length", ["-1", "99999999999999", "4x", "\N{SUPERSCRIPT TWO}", ""])
def test_odd_lengths(length):
    [request] = requests(f"POST /a HTTP/1.1\r\nContent-Length: {length}\r\n\r\nbody".encode())
    assert request.body == b""


@pytest.mark.parametrize(
    ("answer", "codes"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", [200]),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 500 No\r\n", [500]),
        (b"HTTP/1.1 101 Switching Protocols\r\n", [101]),
        (b"RTSP/1.0 453 Not Enough Bandwidth\r\n", [453]),
        (b"HTTP/1.1 20", []),
        (b"HTTP/1.1 999 x\r\n", []),
        (b"text HTTP/1.1 200 OK", []),
    ],
)
def test_statuses(answer, codes):
    assert statuses(answer) == codes


def test_percent():
    assert unescaped("http%3A%2F%2Ftv%2f%C3%A1%zz%") == "http://tv/á%zz%"


@given(st.binary(max_size=300))
def test_anything(data):
    for request in requests(b"POST /a HTTP/1.1\r\n" + data):
        assert request.path == "/a"
    assert isinstance(may_be_request(data), bool)
    assert all(isinstance(code, int) for code in statuses(data))
