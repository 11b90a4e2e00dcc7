"""`vonggac box token | serve | retire`: the province's part in a box's life. Nothing of it runs on a box."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Annotated

import typer

from collector.cli.say import Refusal, language
from model.text import Text, shown

_SITE = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")

_Dir = Annotated[Path, typer.Option("--dir", help="Thư mục của dịch vụ: mã, sổ hộp, gói khai báo đã ký (goi/), tệp chuẩn bị (hop/), nhật ký.")]
_Declared = Annotated[Path, typer.Option("--declared", help="Thư mục khai báo của tỉnh (có boxes.csv).")]
_By = Annotated[str, typer.Option("--by", help="Ai cấp hoặc ai quyết định; ghi vào boxes.csv và nhật ký.")]


def register(box: typer.Typer) -> None:
    """Adds the commands."""
    box.command("token", epilog="Ví dụ: vonggac box token --box hop-xa-a --site xa-a --by 'Nguyễn Văn Mẫu' --dir /var/lib/vonggac-hop")(token)
    box.command(
        "serve",
        epilog="Ví dụ: vonggac box serve --dir /var/lib/vonggac-hop --declared khai-bao-tinh --listen 0.0.0.0:8473 --cert soc.pem --key soc.key",
    )(serve)
    box.command(
        "retire",
        epilog="Ví dụ: vonggac box retire hop-xa-a --by 'Nguyễn Văn Mẫu' --why 'thay máy' --declared khai-bao-tinh --dir /var/lib/vonggac-hop",
    )(retire)


def token(
    box: Annotated[str, typer.Option("--box", help="Mã của hộp, như [box] id trong cấu hình của nó.")],
    site: Annotated[list[str], typer.Option("--site", help="Điểm mà hộp được ghi thay; lặp lại được.")],
    by: _By,
    dir: _Dir,  # noqa: A002 - the option's name
    days: Annotated[int, typer.Option("--days", min=1, max=90, help="Mã dùng được trong bấy nhiêu ngày.")] = 7,
) -> None:
    """Cấp mã gia nhập dùng một lần cho một hộp. Mã chỉ in ra lần này, chỉ băm của nó được giữ."""
    from collector.clock import SystemClock  # noqa: PLC0415 - cryptography, only here
    from collector.enrolment.enroller import issue  # noqa: PLC0415 - same
    from collector.enrolment.wire import BOX  # noqa: PLC0415 - same

    if not re.fullmatch(BOX, box):
        raise _usage("--box", box)
    for each in site:
        if not _SITE.fullmatch(each):
            raise _usage("--site", each)
    _named(by, "--by")
    try:
        print(issue(dir, SystemClock(), box, site, days, by))
    except OSError as error:
        raise _unwritten(error) from None


def serve(
    dir: _Dir,  # noqa: A002 - the option's name
    declared: _Declared,
    cert: Annotated[Path, typer.Option("--cert", help="Chứng thư TLS của dịch vụ (PEM), có tên mà hộp gọi tới.", readable=False)],
    key: Annotated[Path, typer.Option("--key", help="Khóa của chứng thư (PEM, chmod 600).", readable=False)],
    listen: Annotated[str, typer.Option("--listen", help="Nơi nghe, MÁY:CỔNG.")] = "127.0.0.1:8473",
    ca: Annotated[Path | None, typer.Option("--ca", help="Thư mục CA của tỉnh (vonggac endpoints keygen), để ký chứng thư của hộp khi gia hạn.")] = None,
    passphrase_file: Annotated[Path | None, typer.Option("--passphrase-file", help="Tệp chứa mật khẩu của khóa CA.", readable=False)] = None,
) -> None:
    """Chạy ở tỉnh: nhận hộp gia nhập, trao gói khai báo đã ký cho đúng hộp, gia hạn khóa. Chỉ qua TLS."""
    from collector import logs  # noqa: PLC0415 - a service's imports are its own
    from collector.cli.enrolment_commands import authority_in  # noqa: PLC0415 - same
    from collector.clock import SystemClock  # noqa: PLC0415 - same
    from collector.enrolment.enroller import Enroller  # noqa: PLC0415 - same
    from collector.enrolment.service import serve as served  # noqa: PLC0415 - same

    logs.start()
    enroller = Enroller(dir, declared, SystemClock(), authority_in(ca, passphrase_file) if ca is not None else None)

    def announce(address: str) -> None:
        print(Text(f"Dịch vụ hộp nghe ở {address}  (dừng: Ctrl-C)", f"Serving boxes on {address}  (stop: Ctrl-C)").to(language()), flush=True)

    try:
        asyncio.run(served(enroller, listen, cert, key, SystemClock(), announce))
    except OSError as error:
        raise _unwritten(error) from None


def retire(
    box: Annotated[str, typer.Argument(metavar="BOX", help="Mã của hộp.")],
    by: _By,
    why: Annotated[str, typer.Option("--why", help="Vì sao.")],
    declared: _Declared,
    dir: _Dir,  # noqa: A002 - the option's name
    lost: Annotated[bool, typer.Option("--lost", help="Hộp bị mất hoặc bị chiếm: xóa hẳn các dòng khóa, cả tài liệu ghi ngày trước cũng bị từ chối.")] = False,
) -> None:
    """Thôi dùng một hộp: khóa hết hạn hôm nay, mã lấy khai báo, mã gia nhập và tệp chuẩn bị bị xóa ngay."""
    from collector.clock import SystemClock  # noqa: PLC0415 - cryptography, only here
    from collector.enrolment.enroller import Enroller  # noqa: PLC0415 - same

    _named(by, "--by")
    _named(why, "--why")
    try:
        ended = Enroller(dir, declared, SystemClock()).retire(box, by, why, lost=lost)
    except OSError as error:
        raise _unwritten(error) from None
    if lost:
        vi, en = f"Đã xóa {ended} dòng khóa của hộp {box}.", f"Took {ended} lines of the box {box} out."
    else:
        vi, en = f"Đã ghi hết hạn hôm nay vào {ended} dòng khóa của hộp {box}.", f"Ended {ended} lines of the box {box} with today."
    more = Text(" Thu hồi khóa API Elasticsearch của hộp này.", " Revoke this box's API key of Elasticsearch.")
    print(Text(vi + more.vi, en + more.en).to(language()))


def _named(value: str, option: str) -> None:
    if not value.strip():
        raise Refusal(Text(f"{option} không được để trống", f"{option} must not be empty"), 2)


def _usage(option: str, given: str) -> Refusal:
    name = shown(given, 64)
    return Refusal(Text(f'{option} "{name}" không phải mã hợp lệ', f'{option} "{name}" is no valid code'), 2)


def _unwritten(error: OSError) -> Refusal:
    name, why = shown(str(error.filename), 200), error.strerror
    return Refusal(Text(f"không đọc hoặc ghi được {name}: {why}", f"{name} cannot be read or written: {why}"))
