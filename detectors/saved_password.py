"""Finding 6: passwords saved in browsers, accounts synced to other devices, and no policy against either. Only counts leave the PC."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from model.detector import About, Closing
from model.posture.judging import OF_SCRIPT, Case, Pc, Read, Wrong, band, conclude, read
from model.posture.laws import in_force
from model.posture.rule import PcRule
from model.posture.told import BrowserAccounts, BrowserPolicy, BrowserRule, SavedPasswords
from model.site import SiteView
from model.text import Text
from model.verdict import Evidence, Grade, Verdict
from model.wording import pc_common
from model.wording import saved_password as words

# Its store is a file that stock osqueryd cannot count: one that is larger than an empty one says that something was saved.
_SIZE_ONLY = "firefox"


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPassword(PcRule):
    """VG-END-03."""

    only_windows: ClassVar[bool] = True
    about: ClassVar[About] = About(
        id="VG-END-03",
        findings=(6,),
        title=words.TITLE,
        kinds=("asset",),
        needs=("endpoint", "declared"),
        closing=Closing(rule=pc_common.CLOSING),
        attack=("M1027",),
    )

    def judge_pc(self, view: SiteView, pc: Pc) -> Verdict:
        """Saved for government hosts is told first, then for others, synced, and what policy allows."""
        return conclude(self, view, pc, _case(view, pc))


def _case(view: SiteView, pc: Pc) -> Case:
    saved, accounts, policy = read(view, pc, SavedPasswords), read(view, pc, BrowserAccounts, fresh=OF_SCRIPT), read(view, pc, BrowserPolicy)
    wrongs = [*_saved(saved), *_accounts(accounts), *_allowed(policy)]
    law = in_force(min((wrong.by.at for wrong in wrongs), default=view.now))
    cited = (words.cites(law),) if law else ()
    unread = [each for each in saved.told.unread if each != _SIZE_ONLY] if saved.told else []
    doubts = [words.uncounted(words.browsers(unread))] if unread else []
    bare = policy.told is not None and not policy.told.browsers
    # Where policy forbids to sync, whose account it is does not matter; where it does not, that alone is told.
    return Case([wrong._replace(remedy=(*wrong.remedy[:2], *cited)) for wrong in wrongs], [saved, policy], words.NO_BROWSER if bare else words.GOOD, doubts)


def _saved(saved: Read[SavedPasswords]) -> list[Wrong]:
    told = saved.told
    if told is None:
        return []
    found: list[Wrong] = []
    if government := sum(each.government for each in told.browsers):
        where = words.browsers([each.browser for each in told.browsers if each.government])
        found.append(_count("government", words.government(government, where), saved, government, words.GOVERNMENT))
    if others := sum(each.others for each in told.browsers):
        where = words.browsers([each.browser for each in told.browsers if each.others])
        found.append(_count("others", words.others(others, where), saved, others))
    if synced := [each.browser for each in told.browsers if each.synced]:
        found.append(Wrong("synced", words.synced(words.browsers(synced)), saved, remedy=(words.SIGN_OUT,)))
    if _SIZE_ONLY in told.unread:
        said = words.likely(words.browsers([_SIZE_ONLY]))
        found.append(Wrong("store", said, saved, _SIZE_ONLY, grade=Grade.LIKELY, remedy=(words.FORGET, words.POLICY)))
    return found


def _count(what: str, said: Text, saved: Read[SavedPasswords], count: int, title: Text | None = None) -> Wrong:
    seen = (Evidence("count", f"{what}: {count}", saved.at),)
    return Wrong(what, said, saved, band(count), remedy=(words.FORGET, words.POLICY), title=title, seen=seen)


def _accounts(accounts: Read[BrowserAccounts]) -> list[Wrong]:
    outside = [each for each in accounts.told.browsers if each.outside] if accounts.told else []
    if not outside:
        return []
    count, where = sum(each.outside for each in outside), words.browsers([each.browser for each in outside])
    seen = (Evidence("count", f"accounts outside: {count}", accounts.at),)
    return [Wrong("accounts", words.outside(count, where), accounts, band(count), remedy=(words.SIGN_OUT, words.POLICY), seen=seen)]


def _allowed(policy: Read[BrowserPolicy]) -> list[Wrong]:
    free = [rule.browser for rule in policy.told.browsers if not _forbids(rule)] if policy.told else []
    said = words.allowed(words.browsers(free))
    return [Wrong("policy", said, policy, ",".join(sorted(free)), remedy=(words.POLICY,))] if free else []


def _forbids(rule: BrowserRule) -> bool:
    return rule.saving is False and rule.syncing is False
