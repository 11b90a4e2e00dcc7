import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from exporters.console.inert import inert
from exporters.console.render import environment
from model.text import Text

HOSTILE = st.text(
    alphabet=st.one_of(st.characters(), st.sampled_from("\u202e\u2066\u200f\u0301\u0323\u0336\n\x00\x1b[]:/\\htpsfx")),
    max_size=200,
)


@given(HOSTILE, st.integers(min_value=1, max_value=120))
@example("http://a.example https://b.example HTTP://c.example hxxp://d", 120)
@example("ftp://x javascript:alert(1)", 120)
@example("https:\\\\a.example", 120)
def test_what_is_made_inert_is_short_one_line_and_no_link(value: str, length: int) -> None:
    made = inert(value, length)
    assert len(made) <= length
    assert made.isprintable()
    assert not any(unicodedata.category(c) in {"Cc", "Cf"} for c in made)
    assert not any(scheme in made.lower() for scheme in ("http://", "https://", "ftp://", "javascript:", "http:\\\\"))


@given(HOSTILE)
@example("x://y http://z hxxp[:]//w")
def test_twice_is_once(value: str) -> None:
    assert inert(inert(value)) == inert(value)


def test_vietnamese_keeps_its_marks_composed_or_not() -> None:
    words = "Nghiêm trọng: Màn hình sảnh đang bị phát nội dung lạ, Nguyễn Thị Ưởng"
    assert inert(words) == words
    assert inert(unicodedata.normalize("NFD", words)) == words


def test_a_tower_of_accents_falls() -> None:
    assert len(inert("Z" + "\u0336\u0301\u0323\u0302" * 200 + "!")) < 8


def test_addresses_are_readable_and_dead() -> None:
    assert inert("xem http://a.example/v.mp4 và https://b.example") == "xem hxxp://a.example/v.mp4 và hxxps://b.example"


def test_a_template_that_forgets_is_safe_all_the_same() -> None:
    forgetful = environment("vi").from_string("{{ name }}|{{ text }}|{{ 7 }}")
    written = forgetful.render(name="<b>\u202ehttp://a.example", text=Text("<i>\n", "no"))
    assert written == "&lt;b&gt; hxxp://a.example|&lt;i&gt;|7"
