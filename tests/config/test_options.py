"""A detector's options out of its table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import pytest
from msgspec import Meta

from collector.options import UnfitOptionError, builder, built
from collector.refusal import ConfigError
from model.detector import About, Detector
from model.site import SiteView
from model.verdict import Subject, Verdict

WHERE = ["detectors", "sample"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample(Detector):
    """One field of each shape an option may have."""

    hours: Annotated[int, Meta(ge=1, le=48)] = 24
    share: float = 0.5
    loud: bool = False
    word: str = "a"
    mode: Literal["strict", "mild"] = "mild"
    ports: tuple[int, ...] = ()
    names: frozenset[str] = frozenset()

    about: ClassVar[About]

    def __post_init__(self) -> None:
        if self.word == "cấm":
            raise ValueError("word: cấm")

    def subjects(self, view: SiteView) -> Iterable[Subject]:
        return ()

    def judge(self, view: SiteView, subject: Subject) -> Verdict | None:
        return None


def test_nothing_said_is_the_defaults() -> None:
    assert built(Sample, {}, WHERE) == Sample()


def test_every_shape_is_taken() -> None:
    table = {"hours": 1, "share": 1, "loud": True, "word": "b", "mode": "strict", "ports": [80, 443], "names": ["x"]}
    made = built(Sample, table, WHERE)
    assert made == Sample(hours=1, share=1.0, loud=True, word="b", mode="strict", ports=(80, 443), names=frozenset({"x"}))
    assert isinstance(made, Sample)
    assert isinstance(made.share, float)


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ({"hour": 1}, 'there is no key "[detectors.sample] hour", the nearest is "hours"'),
        ({"about": 1}, 'there is no key "[detectors.sample] about"'),
        ({"hours": "24"}, '"[detectors.sample] hours" must be an integer from 1 up to 48, it is "24"'),
        ({"hours": 0}, '"[detectors.sample] hours" must be an integer from 1 up to 48, it is 0'),
        ({"hours": 49}, "it is 49"),
        ({"hours": True}, "must be an integer from 1 up to 48, it is true"),
        ({"share": "x"}, '"[detectors.sample] share" must be a number, it is "x"'),
        ({"loud": 1}, '"[detectors.sample] loud" must be true or false, it is 1'),
        ({"word": 1}, '"[detectors.sample] word" must be a text in quotes, it is 1'),
        ({"mode": "x"}, '"[detectors.sample] mode" must be one of: strict, mild, it is "x"'),
        ({"ports": ["a"]}, '"[detectors.sample] ports" must be a list [ ] of an integer, it is a list'),
        ({"ports": "80"}, '"[detectors.sample] ports" must be a list [ ] of an integer, it is "80"'),
        ({"word": "cấm"}, "table [detectors.sample]: word: cấm"),
    ],
)
def test_what_does_not_fit_is_named(table: dict[str, object], sentence: str) -> None:
    with pytest.raises(UnfitOptionError) as caught:
        built(Sample, table, WHERE)
    assert sentence in caught.value.text.en
    assert "[detectors.sample]" in caught.value.text.vi


def test_the_file_is_named() -> None:
    with pytest.raises(ConfigError) as caught:
        builder("hop.toml")(Sample, {"hour": 1}, "detectors.sample")
    assert caught.value.text.vi == 'Tệp hop.toml: không có khóa "[detectors.sample] hour", gần nhất là "hours".'
