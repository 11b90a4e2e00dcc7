"""A GSM modem on a pseudo-terminal, strict as TS 27.005 and 27.007 have it: our own stand-in, no real one is at hand."""

import os
import re
import threading
import tty

_COMMANDS = re.compile(rb"AT(?:E0|\+CMEE=1|\+CPIN\?|\+CPIN=\"(\d+)\"|\+CREG\?|\+CEREG\?|\+CMGF=0|\+CMGS=(\d+))?")


class AtModem:
    """Takes one command a line, ended by CR; answers ERROR to what it does not know, and to a message before +CMGF=0."""

    def __init__(self, *, pin="", registered="0,1", lte="0,0", echo=True):
        self.pin = pin
        self.registered = registered
        self.lte = lte
        self.sent: list[str] = []
        self.heard: list[bytes] = []
        self.answers: list[bytes] = []
        self.chatter = b""
        self._echo = echo
        self._locked = bool(pin)
        self._pdu = False
        self._master, slave = os.openpty()
        tty.setraw(slave)
        self.device = os.ttyname(slave)
        # Kept open: without any holder a pseudo-terminal reads as pulled.
        self._slave = slave
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        os.close(self._slave)
        self._thread.join(10)
        os.close(self._master)

    def _serve(self):
        said = b""
        while True:
            try:
                said += os.read(self._master, 1024)
            except OSError:
                return
            said = said.replace(b"\x1b", b"")
            while b"\r" in said:
                line, _, said = said.partition(b"\r")
                self.heard.append(line)
                self._tell((line + b"\r" if self._echo else b"") + self.chatter)
                if length := self._command(line):
                    said = self._message(length, said)

    def _command(self, line):
        """The length of the message that follows, 0 when none does."""
        found = _COMMANDS.fullmatch(line)
        if found is None:
            self._tell(b"\r\nERROR\r\n")
        elif line == b"AT+CPIN?":
            self._tell(b"\r\n+CPIN: %b\r\n\r\nOK\r\n" % (b"SIM PIN" if self._locked else b"READY"))
        elif found[1]:
            right = found[1].decode() == self.pin
            self._locked = self._locked and not right
            self._tell(b"\r\nOK\r\n" if right else b"\r\n+CME ERROR: 16\r\n")
        elif line in (b"AT+CREG?", b"AT+CEREG?"):
            name, state = (b"CREG", self.registered) if line == b"AT+CREG?" else (b"CEREG", self.lte)
            self._tell(b"\r\n+%b: %b\r\n\r\nOK\r\n" % (name, state.encode()))
        elif found[2]:
            if self._locked or not self._pdu:
                self._tell(b"\r\n+CMS ERROR: 302\r\n")
                return 0
            self._tell(b"\r\n> ")
            return int(found[2])
        else:
            self._echo = self._echo and line != b"ATE0"
            self._pdu = self._pdu or line == b"AT+CMGF=0"
            self._tell(b"\r\nOK\r\n")
        return 0

    def _message(self, length, said):
        while b"\x1a" not in said:
            said += os.read(self._master, 1024)
        pdu, _, rest = said.partition(b"\x1a")
        whole = bytes.fromhex(pdu.decode())
        if self.answers:
            self._tell(self.answers.pop(0))
        elif len(whole) - 1 - whole[0] != length:
            self._tell(b"\r\n+CMS ERROR: 304\r\n")
        else:
            self.sent.append(pdu.decode())
            self._tell(b"\r\n+CMGS: %d\r\n\r\nOK\r\n" % len(self.sent))
        return rest

    def _tell(self, what):
        os.write(self._master, what)


_LETTERS = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
_FURTHER = {20: "^", 40: "{", 41: "}", 47: "\\", 60: "[", 61: "~", 62: "]", 64: "|", 101: "€"}


def read_pdu(pdu):
    """(number, header that joins, text) of an SMS-SUBMIT, read octet by octet and bit by bit."""
    octets = bytes.fromhex(pdu)
    first, digits, kind = octets[1], octets[3], octets[4]
    packed = -(-digits // 2)
    number = "".join(f"{octet & 15:x}{octet >> 4:x}" for octet in octets[5 : 5 + packed])[:digits]
    at = 5 + packed
    protocol, coding, validity, length = octets[at : at + 4]
    assert (octets[0], first & ~0x40, protocol, validity) == (0, 0x11, 0, 167)
    data = octets[at + 4 :]
    header = data[1 : 1 + data[0]] if first & 0x40 else b""
    skipped = len(header) + 1 if first & 0x40 else 0
    assert len(data) <= 140
    if coding == 8:
        assert length == len(data)
        return ("+" if kind == 0x91 else "") + number, header, data[skipped:].decode("utf-16-be")
    bits = "".join(f"{octet:08b}"[::-1] for octet in data)
    septets = [int(bits[at : at + 7][::-1], 2) for at in range(0, length * 7, 7)][-(-skipped * 8 // 7) :]
    text, further = "", False
    for septet in septets:
        text += _FURTHER[septet] if further else "" if septet == 27 else _LETTERS[septet]
        further = septet == 27 and not further
    return ("+" if kind == 0x91 else "") + number, header, text
