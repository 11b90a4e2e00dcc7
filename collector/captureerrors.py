"""What can be wrong with a capture file, each as one sentence for people."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from model.text import Text, shown


class CaptureError(Exception):
    """Why a capture file cannot be read, or not to its end; `text` is one sentence for people."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


class UnreadableCaptureError(CaptureError):
    """The file is missing, a directory, or we may not read it."""

    @classmethod
    def because(cls, path: Path, error: OSError) -> UnreadableCaptureError:
        """From the operating system's refusal."""
        name = _name(path)
        if isinstance(error, FileNotFoundError):
            return cls(Text(f"Không có tệp bắt gói {name}.", f"There is no capture file {name}."))
        if isinstance(error, PermissionError):
            return cls(Text(f"Không có quyền đọc tệp bắt gói {name}.", f"No permission to read the capture file {name}."))
        reason = error.strerror or str(error)
        return cls(Text(f"Không đọc được tệp bắt gói {name}: {reason}.", f"Cannot read the capture file {name}: {reason}."))

    @classmethod
    def directory(cls, path: Path) -> UnreadableCaptureError:
        """A folder was named where a file is needed."""
        name = _name(path)
        return cls(
            Text(
                f"{name} là thư mục; cần một tệp bắt gói (pcap hoặc pcapng, có thể nén gzip).",
                f"{name} is a directory; a capture file is needed (pcap or pcapng, may be gzip-compressed).",
            )
        )


class EmptyCaptureError(CaptureError):
    """The file has no bytes."""

    def __init__(self, path: Path) -> None:
        name = _name(path)
        super().__init__(Text(f"Tệp bắt gói {name} rỗng (0 byte).", f"The capture file {name} is empty (0 bytes)."))


class NotACaptureError(CaptureError):
    """The file is something else."""

    def __init__(self, path: Path) -> None:
        name = _name(path)
        super().__init__(
            Text(
                f"{name} không phải tệp bắt gói pcap hay pcapng (kể cả nén gzip).",
                f"{name} is not a pcap or pcapng capture file (nor one compressed by gzip).",
            )
        )


class UnknownLinkError(CaptureError):
    """`packets` packets of link types we do not read; raised after the packets of the others."""

    def __init__(self, path: Path, links: Iterable[int], packets: int) -> None:
        self.links = tuple(sorted(links))
        self.packets = packets
        name, numbers = _name(path), ", ".join(map(str, self.links))
        super().__init__(
            Text(
                f"Tệp {name} có {packets} gói thuộc kiểu liên kết không đọc được (DLT {numbers});"
                " đọc được Ethernet, Linux cooked v1 và v2, IP thô và null/loopback.",
                f"{name} has {packets} packets of a link type that is not read (DLT {numbers});"
                " Ethernet, Linux cooked v1 and v2, raw IP and null/loopback are.",
            )
        )


class CutCaptureError(CaptureError):
    """The file ends inside a packet, or is damaged there: `packets` whole ones stand before byte `offset` of the unpacked data."""

    def __init__(self, path: Path, packets: int, offset: int, *, cut: bool) -> None:
        self.packets = packets
        self.offset = offset
        name = _name(path)
        how_vi, how_en = ("bị cắt cụt", "is cut off") if cut else ("bị hỏng", "is damaged")
        super().__init__(
            Text(
                f"Tệp {name} {how_vi} sau gói thứ {packets}, tại byte {offset}; các gói trước đó vẫn được đọc.",
                f"{name} {how_en} after packet {packets}, at byte {offset}; the packets before it were read.",
            )
        )


def _name(path: Path) -> str:
    return shown(str(path), 200)
