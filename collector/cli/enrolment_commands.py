"""`vonggac endpoints keygen | enroll-kit | server-cert`: the province's part, on a machine that holds the CA's key. Nothing of it runs on a box."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from collector.cli.evidence_commands import passphrase
from collector.cli.say import Refusal, language
from model.text import Text, shown

if TYPE_CHECKING:
    from collector.onboarding.pki import Authority

CERTIFICATE, KEY = "vonggac-ca.pem", "vonggac-ca.key"
_A_SITE = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_A_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f:.]{2,45}")
_MOST = 500

_Site = Annotated[str, typer.Option("--site", help="Mã điểm, như trong site.toml.")]
_Ca = Annotated[Path, typer.Option("--ca", help="Thư mục có khóa CA của tỉnh.", readable=False)]
_Hosts = Annotated[list[str], typer.Option("--box", help="Tên hoặc địa chỉ mà máy tính gọi hộp; ghi nhiều lần được.")]
_Out = Annotated[Path, typer.Option("--out", help="Thư mục sẽ làm ra; không ghi đè.")]
_Passphrase = Annotated[Path | None, typer.Option("--passphrase-file", help="Tệp chứa mật khẩu của khóa CA.", readable=False)]


def register(endpoints: typer.Typer) -> None:
    """Adds the commands."""
    endpoints.command("keygen", epilog="Ví dụ: vonggac endpoints keygen --name 'CA máy tính tỉnh Ninh Bình' --out ca-tinh")(keygen)
    endpoints.command("enroll-kit", epilog="Ví dụ: vonggac endpoints enroll-kit --site xa-a --count 20 --box 192.168.10.2 --ca ca-tinh --out bo-xa-a")(
        enroll_kit
    )
    endpoints.command("server-cert", epilog="Ví dụ: vonggac endpoints server-cert --site xa-a --box 192.168.10.2 --ca ca-tinh --out hop-xa-a")(server_cert)


def keygen(
    out: _Out, name: Annotated[str, typer.Option("--name", help="Tên CA, ghi trong mọi chứng chỉ.")] = "Vọng Gác CA", passphrase_file: _Passphrase = None
) -> None:
    """Tạo CA của tỉnh cho máy tính và hộp. Khóa ở lại tỉnh, không chép tới hộp nào."""
    from collector.clock import SystemClock  # noqa: PLC0415 - with cryptography, only for these commands
    from collector.onboarding.kit import file, new_folder  # noqa: PLC0415 - same
    from collector.onboarding.pki import new_authority  # noqa: PLC0415 - same

    if not 0 < len(name) <= 64:
        raise Refusal(Text("tên CA phải dài 1 đến 64 chữ", "the CA's name must have 1 to 64 letters"), 2)
    pair = new_authority(name, SystemClock().now(), passphrase(passphrase_file))
    new_folder(out)
    file(out / CERTIFICATE, pair.certificate)
    file(out / KEY, pair.key, 0o600)
    print(
        Text(
            f"Đã tạo CA trong {out}. Giữ {KEY} ở tỉnh, sao lưu ngoài máy; ai có tệp này thì giả được mọi máy và mọi hộp.",
            f"Made the CA in {out}. Keep {KEY} at the province with a copy off the machine; whoever has it can pose as every PC and every box.",
        ).to(language())
    )


def enroll_kit(
    site: _Site, count: Annotated[int, typer.Option("--count", help="Số máy.", min=1, max=_MOST)], box: _Hosts, ca: _Ca, out: _Out,
    first: Annotated[int, typer.Option("--first", help="Số thứ tự của máy đầu, khi làm thêm.", min=1, max=99_000)] = 1,
    prefix: Annotated[str, typer.Option("--prefix", help="Chữ đứng đầu mã máy.")] = "may",
    port: Annotated[int, typer.Option("--port", help="Cổng của hộp.", min=1, max=65_535)] = 8471,
    hosts: Annotated[Path | None, typer.Option("--hosts", help="Tệp tên miền của cơ quan nhà nước, như khi làm bộ câu hỏi.", readable=False)] = None,
    domains: Annotated[Path | None, typer.Option("--domains", help="Tệp tên miền thư điện tử của cơ quan.", readable=False)] = None,
    passphrase_file: _Passphrase = None,
) -> None:  # fmt: skip
    """Làm bộ cài đặt cho một điểm: chứng chỉ riêng từng máy, chứng chỉ của hộp, tệp cài đặt, hướng dẫn một trang."""
    from collector.catalogue import load  # noqa: PLC0415 - same
    from collector.cli.catalogue_commands import names as names_of  # noqa: PLC0415 - same
    from collector.clock import SystemClock  # noqa: PLC0415 - with cryptography, only for these commands
    from collector.onboarding import lists  # noqa: PLC0415 - same
    from collector.onboarding.kit import Order, names, write  # noqa: PLC0415 - same

    _check(site, box)
    if not _A_SITE.fullmatch(f"{prefix}-000"):
        raise Refusal(Text("chữ đứng đầu mã máy chỉ gồm chữ thường không dấu, số, gạch nối", "the prefix has lower-case letters, digits and hyphens only"), 2)
    # The site's code leads: a PC that is carried to another site is told apart at once.
    pcs = tuple(f"{site}-{name}" for name in names(count, first, prefix))
    if len(pcs[-1]) > 63:
        raise Refusal(Text(f"mã máy {pcs[-1]} dài quá 63 chữ: dùng --prefix ngắn hơn", f"the id {pcs[-1]} has more than 63 letters: use a shorter --prefix"), 2)
    compared = lists.written(load().version, ("gov.vn", *names_of(hosts)), names_of(domains))
    write(Order(site, pcs, tuple(box), port, SystemClock().now(), compared), authority_in(ca, passphrase_file), out)
    print(
        Text(
            f"Đã làm bộ cho {count} máy trong {out}: mở HUONG-DAN.html. Giữ chung-chi.csv ở tỉnh; xóa các khóa của máy khi đã cài xong.",
            f"Made the kit for {count} PCs in {out}: open HUONG-DAN.html. Keep chung-chi.csv at the province; delete the PCs' keys once installed.",
        ).to(language())
    )


def server_cert(site: _Site, box: _Hosts, ca: _Ca, out: _Out, passphrase_file: _Passphrase = None) -> None:
    """Làm chứng chỉ mới cho hộp của một điểm (90 ngày)."""
    from collector.clock import SystemClock  # noqa: PLC0415 - with cryptography, only for these commands
    from collector.onboarding.kit import write_server  # noqa: PLC0415 - same

    _check(site, box)
    write_server(site, box, authority_in(ca, passphrase_file), SystemClock().now(), out)
    print(Text(f"Đã làm chứng chỉ của hộp trong {out}/hop.", f"Made the box's certificate in {out}/hop.").to(language()))


def _check(site: str, hosts: list[str]) -> None:
    if not _A_SITE.fullmatch(site):
        raise Refusal(Text(f'mã điểm "{shown(site, 64)}" chỉ gồm chữ thường không dấu, số, gạch nối', "the site has lower-case letters, digits and hyphens"), 2)
    for host in hosts:
        if not _A_HOST.fullmatch(host):
            raise Refusal(Text(f'--box "{shown(host, 64)}" không phải tên máy hay địa chỉ IP', f'--box "{shown(host, 64)}" is no host name or IP address'), 2)


def authority_in(folder: Path, passphrase_file: Path | None) -> Authority:
    """The province's authority out of its folder. Raises Refusal, ConfigError."""
    from collector.onboarding.pki import Pair, authority  # noqa: PLC0415 - as above

    try:
        key = folder / KEY
        if key.stat().st_mode & 0o077:
            raise Refusal(Text(f"khóa CA {key} để người khác đọc được: chạy chmod 600 {key}", f"the CA's key {key} is readable by others: run chmod 600 {key}"))
        return authority(Pair((folder / CERTIFICATE).read_bytes(), key.read_bytes()), passphrase(passphrase_file))
    except OSError as error:
        name = shown(str(error.filename), 200)
        raise Refusal(Text(f"không đọc được {name}: {error.strerror}", f"{name} cannot be read: {error.strerror}")) from None
