"""`vonggac endpoints catalogue keygen | render | check`: the province's questions to the PCs. The private key stays at the province."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from collector.cli.keys import new_pair, private_key, public_key_of, read_bytes
from collector.cli.say import Refusal, language
from model.text import Text, shown

if TYPE_CHECKING:
    from collector.catalogue import CatalogueError, Signed

KEY, PUBLIC = "catalogue.key", "catalogue.pub"
MADE_BY = "vonggac endpoints catalogue keygen"

_Passphrase = Annotated[Path | None, typer.Option("--passphrase-file", help="Tệp chứa mật khẩu của khóa ký.", readable=False)]
_Key = Annotated[Path, typer.Option("--key", help="Khóa ký của tỉnh (catalogue.key).", readable=False)]
_Out = Annotated[Path, typer.Option("--out", help="Nơi ghi; không ghi đè.")]


def register(endpoints: typer.Typer) -> None:
    """Adds the group."""
    group = typer.Typer(help="Bộ câu hỏi gửi tới máy tính: tạo khóa, làm bản của tỉnh, kiểm tra.", no_args_is_help=True)
    group.callback(epilog="Ví dụ: vonggac endpoints catalogue check bo-cau-hoi.json --public-key catalogue.pub")(_group)
    group.command(epilog="Ví dụ: vonggac endpoints catalogue keygen --out khoa-cau-hoi")(keygen)
    group.command(epilog="Ví dụ: vonggac endpoints catalogue render --province 37 --hosts co-quan.txt --key khoa-cau-hoi/catalogue.key --out bo-cau-hoi.json")(
        render
    )
    group.command(epilog="Ví dụ: vonggac endpoints catalogue check bo-cau-hoi.json --public-key khoa-cau-hoi/catalogue.pub")(check)
    endpoints.add_typer(group, name="catalogue")


def _group() -> None:
    """Bộ câu hỏi gửi tới máy tính: tạo khóa, làm bản của tỉnh, kiểm tra."""


def keygen(out: _Out, passphrase_file: _Passphrase = None) -> None:
    """Tạo cặp khóa ký bộ câu hỏi. Khóa công khai chép tới các hộp; khóa ký ở lại tỉnh."""
    new_pair(out, KEY, PUBLIC, passphrase_file)
    _say(
        f"Đã tạo khóa trong {out}. Chép {PUBLIC} tới các hộp (catalogue_keys). Giữ {KEY} ở tỉnh: ai có tệp này thì hỏi được mọi máy tính.",
        f"Made the key in {out}. Copy {PUBLIC} to the boxes (catalogue_keys). Keep {KEY} at the province: whoever has it can ask every PC.",
    )


def render(
    province: Annotated[str, typer.Option("--province", help="Mã tỉnh, hai chữ số.")], key: _Key, out: _Out,
    hosts: Annotated[Path | None, typer.Option("--hosts", help="Tệp tên miền của cơ quan nhà nước, mỗi dòng một tên; gov.vn luôn có sẵn.")] = None,
    declared: Annotated[Path | None, typer.Option("--declared", help="Thư mục khai báo: lấy thêm tên miền các cổng của tỉnh.")] = None,
    edition: Annotated[int, typer.Option("--edition", help="Lần phát hành của tỉnh: mỗi lần sửa tăng thêm 1.", min=1, max=999_999)] = 1,
    passphrase_file: _Passphrase = None,
) -> None:  # fmt: skip
    """Làm bộ câu hỏi của tỉnh từ bản đi kèm chương trình, kiểm tra rồi ký."""
    from collector import catalogue as c  # noqa: PLC0415 - with cryptography, only for these commands
    from collector.onboarding.kit import file  # noqa: PLC0415 - same

    private = private_key(key, passphrase_file, MADE_BY)
    try:
        government = (*names(hosts), *_portals(declared))
        rendered = c.render(c.load(), c.Province(code=province, government=government, edition=edition))
    except c.CatalogueError as error:
        raise _unusable(error) from None
    file(out, c.sign(rendered, private))
    _say(
        f"Đã làm bộ câu hỏi {rendered.version}: {len(rendered.queries)} câu hỏi. Chép {out} tới các hộp.",
        f"Made catalogue {rendered.version}: {len(rendered.queries)} questions. Copy {out} to the boxes.",
    )


def check(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="Bộ câu hỏi đã ký.")],
    public_key: Annotated[list[Path], typer.Option("--public-key", help="Khóa công khai của tỉnh; ghi nhiều lần được.")],
    known: Annotated[str, typer.Option("--known", help="Phiên bản mà hộp đang dùng: bản cũ hơn bị từ chối.")] = "",
) -> None:
    """Kiểm tra chữ ký, phiên bản và từng câu hỏi của một bộ, đúng như hộp sẽ làm; in các câu hỏi."""
    from collector import catalogue as c  # noqa: PLC0415 - with cryptography, only for these commands

    try:
        signed = c.opened(read_bytes(path), [public_key_of(each, MADE_BY) for each in public_key], known)
    except c.CatalogueError as error:
        raise _unusable(error) from None
    _say(f"Bộ câu hỏi {signed.version} của tỉnh {signed.province}: dùng được.", f"Catalogue {signed.version} of province {signed.province}: fit for use.")
    _table(signed)


def _table(signed: Signed) -> None:
    for topic, query in sorted(signed.queries.items()):
        platforms = ", ".join(platform for platform in signed.asked if topic in signed.asked[platform])
        print(f"{topic:20} {platforms:15} {query.digest[:12]}  {query.title.to(language())}")


def _say(vi: str, en: str) -> None:
    print(Text(vi, en).to(language()))


def names(path: Path | None) -> tuple[str, ...]:
    """Names of a file, a line each; what follows # is a remark."""
    if path is None:
        return ()
    lines = (line.partition("#")[0].strip().lower() for line in read_bytes(path).decode("utf-8-sig", "replace").splitlines())
    return tuple(dict.fromkeys(line for line in lines if line))


def _portals(folder: Path | None) -> tuple[str, ...]:
    """Hosts of the portals that the folder declares, aliases included. Raises ConfigError."""
    if folder is None:
        return ()
    from urllib.parse import urlsplit  # noqa: PLC0415 - with the declared data, only where asked for

    from collector.declared import load_sites  # noqa: PLC0415 - same

    portals = [portal for site in load_sites(folder).values() for portal in site.portals or ()]
    return tuple(host.lower() for portal in portals for host in (urlsplit(portal.url).hostname or "", *portal.aliases) if host)


def _unusable(error: CatalogueError) -> Refusal:
    return Refusal(Text(f"không dùng được bộ câu hỏi: {shown(str(error), 600)}", f"the catalogue cannot be used: {shown(str(error), 600)}"))
