"""`vonggac endpoints catalogue keygen | render | check`: the province's questions to the PCs. The private key stays at the province."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from collector.cli.evidence_commands import passphrase
from collector.cli.say import Refusal, language
from model.text import Text, shown

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

    from collector.catalogue import CatalogueError, Signed

KEY, PUBLIC = "catalogue.key", "catalogue.pub"
_MOST = 4 << 20

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
    from cryptography.hazmat.primitives import serialization as s  # noqa: PLC0415 - with cryptography, only for these commands
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 - same

    from collector.onboarding.kit import file, new_folder  # noqa: PLC0415 - same

    said, key = passphrase(passphrase_file), Ed25519PrivateKey.generate()
    locked: s.KeySerializationEncryption = s.BestAvailableEncryption(said) if said else s.NoEncryption()
    new_folder(out)
    file(out / KEY, key.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, locked), 0o600)
    file(out / PUBLIC, key.public_key().public_bytes(s.Encoding.PEM, s.PublicFormat.SubjectPublicKeyInfo))
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

    private = _private(key, passphrase_file)
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
        signed = c.opened(_bytes(path), [_public(each) for each in public_key], known)
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
    lines = (line.partition("#")[0].strip().lower() for line in _bytes(path).decode("utf-8-sig", "replace").splitlines())
    return tuple(dict.fromkeys(line for line in lines if line))


def _portals(folder: Path | None) -> tuple[str, ...]:
    """Hosts of the portals that the folder declares, aliases included. Raises ConfigError."""
    if folder is None:
        return ()
    from urllib.parse import urlsplit  # noqa: PLC0415 - with the declared data, only where asked for

    from collector.declared import load_sites  # noqa: PLC0415 - same

    portals = [portal for site in load_sites(folder).values() for portal in site.portals or ()]
    return tuple(host.lower() for portal in portals for host in (urlsplit(portal.url).hostname or "", *portal.aliases) if host)


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_MOST)
    except OSError as error:
        name = shown(str(path), 200)
        raise Refusal(Text(f"không đọc được {name}: {error.strerror}", f"{name} cannot be read: {error.strerror}")) from None


def _private(path: Path, passphrase_file: Path | None) -> Ed25519PrivateKey:
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - with cryptography, only for these commands
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 - same
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415 - same

    data, said = _bytes(path), passphrase(passphrase_file)
    try:
        key = load_pem_private_key(data, said)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise _no_key(path) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise _no_key(path)
    return key


def _public(path: Path) -> Ed25519PublicKey:
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - with cryptography, only for these commands
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415 - same
    from cryptography.hazmat.primitives.serialization import load_pem_public_key  # noqa: PLC0415 - same

    data = _bytes(path)
    try:
        key = load_pem_public_key(data)
    except (ValueError, UnsupportedAlgorithm):
        raise _no_key(path) from None
    if not isinstance(key, Ed25519PublicKey):
        raise _no_key(path)
    return key


def _no_key(path: Path) -> Refusal:
    name = shown(str(path), 200)
    return Refusal(
        Text(
            f"không dùng được khóa {name}: sai mật khẩu, hoặc không do vonggac endpoints catalogue keygen làm ra",
            f"the key {name} cannot be used: wrong passphrase, or not made by vonggac endpoints catalogue keygen",
        )
    )


def _unusable(error: CatalogueError) -> Refusal:
    return Refusal(Text(f"không dùng được bộ câu hỏi: {shown(str(error), 600)}", f"the catalogue cannot be used: {shown(str(error), 600)}"))
