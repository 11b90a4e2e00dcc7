"""Numbers are written and read as the language does; expected texts are Node's."""

from __future__ import annotations

import math

import pytest

from collector.decode.web.javascript.numbers import in_base, int32, number_text, parse_float, parse_int, read_literal, read_number

TEXTS = {
    0.0: "0", 1.0: "1", -2.25: "-2.25", 0.1: "0.1", 1 / 3: "0.3333333333333333", 1e21: "1e+21", 1e20: "100000000000000000000", 1e-6: "0.000001",
    1e-7: "1e-7", 1.5e300: "1.5e+300", 1.23e-18: "1.23e-18", 123456789.125: "123456789.125", 2.0**53: "9007199254740992", 5e-324: "5e-324",
    math.inf: "Infinity", -math.inf: "-Infinity",
}  # fmt: skip
BASES = [
    (255.0, 16, "ff"),
    (-255.0, 2, "-11111111"),
    (35.0, 36, "z"),
    (0.5, 2, "0.1"),
    (0.1, 36, "0.3lllllllllm"),
    (-2.25, 36, "-2.9"),
    (1e21, 10, "1e+21"),
]
NUMBERS = {"": 0.0, " 12 ": 12.0, "0x1F": 31.0, "0b101": 5.0, "0o17": 15.0, "1e3": 1000.0, ".5": 0.5, "5.": 5.0, "-Infinity": -math.inf, "+7": 7.0}
INTEGERS = [
    ("12px", 0, 12),
    ("0x1f", 0, 31),
    ("1f", 16, 31),
    ("z", 36, 35),
    ("-7.9", 10, -7),
    ("101", 2, 5),
    ("0x", 16, None),
    ("", 10, None),
    ("9", 8, None),
    ("1", 99, None),
]


@pytest.mark.parametrize("value", TEXTS)
def test_numbers_are_written(value: float) -> None:
    assert number_text(value) == TEXTS[value]


def test_what_is_no_number_is_written() -> None:
    assert number_text(math.nan) == "NaN"
    assert number_text(-0.0) == "0"
    assert in_base(math.nan, 2) == "NaN"


@pytest.mark.parametrize(("value", "base", "text"), BASES)
def test_numbers_are_written_in_any_base(value: float, base: int, text: str) -> None:
    assert in_base(value, base) == text


@pytest.mark.parametrize("text", NUMBERS)
def test_numbers_are_read(text: str) -> None:
    assert read_number(text) == NUMBERS[text]


@pytest.mark.parametrize("text", ["a", "1a", "--1", "0x", "1e", "1_0", "Infinit", "١"])
def test_what_is_no_number_is_read_as_such(text: str) -> None:
    assert math.isnan(read_number(text))


@pytest.mark.parametrize(("text", "base", "value"), INTEGERS)
def test_the_beginning_of_a_text_is_read(text: str, base: float, value: int | None) -> None:
    found = parse_int(text, base)
    assert math.isnan(found) if value is None else found == value


def test_literals_of_every_kind() -> None:
    assert [read_literal(text) for text in ("0x1f", "012", "1_000", "7n", "089", "1e999")] == [31.0, 10.0, 1000.0, 7.0, 89.0, math.inf]
    assert parse_float("3.5kg") == 3.5
    assert math.isnan(parse_float("kg"))


@pytest.mark.parametrize(("value", "bits"), [(1.9, 1), (-1.9, -1), (2.0**31, -(2**31)), (2.0**32 + 5, 5), (math.nan, 0), (math.inf, 0), (1e300, 0)])
def test_bits_are_thirty_two(value: float, bits: int) -> None:
    assert int32(value) == bits
