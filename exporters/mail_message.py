"""One message as a mail: Vietnamese subject and body, an id that is the same each time it is sent, one thread a finding."""

from __future__ import annotations

import email.utils
from collections.abc import Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from exporters.audience import Detail
from exporters.message import Message, alert, brief, title
from exporters.render import Place
from model.text import Language, shown
from model.times import SECOND

_SUBJECT = 160


def compose(message: Message, *, sender: str, recipients: Sequence[str], detail: Detail, language: Language, place: Place) -> EmailMessage:
    """The mail of one message. A mail that answers none we sent is still shown in the finding's thread."""
    domain = sender.rpartition("@")[2]
    # Nobody ever sent the mail a thread hangs on: mail programs put a place there by themselves (RFC 5256 §3), whichever change came first.
    thread = f"<finding-{message.thread}@{domain}>"
    # base64 whatever is in it: a line of an alert may be longer than the 998 octets of RFC 5322 §2.1.1.
    mail = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    mail["Date"] = email.utils.formatdate(message.at / SECOND, usegmt=True)
    mail["From"] = Address("Vọng Gác", addr_spec=sender)
    mail["To"] = [Address(addr_spec=recipient) for recipient in recipients]
    mail["Subject"] = shown(brief(message, language, place) if detail == "id_only" else title(message, language, place), _SUBJECT)
    mail["Message-ID"] = f"<{message.id}@{domain}>"
    mail["In-Reply-To"] = thread
    mail["References"] = thread
    # RFC 3834: no holiday notice is wanted in answer.
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(brief(message, language, place) if detail == "id_only" else alert(message, language, place), cte="base64")
    return mail
