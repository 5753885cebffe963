"""What a row is: a new member, more about one that there is, nothing new, or broken. Writes nothing.

What is known of a member is never overwritten: a row adds what is missing, and what it says otherwise is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _

from commons import zones
from commons.accounts.models import User
from commons.sheets.files import Line
from commons.sheets.models import Verdict
from community.members.exchange.columns import BETWEEN, tags_cell
from community.members.exchange.knowing import Known, look_up
from community.members.exchange.understanding import Context, Meant, understood
from community.members.models import Handle, Member
from community.members.profiles import choices
from community.members.profiles.models import Field
from community.members.roster import CIRCLE
from community.members.tags import naming
from community.members.tags.models import Tag


@dataclass
class Compared:
    """A row beside the member that it means, if there is one. `changes` are triples of column, before and after, as cells;
    `tags` the words to be put on, `handles` those to be joined, `mail` the address to be noted, `answers` what is to be
    kept of the profile; `consents` where the list itself says that the person agreed to that, `agrees_to_mail` where it says
    that the person may be written to.
    """

    meant: Meant
    verdict: Verdict
    member: Member | None = None
    changes: list[list[str]] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    handles: list[tuple[str, str]] = field(default_factory=list)
    mail: str = ""
    answers: dict[Field, list[str]] = field(default_factory=dict)
    consents: bool = False
    agrees_to_mail: bool = False


def compared(lines: Sequence[Line], context: Context, by: User, formulas_are_words: bool) -> list[Compared]:
    """All rows, in order. Of rows that mean the same person the later ones are broken."""
    meanings = [understood(line, context, formulas_are_words) for line in lines]
    known = look_up(meanings, by)
    seen: dict[object, int] = {}
    found = []
    for line, meant in zip(lines, meanings, strict=True):
        member = _member(meant, known)
        for name in _names(meant, member):
            if seen.setdefault(name, line.number) != line.number:
                words = _("Row %(row)s means the same person already.", row=str(seen[name]))
                meant.problems.append(["", str(words)])
                break
        found.append(_compared(meant, member, known, context))
    return found


def _names(meant: Meant, member: Member | None) -> list[object]:
    """All by which a row could mean the same person as another one."""
    return [*([member.id] if member else []), *([meant.mail] if meant.mail else []), *meant.handles]


def _member(meant: Meant, known: Known) -> Member | None:
    """Whom the row means; what speaks for two people, or for nobody, is a problem of the row."""
    found = {"id": known.by_id.get(meant.member_id), "mail": known.by_mail.get(meant.mail)}
    if meant.member_id and found["id"] is None:
        meant.problems.append(["id", str(_("There is no member with this ID. Leave the cell empty for a new one."))])
    if meant.mail in known.staff_mails:
        meant.problems.append(["mail", str(_("This address belongs to a member of the team."))])
    for one in meant.handles:
        handle = known.handles.get(one)
        trouble = _trouble(one, handle)
        if trouble:
            meant.problems.append(["handles", trouble])
        elif handle is not None and handle.member is not None:
            found[f"{one}"] = handle.member
    people = {member.id: member for member in found.values() if member is not None}
    if len(people) > 1:
        names = BETWEEN.join(member.name for member in people.values())
        meant.problems.append(
            ["", str(_("ID, address and handles of this row belong to several members: %(names)s.", names=names))]
        )
    return next(iter(people.values()), None)


def _trouble(one: tuple[str, str], handle: Handle | None) -> str:
    """Why a handle cannot be in a list."""
    if handle is None:
        return str(_("Nobody in the circle has the number “%(name)s”.", name=one[1])) if one[0] == CIRCLE else ""
    if handle.is_brand:
        return str(_("“%(name)s” speaks for the brand.", name=one[1]))
    if handle.member is not None and handle.member.erased_at is not None:
        return str(_("“%(name)s” belongs to somebody who has left.", name=one[1]))
    return ""


def _compared(meant: Meant, member: Member | None, known: Known, context: Context) -> Compared:
    result = Compared(meant, Verdict.NEW, member)
    if member is None:
        _check_new(meant)
        result.tags, result.handles, result.mail = meant.tags, meant.handles, meant.mail
        result.agrees_to_mail = meant.mail_consent
        _take_answers(result, meant.answers, is_allowed=False, may_agree=True)
    else:
        _add(result, member, known)
        _note_what_stays(result, member, known, context)
        result.verdict = Verdict.CHANGED if result.changes else Verdict.SAME
    if meant.problems:
        result.verdict = Verdict.BROKEN
    return result


def _check_new(meant: Meant) -> None:
    if meant.problems:
        return
    if not meant.name:
        meant.problems.append(["name", str(_("A new member needs a name."))])
    if not meant.mail and not meant.handles:
        words = _("A new member needs a mail address or a handle: by that the same person is known again.")
        meant.problems.append(["mail", str(words)])


def _add(result: Compared, member: Member, known: Known) -> None:
    """What the row adds to what is known."""
    meant, has = result.meant, list(known.tags.get(member.id, ()))
    if meant.mail and member.id not in known.mails:
        result.mail = meant.mail
        result.changes.append(["mail", "", meant.mail])
    result.handles = [
        one for one in meant.handles if (handle := known.handles.get(one)) is None or handle.member is None
    ]
    if result.handles:
        result.changes.append(["handles", "", BETWEEN.join(":".join(one) for one in result.handles)])
    result.tags = _missing(meant.tags, has)
    if result.tags:
        result.changes.append(["tags", tags_cell(has), BETWEEN.join([*(tag.name for tag in has), *result.tags])])
    _add_answers(result, member, known)
    _add_mail_consent(result, member, known)


def _add_mail_consent(result: Compared, member: Member, known: Known) -> None:
    """Who has an account, or was asked before, says himself whether he may be written to."""
    if not result.meant.mail_consent:
        return
    if member.user_id is None and member.id not in known.asked_for_mail:
        result.agrees_to_mail = True
        result.changes.append(["mail_consent", "", str(_("yes"))])
    elif member.user_id is not None:
        result.meant.notes.append(["mail_consent", str(_("Stays as it is: whoever has an account decides alone."))])


def _add_answers(result: Compared, member: Member, known: Known) -> None:
    """Answers for fields of which nothing is known. Who has an account, or was asked before, says so himself."""
    told = known.told.get(member.id, frozenset())
    new = {of: values for of, values in result.meant.answers.items() if of not in told}
    may_agree = member.user_id is None and member.id not in known.asked_before
    _take_answers(result, new, is_allowed=member.id in known.allowed, may_agree=may_agree)
    for of, values in result.answers.items():
        result.changes.append([of.value, "", BETWEEN.join(choices.words(of, value) for value in values)])


def _take_answers(result: Compared, answers: dict[Field, list[str]], *, is_allowed: bool, may_agree: bool) -> None:
    """Nothing is kept without consent; what is left out for that is told."""
    if not answers:
        return
    result.consents = not is_allowed and may_agree and result.meant.consent
    if is_allowed or result.consents:
        result.answers = answers
    else:
        words = _("The answers are left out: that they are kept has not been allowed.")
        result.meant.notes.append(["consent", str(words)])


def _missing(words: Sequence[str], has: Sequence[Tag]) -> list[str]:
    there = {tag.folded for tag in has}
    return [word for word in words if naming.folded(word) not in there]


def _note_what_stays(result: Compared, member: Member, known: Known, context: Context) -> None:
    meant, mail = result.meant, known.mails.get(member.id, "")
    if meant.name and meant.name != member.name:
        meant.notes.append(["name", str(_("Stays as it is: %(value)s", value=member.name))])
    if meant.mail and mail and meant.mail != mail:
        meant.notes.append(["mail", str(_("Stays as it is: the member has another address."))])
    day = zones.to_local(member.joined_at, context.zone)
    if meant.joined is not None and zones.to_local(meant.joined, context.zone).date() != day.date():
        meant.notes.append(["joined", str(_("Stays as it is: %(value)s", value=f"{day:%Y-%m-%d}"))])
