"""What the operating system says of a file or a connection, in Vietnamese: its own words are English in every locale that a box has."""

from __future__ import annotations

import errno
import os
import re
from typing import Final

_SAID: Final = {
    errno.ENOENT: "không có tệp hoặc thư mục này",
    errno.EACCES: "không có quyền",
    errno.EPERM: "không được phép",
    errno.ENOSPC: "đĩa đầy",
    errno.EDQUOT: "hết hạn mức đĩa",
    errno.EROFS: "đĩa chỉ cho đọc",
    errno.EISDIR: "là thư mục, cần một tệp",
    errno.ENOTDIR: "không phải thư mục",
    errno.EEXIST: "đã có",
    errno.ENOTEMPTY: "thư mục không rỗng",
    errno.EIO: "đĩa hoặc thiết bị hỏng",
    errno.ENODEV: "không có thiết bị này",
    errno.ENAMETOOLONG: "tên quá dài",
    errno.ELOOP: "quá nhiều lối tắt vòng quanh",
    errno.EFBIG: "tệp quá lớn",
    errno.EMFILE: "mở quá nhiều tệp",
    errno.ENOMEM: "hết bộ nhớ",
    errno.EPIPE: "bên đọc đã đóng",
    errno.EADDRINUSE: "cổng này đang có chương trình khác dùng",
    errno.EADDRNOTAVAIL: "máy này không có địa chỉ ấy",
    errno.ECONNREFUSED: "bên kia không nhận kết nối",
    errno.ECONNRESET: "bên kia ngắt kết nối",
    errno.ETIMEDOUT: "quá lâu không trả lời",
    errno.ENETUNREACH: "không có đường ra mạng",
    errno.EHOSTUNREACH: "không tới được máy kia",
    errno.ENETDOWN: "giao diện mạng đang tắt",
    errno.EINVAL: "giá trị không dùng được",
}
# asyncio writes them small.
_WORDS: Final = {spelled: said for number, said in _SAID.items() for spelled in (os.strerror(number), os.strerror(number).lower())}
# A reason stands after a colon and ends the sentence or a part of it: a file may be called like one.
_REASON: Final = re.compile(rf"(?<=: )({'|'.join(map(re.escape, _WORDS))})(?=[.;,)]|$)")
# What Python, aiohttp and OpenSSL say around them.
_AROUND: Final = (
    (re.compile(r"error while attempting to bind on address \([^)]*\): "), ""),
    (re.compile(r"Cannot connect to host (\S+) ssl:\S+ \[.*?\](?=$|\.)"), r"không nối được tới \1"),
    (re.compile(r"\[SSL: CERTIFICATE_VERIFY_FAILED\] certificate verify failed: (.*?) \(_ssl\.c:\d+\)"), r"\1"),
    (re.compile(r"\[X509: NO_CERTIFICATE_OR_CRL_FOUND\] no certificate or crl found \(_ssl\.c:\d+\)"), "trong tệp không có chứng thư PEM nào"),
    (re.compile(r"self-signed certificate(?: in certificate chain)?"), "chứng thư tự ký"),
    (re.compile(r"unable to get local issuer certificate"), "không rõ ai cấp chứng thư"),
    (re.compile(r"certificate has expired"), "chứng thư đã hết hạn"),
    (re.compile(r"certificate is not yet valid"), "chứng thư chưa có hiệu lực"),
    (re.compile(r"(?:Hostname|IP address) mismatch, certificate is not valid for '([^']*)'\.?"), r"chứng thư không phải của \1"),
)


def in_vietnamese(sentence: str) -> str:
    """The sentence, the system's own reasons in it translated."""
    for pattern, said in _AROUND:
        sentence = pattern.sub(said, sentence)
    return _REASON.sub(lambda found: _WORDS[found[1]], sentence)
