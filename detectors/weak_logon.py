"""Finding 7: no password, a weak one, one that Windows types by itself, or one account for several people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from model.detector import About, Closing
from model.posture.judging import Case, Pc, Read, Wrong, band, conclude, read
from model.posture.rule import PcRule
from model.posture.told import Accounts, AutoLogon, LogonPolicy
from model.site import SiteView
from model.text import Text
from model.verdict import Evidence, Grade, Severity, Verdict
from model.wording import pc_common
from model.wording import weak_logon as words


@dataclass(frozen=True, slots=True, kw_only=True)
class WeakLogon(PcRule):
    """VG-END-04. `length`: the least that policy must ask of a password."""

    length: int = 8

    only_windows: ClassVar[bool] = True
    about: ClassVar[About] = About(
        id="VG-END-04",
        findings=(7,),
        title=words.TITLE,
        kinds=("asset",),
        needs=("endpoint", "declared"),
        closing=Closing(rule=pc_common.CLOSING),
        attack=("M1027",),
    )

    def judge_pc(self, view: SiteView, pc: Pc) -> Verdict:
        """Accounts, automatic logon and the local policy; a kiosk among citizens may log on by itself."""
        automatic, accounts, policy = read(view, pc, AutoLogon), read(view, pc, Accounts), read(view, pc, LogonPolicy)
        # Where a kiosk stands is known once it was heard on the wire, in a zone that people declared.
        role = view.role(pc.asset) if pc.enrolled.use == "kiosk" else "staff"
        wrongs = [*_accounts(pc, accounts), *_automatic(pc, automatic, role), *self._policy(policy)]
        doubts = _doubts(accounts, policy)
        starts = automatic.told is not None and automatic.told.on
        if starts and role == "unlabelled":
            doubts.append(words.KIOSK_NOWHERE)
        good = words.KIOSK_GOOD if starts else words.GOOD
        return conclude(self, view, pc, Case(wrongs, [automatic, accounts, policy], good, doubts))

    def _policy(self, policy: Read[LogonPolicy]) -> list[Wrong]:
        told = policy.told
        # In a domain the local values are not those that hold.
        if told is None or told.domain:
            return []
        signs: list[tuple[str, str, Text, bool]] = [
            ("clear_text", "yes", words.CLEAR_TEXT, told.clear_text is True),
            ("remote_blank", "yes", words.REMOTE_BLANK, told.blank_limited is False),
            ("guest", "yes", words.GUEST, told.guest is True),
            ("length", str(told.length), words.short(told.length or 0), told.length is not None and told.length < self.length),
            ("complexity", "no", words.SIMPLE, told.complexity is False),
            ("lockout", "never", words.NO_LOCKOUT, told.lockout == 0),
        ]
        return [Wrong(what, said, policy, value, remedy=words.SET_POLICY) for what, value, said, is_wrong in signs if is_wrong]


def _automatic(pc: Pc, automatic: Read[AutoLogon], role: str) -> list[Wrong]:
    told = automatic.told
    if told is None or (told.on and role in ("citizen", "unlabelled")):
        return []
    found: list[Wrong] = []
    if told.stored:
        found.append(Wrong("stored", words.STORED, automatic, severity=Severity.HIGH, remedy=words.END_AUTOMATIC, title=words.AUTOMATIC_TITLE))
    if told.on:
        said, remedy = (words.KIOSK_ELSEWHERE, words.MOVE_KIOSK) if pc.enrolled.use == "kiosk" else (words.AUTOMATIC, words.END_AUTOMATIC)
        found.append(Wrong("automatic", said, automatic, remedy=remedy, title=words.AUTOMATIC_TITLE))
    return found


def _accounts(pc: Pc, accounts: Read[Accounts]) -> list[Wrong]:
    told = accounts.told
    if told is None:
        return []
    found: list[Wrong] = []
    if told.blank:
        found.append(_count("blank", told.blank, words.blank(told.blank), accounts, words.SET_PASSWORD, Severity.HIGH))
    if told.unset:
        found.append(_count("unset", told.unset, words.unset(told.unset), accounts, words.SET_PASSWORD, Severity.HIGH, Grade.LIKELY))
    if pc.enrolled.people > 1 and told.enabled == 1:
        said = words.one_for_many(pc.enrolled.people)
        found.append(Wrong("shared", said, accounts, "one_account", grade=Grade.LIKELY, remedy=(*words.OWN_ACCOUNTS, *words.COUNT_PEOPLE)))
    if told.generic:
        found.append(_count("generic", told.generic, words.generic(told.generic), accounts, words.OWN_ACCOUNTS, Severity.MEDIUM, Grade.INFERRED))
    return found


def _count(what: str, count: int, said: Text, by: Read[Accounts], remedy: tuple[Text, ...], severity: Severity, grade: Grade = Grade.CONFIRMED) -> Wrong:
    title = words.BLANK_TITLE if severity is Severity.HIGH else None
    return Wrong(what, said, by, band(count), severity, grade, remedy, title, (Evidence("count", f"{what}: {count}", by.at),))


def _doubts(accounts: Read[Accounts], policy: Read[LogonPolicy]) -> list[Text]:
    doubts = []
    if accounts.told is not None and (accounts.told.blank is None or accounts.told.unset is None):
        doubts.append(words.ACCOUNTS_UNREAD)
    if policy.told is not None and policy.told.domain:
        doubts.append(words.DOMAIN)
    elif policy.told is not None and None in (policy.told.length, policy.told.complexity, policy.told.lockout):
        doubts.append(words.POLICY_UNREAD)
    return doubts
