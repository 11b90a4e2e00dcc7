"""What is kept of short texts is the same answer, and long texts are not kept."""

from __future__ import annotations

from collections.abc import Callable

from collector.decode.web import kept
from collector.decode.web.read import forget, read_page

PAGE = (
    "<html lang=vi><style>.a{display:none}</style><div class=a style='top:0'><a href='https://x.example/nha-cai'>nhà cái uy tín</a></div>"
    "<script>var a=1</script>"
)


def counted(longest: int, most: int) -> tuple[list[str], Callable[[str], str]]:
    worked: list[str] = []

    @kept.short(longest=longest, most=most)
    def double(text: str) -> str:
        worked.append(text)
        return text * 2

    return worked, double


def test_a_short_text_is_worked_out_once() -> None:
    worked, double = counted(3, 8)
    assert [double("ab"), double("ab"), double("abcd"), double("abcd")] == ["abab", "abab", "abcdabcd", "abcdabcd"]
    assert worked == ["ab", "abcd", "abcd"]


def test_the_oldest_answers_go_and_all_are_forgotten() -> None:
    worked, double = counted(3, 2)
    for text in ("a", "b", "c", "a"):
        double(text)
    assert worked == ["a", "b", "c", "a"]
    kept.forget()
    double("a")
    assert worked[-2:] == ["a", "a"]


def test_a_page_reads_the_same_with_and_without_what_is_kept() -> None:
    first = read_page(PAGE, "https://xa.tinh.gov.vn/")
    again = read_page(PAGE + " ", "https://xa.tinh.gov.vn/")
    forget()
    assert first == again == read_page(PAGE, "https://xa.tinh.gov.vn/")
    assert "hidden_text" in {sign.kind for sign in first.signs}
