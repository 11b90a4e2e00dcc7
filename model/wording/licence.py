"""What VG-END-05 says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.text import Text, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

TITLE = Text("Windows, Office không có bản quyền hợp lệ", "Windows or Office without a lawful licence")
PIRACY = Text("Máy có công cụ kích hoạt lậu", "A PC with a piracy activation tool")

REMOVE = (
    Text(
        "Gỡ công cụ kích hoạt lậu, quét mã độc toàn máy: các công cụ này hay kèm mã độc.",
        "Remove the tool and scan the whole PC: such tools often bring malware.",
    ),
    Text("Dùng bản quyền của đơn vị; chưa có thì đề nghị mua.", "Use the office's licence; where there is none, ask for one."),
)
ACTIVATE = (
    Text(
        "Nhập bản quyền của đơn vị: Cài đặt > Hệ thống > Kích hoạt (Windows), Tệp > Tài khoản (Office).",
        "Enter the office's licence in Settings > System > Activation (Windows) or File > Account (Office).",
    ),
)
DECLARE = (
    Text(
        "Máy chủ của cơ quan, của tỉnh: ghi vào kms_servers.csv. Không phải: slmgr /ckms rồi kích hoạt lại.",
        "The office's or province's server: enter it in kms_servers.csv. If not: slmgr /ckms, activate anew.",
    ),
)

GOOD = Text(
    "Windows báo đã kích hoạt, không thấy dấu vết công cụ lậu; kích hoạt lậu kiểu giấy phép số không để lại dấu vết nên đây không phải xác nhận bản quyền",
    "Windows says it is activated and there is no trace of a tool; some piracy leaves none, so this confirms no licence",
)
WINDOWS = Text("Windows chưa kích hoạt bản quyền", "Windows is not activated")
OFFICE = Text("Office chưa kích hoạt bản quyền", "Office is not activated")
LOOPBACK = Text("máy kích hoạt qua máy chủ KMS giả chạy ngay trên máy", "it is activated by a fake KMS server on the PC itself")
TOO_LONG = Text("hạn kích hoạt KMS dài hơn 180 ngày, điều KMS thật không cho", "its KMS activation lasts longer than the 180 days that a real one gives")
NO_TICKET = Text("Windows bị đặt không báo về Microsoft khi kích hoạt (NoGenTicket)", "Windows is set not to report its activation (NoGenTicket)")
NOT_DECLARED = Text(
    "máy kích hoạt qua máy chủ KMS, mà chưa khai báo máy chủ nào (kms_servers.csv) để biết có hợp lệ không",
    "it is activated by a KMS server, and none is declared (kms_servers.csv) to tell whether it is lawful",
)
WINDOWS_UNREAD = Text("Windows không cho biết đã kích hoạt chưa", "whether Windows is activated was not told")

_TRACES = {
    "sppc_hook": Text("tệp giả trong Office (Ohook)", "a false file in Office (Ohook)"),
    "kmsauto": Text("KMSAuto", "KMSAuto"),
    "autokms": Text("AutoKMS", "AutoKMS"),
    "autokms_task": Text("tác vụ kích hoạt lậu định kỳ", "a scheduled task that activates"),
    "kmspico": Text("KMSpico", "KMSpico"),
    "spp_hook": Text("tệp chen vào dịch vụ bản quyền", "a file hooked into the licence service"),
    "kms_emulator": Text("máy chủ KMS giả", "a KMS emulator"),
    "heu_kms": Text("HEU KMS Activator", "HEU KMS Activator"),
    "spp_debugger": Text("chương trình chen vào dịch vụ bản quyền", "a program hooked into the licence service"),
    "hosts_blocked": Text("tệp hosts chặn máy chủ bản quyền của Microsoft", "the hosts file blocks Microsoft's licence servers"),
}


def traces(ids: Sequence[str]) -> Text:
    """What was found of tools, at most three of them named."""
    known = [_TRACES.get(each, Text(shown(each, 30), shown(each, 30).replace("_", " "))) for each in ids]
    vi, en = ", ".join(each.vi for each in known[:3]), ", ".join(each.en for each in known[:3])
    return Text(f"dấu vết công cụ kích hoạt lậu: {vi}", f"traces of activation tools: {en}")


def pirate(name: str) -> Text:
    """A server that is listed as a pirate's."""
    return Text(f"máy kích hoạt qua máy chủ lậu đã biết ({name})", f"it is activated by a known pirate's server ({name})")


def undeclared(server: str) -> Text:
    """A server nobody declared."""
    return Text(
        f"máy kích hoạt qua máy chủ KMS không có trong khai báo: {shown(server, 48)}", f"it is activated by an undeclared KMS server: {shown(server, 48)}"
    )
