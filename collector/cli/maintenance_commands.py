"""`vonggac maintenance`: for how long nobody is to be called about a site that is being worked on, by whose word and why."""

from __future__ import annotations

import fcntl
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from collector.cli.options import DEFAULT_CONFIG, ConfigOption
from collector.cli.replay_command import Format
from collector.cli.say import Refusal, configured, json_lines, language, table
from exporters import maintenance
from exporters.maintenance import LONGEST, Window
from model.text import Text, shown
from model.times import DAY, SECOND, VIETNAM, local, rfc3339

if TYPE_CHECKING:
    from collector.config import Config
    from model.trail import Deed

SiteOption = Annotated[str, typer.Option("--site", help="Mã điểm trong khai báo.")]
DetectorOption = Annotated[str, typer.Option("--detector", help="Chỉ quy tắc này, ví dụ VG-NET-02; không ghi là mọi quy tắc.")]
FromOption = Annotated[str, typer.Option("--from", help='Từ lúc, giờ Việt Nam, ví dụ "2026-12-30 08:00"; không ghi là từ bây giờ.')]
UntilOption = Annotated[str, typer.Option("--until", help='Đến lúc, ví dụ "2026-12-30 17:00"; chỉ ghi ngày thì đến hết ngày. Dài nhất 30 ngày.')]
By = Annotated[str, typer.Option("--by", help="Tên người chịu trách nhiệm.")]
Why = Annotated[str, typer.Option("--why", help="Lý do.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="Mã cửa sổ bảo trì, xem vonggac maintenance list.")]
FormatOption = Annotated[Format, typer.Option("--format", help="Bảng cho người đọc, hoặc JSON mỗi dòng một cửa sổ.")]

_HELP = "Cửa sổ bảo trì: trong lúc sửa chữa không gọi người trực; hết giờ, việc gì còn mở thì báo."
_STATES = {"over": Text("đã hết", "over"), "to_come": Text("sắp tới", "to come"), "holding": Text("đang giữ", "holding")}
_EXAMPLE = 'vonggac maintenance add --site xa-a --until "2026-12-30 17:00" --by "Lan" --why "thay bộ chuyển mạch"'


class _Line(msgspec.Struct, frozen=True, kw_only=True):
    """A window as other programs read it."""

    id: str
    site: str
    detector: str
    begins: str
    ends: str
    state: str
    by: str
    why: str
    ended_by: str


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    windows = typer.Typer(help=_HELP, epilog=f"Ví dụ: {_EXAMPLE}", no_args_is_help=True)
    windows.command("add", epilog=f"Ví dụ: {_EXAMPLE}")(add)
    windows.command("list", epilog="Ví dụ: vonggac maintenance list --format json")(list_windows)
    windows.command("end", epilog='Ví dụ: vonggac maintenance end 3f9a1c --by "Lan" --why "xong sớm"')(end)
    app.add_typer(windows, name="maintenance")


def add(
    site: SiteOption, until: UntilOption, by: By, why: Why, config: ConfigOption = DEFAULT_CONFIG, detector: DetectorOption = "", begins: FromOption = ""
) -> None:
    """Thêm một cửa sổ bảo trì."""
    settings, now = configured(config), _now()
    _named(by, why)
    _declared(settings, site)
    window = Window(
        id=secrets.token_hex(3),
        site=site,
        detector=_rule(detector),
        begins=_moment(begins, "--from", time(0, 0)) if begins else now,
        ends=_moment(until, "--until", time(23, 59, 59)),
        by=by.strip(),
        why=why.strip(),
    )
    _fits(window, now)
    _change(settings, "maintenance_add", window, why, now, lambda windows: [*windows, window])
    print(
        Text(
            f"Đã thêm cửa sổ bảo trì {window.id}: từ {local(window.begins)} đến {local(window.ends)} không gọi người trực về {_about(window)}. "
            "Màn hình bị chiếm (VG-NET-03) và cổng bị chèn (VG-WEB-*) mức nghiêm trọng vẫn báo, trừ khi --detector ghi đúng quy tắc đó.",
            f"Maintenance window {window.id}: from {local(window.begins)} until {local(window.ends)} nobody is called about {_about(window)}. "
            "Critical takeovers of screens (VG-NET-03) and portals (VG-WEB-*) are told all the same, unless --detector names that very rule.",
        ).to(language())
    )


def list_windows(config: ConfigOption = DEFAULT_CONFIG, format: FormatOption = Format.TABLE) -> None:  # noqa: A002 - as in the other commands
    """Các cửa sổ bảo trì đang có, sắp có và vừa hết trong 30 ngày."""
    settings, now = configured(config), _now()
    windows = sorted(_read(_path(settings)), key=lambda window: -window.begins)
    if format is Format.JSON:
        json_lines(msgspec.json.encode(_line(window, now)) for window in windows)
        return
    say = language()
    heads_vi = ("Mã", "Điểm", "Quy tắc", "Từ (giờ VN)", "Đến (giờ VN)", "Tình trạng", "Người chịu trách nhiệm", "Lý do")
    heads_en = ("Id", "Site", "Rule", "From (VN time)", "Until (VN time)", "State", "By", "Why")
    rows = [(w.id, w.site, w.detector or "*", local(w.begins), local(w.ends), _STATES[_state(w, now)].to(say), w.by, w.why) for w in windows]
    table(Text(f"{len(rows)} cửa sổ bảo trì", f"{len(rows)} maintenance windows").to(say), heads_vi if say == "vi" else heads_en, rows)


def end(window: Id, by: By, why: Why, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Kết thúc sớm một cửa sổ: việc gì còn mở được báo ngay."""
    settings, now = configured(config), _now()
    _named(by, why)
    found = next((each for each in _read(_path(settings)) if each.id == window and each.ends > now), None)
    if found is None:
        raise Refusal(Text(f"không có cửa sổ bảo trì nào còn hiệu lực mang mã {shown(window)}", f"there is no maintenance window {shown(window)} still to end"))
    ended = msgspec.structs.replace(found, begins=min(found.begins, now), ends=now, ended_by=by.strip())
    _change(settings, "maintenance_end", ended, why, now, lambda windows: [ended if each.id == ended.id else each for each in windows])
    print(Text(f"Đã kết thúc cửa sổ bảo trì {window}.", f"Maintenance window {window} is over.").to(language()))


def _change(settings: Config, deed: Deed, window: Window, why: str, now: int, new: Callable[[Sequence[Window]], Sequence[Window]]) -> None:
    """Notes who did it, then puts the windows down; two commands at once wait for one another."""
    from collector.cli.deeds import noted  # noqa: PLC0415 - only for what is done

    path, by = _path(settings), window.ended_by or window.by
    about = f"{window.id} {_about(window)} {rfc3339(window.begins)} {rfc3339(window.ends)} ({by})"
    with _alone(path), noted(settings, deed, [about], why):
        maintenance.write(path, new(_read(path)), now)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    except OSError as error:
        raise Refusal(
            Text(f"không dùng được thư mục {shown(str(path.parent), 200)}: {error.strerror}", f"{path.parent} cannot be used: {error.strerror}")
        ) from None


def _read(path: Path) -> Sequence[Window]:
    try:
        return maintenance.read(path)
    except OSError as error:
        raise Refusal(Text(f"không đọc được {shown(str(path), 200)}: {error.strerror}", f"{path} cannot be read: {error.strerror}")) from None
    except ValueError:
        raise Refusal(
            Text(
                f"tệp {shown(str(path), 200)} bị hỏng: xóa tệp này thì không còn cửa sổ bảo trì nào",
                f"file {shown(str(path), 200)} is damaged: delete it, and there is no maintenance window any more",
            )
        ) from None


def _path(settings: Config) -> Path:
    return settings.state_dir / maintenance.NAME


def _now() -> int:
    from collector.clock import SystemClock  # noqa: PLC0415 - as the other commands do

    return SystemClock().now()


def _named(by: str, why: str) -> None:
    if not by.strip() or not why.strip():
        raise Refusal(Text("phải ghi ai chịu trách nhiệm (--by) và lý do (--why)", "say who answers for it (--by) and why (--why)"), status=2)


def _declared(settings: Config, site: str) -> None:
    from collector.sites import sites_of  # noqa: PLC0415 - the declared data, only to add

    known = sites_of(settings, broken=[])
    if site not in known:
        names = ", ".join(sorted(known))
        raise Refusal(Text(f"không có điểm “{shown(site)}” trong khai báo; đang có: {names}", f"no site “{shown(site)}” is declared; there are: {names}"))


def _rule(detector: str) -> str:
    from collector.registry import build_all  # noqa: PLC0415 - the rules, only to add

    known = {each.about.id for each in build_all()}
    if detector and detector.upper() not in known:
        raise Refusal(Text(f"không có quy tắc “{shown(detector)}”; xem docs/detectors.md", f"there is no rule “{shown(detector)}”; see docs/detectors.md"))
    return detector.upper()


def _moment(value: str, option: str, day: time) -> int:
    """`2026-12-30 08:00` in Viet Nam, ns; a day alone stands for its hour `day`."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise Refusal(
            Text(f"{option} phải như 2026-12-30 08:00, nhận được “{shown(value)}”", f"{option} must be like 2026-12-30 08:00, got “{shown(value)}”"), status=2
        ) from None
    if len(value) == len("2026-12-30"):
        moment = datetime.combine(moment.date(), day)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)
    return int(moment.timestamp()) * SECOND


def _fits(window: Window, now: int) -> None:
    if window.ends <= max(window.begins, now):
        raise Refusal(Text("--until phải sau --from và ở tương lai", "--until must be after --from and in the future"), status=2)
    if window.ends - window.begins > LONGEST:
        most = LONGEST // DAY
        raise Refusal(Text(f"một cửa sổ bảo trì dài nhất {most} ngày", f"a maintenance window lasts {most} days at most"), status=2)


def _about(window: Window) -> str:
    return f"{window.site} {window.detector}".strip()


def _state(window: Window, now: int) -> str:
    if window.ends <= now:
        return "over"
    return "to_come" if window.begins > now else "holding"


def _line(window: Window, now: int) -> _Line:
    return _Line(
        id=window.id,
        site=window.site,
        detector=window.detector,
        begins=rfc3339(window.begins),
        ends=rfc3339(window.ends),
        state=_state(window, now),
        by=window.by,
        why=window.why,
        ended_by=window.ended_by,
    )
