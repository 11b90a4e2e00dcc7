"""`vonggac evidence`: the SOC's keys, and opening what a box sealed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from collector.cli.say import Refusal, language, table
from model.text import Text, shown
from model.times import local

_PassphraseFile = Annotated[Path | None, typer.Option("--passphrase-file", help="Tệp chứa mật khẩu của khóa.", readable=False)]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    evidence = typer.Typer(no_args_is_help=True)
    evidence.callback(epilog="Ví dụ: vonggac evidence keygen --out khoa-soc")(_group)
    evidence.command("keygen", epilog="Ví dụ: vonggac evidence keygen --out khoa-soc")(keygen)
    evidence.command(
        "open",
        epilog='Ví dụ: vonggac evidence open 20250715T021403Z-9f3ac1d2e4b0.vgseal --key soc-evidence.key --by "Trần Văn B" --why "vụ việc 7f3a" --out vu-7f3a',
    )(open_evidence)
    app.add_typer(evidence, name="evidence")


def _group() -> None:
    """Chứng cứ niêm phong của vụ chiếm màn hình: việc của SOC."""


def keygen(
    out: Annotated[Path, typer.Option("--out", help="Thư mục sẽ ghi hai tệp khóa; không ghi đè khóa đã có.")],
    passphrase_file: _PassphraseFile = None,
) -> None:
    """Tạo cặp khóa của SOC: khóa riêng ở lại SOC, khóa công khai đưa cho các hộp."""
    from collector.sealing.keys import fingerprint, generate, public_key  # noqa: PLC0415 - cryptography, only here

    private, public = generate(out, passphrase(passphrase_file))
    name = fingerprint(public_key(public))
    print(
        Text(
            f"Đã tạo khóa {name}. Giữ {private} ở SOC, sao lưu ngoài máy: mất nó thì không ai mở được chứng cứ. "
            f"Chép {public} tới các hộp, ghi vào [evidence] soc_public_key_file.",
            f"Made the key {name}. Keep {private} at the SOC with a copy off the machine: without it nobody opens the evidence. "
            f"Copy {public} to the boxes and name it in [evidence] soc_public_key_file.",
        ).to(language())
    )


def open_evidence(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Tệp .vgseal lấy từ hộp.", readable=False)],
    key: Annotated[Path, typer.Option("--key", help="Khóa riêng của SOC.", readable=False)],
    by: Annotated[str, typer.Option("--by", help="Người mở.")],
    why: Annotated[str, typer.Option("--why", help="Lý do mở.")],
    out: Annotated[Path, typer.Option("--out", help="Thư mục sẽ ghi tệp pcap và JSON; không ghi đè.")],
    audit: Annotated[Path | None, typer.Option("--audit", help="Nhật ký các lần mở; mặc định ở cạnh khóa.")] = None,
    passphrase_file: _PassphraseFile = None,
) -> None:
    """Mở một tệp chứng cứ niêm phong. Mỗi lần mở ghi lại ai, lúc nào, vì sao, kể cả khi không mở được."""
    from collector.clock import SystemClock  # noqa: PLC0415 - only here
    from collector.sealing.audit import NAME  # noqa: PLC0415 - same
    from collector.sealing.keys import private_key  # noqa: PLC0415 - cryptography, only here
    from collector.sealing.opening import open_file  # noqa: PLC0415 - same

    log = audit or key.resolve().parent / NAME
    opened = open_file(file, private_key(key, passphrase(passphrase_file)), by=by, why=why, out=out, log=log, now=SystemClock().now())
    found, say = opened.contents, language()
    heads = ("Lúc (giờ VN)", "Cách", "Lệnh", "Nội dung") if say == "vi" else ("At (VN time)", "By", "Action", "Content")
    title = Text(
        f"Thiết bị gửi: {found.sender_mac} {found.sender_ip} · màn hình: {found.screen_mac} {found.screen_ip}",
        f"Sender: {found.sender_mac} {found.sender_ip} · screen: {found.screen_mac} {found.screen_ip}",
    )
    # Whoever reads it must not be one click away from what was shown.
    table(title.to(say), heads, [(local(push.at), push.family, push.action, push.url.replace("http", "hxxp", 1)) for push in found.pushes])
    print(Text(f"Đã ghi {opened.pcap} và {opened.story}; đã ghi nhật ký {log}.", f"Wrote {opened.pcap} and {opened.story}; logged in {log}.").to(say))


def passphrase(path: Path | None) -> bytes | None:
    """What a passphrase file holds, without the blanks around it; None without a file. Raises Refusal."""
    if path is None:
        return None
    try:
        with path.open("rb") as file:
            said = file.read(1024).strip()
    except OSError as error:
        name = shown(str(path), 200)
        raise Refusal(Text(f"không đọc được tệp mật khẩu {name}: {error.strerror}", f"passphrase file {name} cannot be read: {error.strerror}")) from None
    if not said:
        raise Refusal(Text("tệp mật khẩu rỗng", "the passphrase file is empty"))
    own_alone(path)
    return said


def own_alone(path: Path) -> None:
    """Raises Refusal for a secret's file, just read, that others may read too."""
    if path.stat().st_mode & 0o077:
        name = shown(str(path), 200)
        raise Refusal(Text(f"tệp {name} để người khác đọc được: chạy chmod 600 {name}", f"others may read {name}: run chmod 600 {name}"))
