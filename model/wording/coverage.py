"""What VG-COV-01 says."""

from __future__ import annotations

from model.text import Text

CLOSING = Text("Nghe thấy trở lại.", "Heard again.")

REMEDY = (
    Text("Kiểm tra nguồn, dây mạng và dịch vụ của bộ thu (vonggac doctor).", "Check the sensor's power, cable and service (vonggac doctor)."),
    Text("Không coi các kiểm tra bị mù là đạt cho đến khi nghe lại.", "Do not read the blinded checks as good until it is heard again."),
)

# Findings that a deaf network sensor can no longer see (findings.md).
BLINDED = "1, 2, 3, 11, 13"


def silent(leg: str, seconds: int) -> tuple[Text, Text]:
    """Title and summary for a sensor not heard for `seconds`."""
    return (
        Text(f"Không còn nghe thấy bộ thu mạng ở chân “{leg}”", f"The sensor of leg “{leg}” is no longer heard"),
        Text(
            f"Không có tín hiệu hoạt động trong {seconds} giây; các kiểm tra bị mù: {BLINDED}. Các phát hiện đang mở vẫn giữ nguyên.",
            f"No heartbeat for {seconds} seconds; blinded checks: {BLINDED}. Open findings stay as they are.",
        ),
    )


def deaf(leg: str, state: str, message: str) -> tuple[Text, Text]:
    """Title and summary for a sensor that is alive and cannot listen."""
    why = f": {message}" if message else ""
    return (
        Text(f"Bộ thu mạng ở chân “{leg}” không nghe được", f"The sensor of leg “{leg}” cannot listen"),
        Text(
            f"Bộ thu báo trạng thái {state}{why}; các kiểm tra bị mù: {BLINDED}. Các phát hiện đang mở vẫn giữ nguyên.",
            f"The sensor reports {state}{why}; blinded checks: {BLINDED}. Open findings stay as they are.",
        ),
    )


def heard(leg: str) -> Text:
    """The sensor is fine."""
    return Text(f"Bộ thu mạng ở chân “{leg}” đang hoạt động.", f"The sensor of leg “{leg}” is at work.")


NOT_YET = Text("Mới khởi động, chưa đủ một nhịp tín hiệu để kết luận.", "Just started: less than one heartbeat to judge by.")
NOT_DECLARED = Text("Bộ thu này chưa được khai báo.", "This sensor is not declared.")
