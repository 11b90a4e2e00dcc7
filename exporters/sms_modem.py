"""Alerts as short messages by a GSM modem of the box itself: the way that still works when the line to the province does not."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

from exporters.audience import BATCH
from exporters.gsm import submits
from exporters.modem import Modem, NotReady, Refused
from exporters.secret import read_secret
from exporters.short_sink import ShortMessages, ShortOptions
from exporters.sink import OptionsError
from exporters.webhook_answer import Answer, malformed
from exporters.wire_answer import of_socket
from model.ports import OutboxRow, Receipt, Stream
from model.text import Text
from model.times import SECOND

# TS 27.005 §3.2.5 and TS 23.040: what says that the message itself is not in order, and so will not be tomorrow.
_MALFORMED = frozenset({95, 96, 304, 305})

_NOT_READY = {
    "pin": Text("SIM đòi mã PIN: hãy ghi pin_file", "the SIM wants a PIN: set pin_file"),
    "wrong_pin": Text("mã PIN của SIM không đúng; sẽ không thử lại cho đến khi khởi động lại", "the SIM's PIN is wrong; it is not tried again until a restart"),
    "puk": Text("SIM bị khóa hoặc không có SIM", "the SIM is locked, or there is none"),
    "network": Text("modem chưa vào được mạng di động", "the modem is not in the mobile network"),
}
_ERROR = Text("modem báo lỗi", "the modem reports an error")
_NO_MODEM = Text("không mở được cổng của modem", "the modem's port cannot be opened")


class SmsModemOptions(ShortOptions, frozen=True, kw_only=True):
    """Which modem; `timeout` in ns for each answer of it."""

    name: str = "sms-modem"
    device: Path
    pin_file: Path | None = None
    timeout: int = 60 * SECOND


class SmsModem:
    """Implements `exporters.sink.Sink`. Opens the line for each batch, so that a modem may be pulled and plugged."""

    streams: ClassVar[tuple[Stream, ...]] = ("finding",)
    batch: ClassVar[int] = BATCH

    def __init__(self, options: SmsModemOptions, *, now: Callable[[], int]) -> None:
        """Reads PIN and memories. Raises OptionsError."""
        self.name = options.name
        self._options = options
        self._pin = read_secret(options.pin_file)[0] if options.pin_file is not None else ""
        if self._pin and not (self._pin.isascii() and self._pin.isdigit() and 4 <= len(self._pin) <= 8):
            raise OptionsError(Text(f"Tệp {options.pin_file} phải có mã PIN từ 4 đến 8 chữ số.", f"File {options.pin_file} must hold a PIN of 4 to 8 digits."))
        self._wrong_pin = False
        self._messages = ShortMessages(options, now)
        self._modem: Modem | None = None

    async def send(self, rows: Sequence[OutboxRow]) -> Sequence[Receipt]:
        """Sends one by one; after an outage the rest is not even tried."""
        try:
            return await self._messages.tell(rows, self._carry)
        finally:
            await self.close()

    async def close(self) -> None:
        """Lets go of the line."""
        if self._modem is not None:
            with contextlib.suppress(OSError):
                self._modem.close()
            self._modem = None

    async def _carry(self, message: str, number: str, parts: list[str]) -> Answer:
        language, gone = self._options.language, 0
        try:
            modem = await self._ready()
            for pdu in submits(number, parts, accents=self._options.accents, message=message):
                await modem.submit(pdu)
                gone += 1
        except Refused as error:
            if error.kind == "CMS" and error.number in _MALFORMED:
                return malformed(error.number, str(error), language)
            return Answer("retry", f"{_ERROR.to(language)}: {error}", outage=error.kind != "CMS", unsent=not gone)
        except NotReady as error:
            self._wrong_pin = self._wrong_pin or error.why == "wrong_pin"
            why = "wrong_pin" if self._wrong_pin and error.why == "pin" else error.why
            return Answer("retry", _NOT_READY[why].to(language), outage=True, trouble="login" if "pin" in why else "", unsent=True)
        except TimeoutError as error:
            return of_socket(error, language)._replace(unsent=self._modem is None)
        except OSError as error:
            return Answer("retry", f"{_NO_MODEM.to(language)}: {error.strerror}", outage=True, unsent=self._modem is None)
        return Answer("accepted")

    async def _ready(self) -> Modem:
        if self._modem is None:
            self._modem = Modem(self._options.device, self._options.timeout / SECOND)
            try:
                await self._modem.prepare("" if self._wrong_pin else self._pin)
            except BaseException:  # clean-up, raised again: the line is nobody's
                await self.close()
                raise
        return self._modem
