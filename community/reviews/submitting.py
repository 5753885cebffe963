"""Handing something in: looked at by the rules at once, then published or put in the queue. And taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from commons import events
from commons.db import Model, db, insert_new, random_id
from commons.errors import Conflict, DomainError, Invalid, NotAllowed
from commons.events import Evidence
from commons.media.models import Picture
from commons.media.usage import let_go
from community.circle.wording import is_blank, length, tidy
from community.members import bars
from community.members.bars import Act
from community.members.models import Member
from community.reviews import checks, priorities, publishing, slots, thresholds
from community.reviews.checks import Content, Finding, Terms
from community.reviews.models import Decision, Kind, State, Submission, SubmissionPicture, Verdict, Wait
from community.reviews.slots import Order

MOST_CHARACTERS = 2000
MOST_CODE_POINTS = 16_000
MOST_PICTURES = 9
MOST_AN_HOUR = 30
HOUR = timedelta(hours=1)


class TooMany(DomainError):
    """Somebody hands in more than people write."""

    status = HTTPStatus.TOO_MANY_REQUESTS


@dataclass(frozen=True)
class Draft:
    """What a member hands in. `subject` is another room's thing, whose words these are. With `looked_at_first` a person
    decides before it stands, however often the author was published.
    """

    kind: Kind
    text: str
    pictures: Sequence[tuple[Picture, str]] = ()
    stars: int | None = None
    aspects: dict[str, int] = field(default_factory=dict)
    order: Order | None = None
    subject: Model | None = None
    looked_at_first: bool = False


def submit(member: Member, draft: Draft, *, key: str, at: datetime) -> Submission:
    """Hand something in. `key` names one filled-in form: sent twice it is one submission.

    `Invalid` for words nobody can read or too many of them, `Conflict` for an order that was reviewed before, `TooMany` above
    `MOST_AN_HOUR`.
    """
    key = f"{member.public_id}:{key}"[:80]
    known = _by_key(key)
    if known is not None:
        return known
    bars.check(member, Act.SPEAK, at)
    words = _checked(draft)
    terms = thresholds.terms()
    content = _content(member, draft, words, terms, at)
    if content.last_hour >= MOST_AN_HOUR and draft.kind is not Kind.FOREIGN:
        raise TooMany(_("That is a lot at once. Rest an hour; what you wrote stays in the form."))
    findings = checks.look(content, terms, talk=draft.kind is Kind.FOREIGN)
    trusted = draft.kind is Kind.FOREIGN or (not draft.looked_at_first and is_trusted(member, terms, at))
    submission = _kept(member, draft, words, key, at, findings, checks.is_critical(content, terms))
    _place(submission, priorities.first_wait(findings, trusted=trusted), terms, at)
    return submission


def withdraw(submission: Submission, by: Member, at: datetime) -> None:
    """The author takes it back: words and pictures are erased, its place in the counts stays. Twice is once."""
    if submission.member_id != by.id:
        raise NotAllowed(_("Only who wrote this can withdraw it."))
    if submission.state is State.WITHDRAWN:
        return
    fact = publishing.fact_of(submission)
    for shown in submission.pictures:
        shown.picture.is_private = True
        let_go(shown.picture, at)
    submission.pictures.clear()
    submission.text, submission.fingerprint, submission.order_ref = "", "", None
    submission.stars, submission.aspects, submission.findings = None, {}, []
    submission.state, submission.wait, submission.due_at = State.WITHDRAWN, None, None
    db.session.flush()
    _tell_followers(submission, at)
    events.track(
        "review.withdrawn",
        key=f"review.withdrawn:{submission.public_id}",
        at=at,
        member_id=by.id,
        subject=submission,
        payload={"published_event_id": fact.id if fact else None},
    )


def is_trusted(member: Member, terms: Terms, at: datetime) -> bool:
    """Whether enough of what the member handed in was published, and nothing of it refused or removed lately.

    Talk in circles stands without a look of anybody, so it makes nobody trusted.
    """
    mine = select(func.count()).where(Submission.member_id == member.id, Submission.kind != Kind.FOREIGN)
    published = db.session.scalars(mine.where(Submission.state == State.PUBLISHED)).one()
    if published < terms.trusted_after:
        return False
    against = select(Decision.id).join(Submission).where(
        Submission.member_id == member.id,
        Submission.state.in_([State.REFUSED, State.REMOVED]),
        Decision.verdict.in_([Verdict.REFUSE, Verdict.REMOVE]),
        Decision.undone_at.is_(None),
        Decision.at > at - timedelta(days=terms.trusted_days),
    )  # fmt: skip
    return db.session.scalars(against.limit(1)).first() is None


def _checked(draft: Draft) -> str:
    words = tidy(draft.text)
    if is_blank(words) and not (draft.kind is Kind.PICTURES and draft.pictures):
        raise Invalid(_("Write something first."))
    over = length(words) - MOST_CHARACTERS
    if over > 0:
        raise Invalid(ngettext("That is %(num)s character too many.", "That is %(num)s characters too many.", over))
    if len(words) > MOST_CODE_POINTS:
        raise Invalid(_("This has too many joined characters to be shown."))
    if draft.kind is Kind.PICTURES and not draft.pictures:
        raise Invalid(_("Choose at least one picture."))
    if len(draft.pictures) > MOST_PICTURES:
        raise Invalid(_("At most %(count)s pictures.", count=MOST_PICTURES))
    if draft.kind is Kind.ORDER_REVIEW and (draft.order is None or draft.stars is None):
        raise Invalid(_("Choose the order that this is about, and how many stars."))
    return words


def _content(member: Member, draft: Draft, words: str, terms: Terms, at: datetime) -> Content:
    """What the rules look at, descriptions of pictures among it, with what else was handed in lately."""
    same = select(Submission.member_id).where(
        Submission.fingerprint == checks.fingerprint(words),
        Submission.fingerprint != "",
        Submission.submitted_at > at - timedelta(hours=terms.same_within_hours),
    )
    authors = db.session.scalars(same.limit(1000)).all()
    lately = select(func.count()).where(Submission.member_id == member.id, Submission.submitted_at > at - HOUR)
    return Content(
        text="\n".join([words, *(tidy(alt) for _picture, alt in draft.pictures if alt)]),
        stars=draft.stars,
        aspects=tuple(draft.aspects.values()),
        pictures=len(draft.pictures),
        same_by_author=sum(author == member.id for author in authors),
        same_by_others=len({author for author in authors if author != member.id}),
        last_hour=db.session.scalars(lately).one(),
    )


def _kept(
    member: Member, draft: Draft, words: str, key: str, at: datetime, findings: list[Finding], critical: bool
) -> Submission:
    order, subject = draft.order, draft.subject
    row = {
        "public_id": random_id(),
        "kind": draft.kind,
        "member_id": member.id,
        "text": words,
        "stars": draft.stars,
        "aspects": dict(draft.aspects),
        "order_ref": order.ref if order else None,
        "order_about": order.about if order else None,
        "order_title": order.title[:120] if order else "",
        "subject_type": subject.__tablename__ if subject is not None else None,
        "subject_id": subject.id if subject is not None else None,
        "fingerprint": checks.fingerprint(words),
        "findings": [finding.kept() for finding in findings],
        "critical": critical,
        "submitted_at": at,
        "key": key,
    }
    made = insert_new(Submission, row)
    if made is None:
        return _made_before(key)
    submission = db.session.get_one(Submission, made)
    for position, (picture, alt) in enumerate(draft.pictures):
        submission.pictures.append(SubmissionPicture(position=position, picture=picture, alt=tidy(alt)[:300]))
    db.session.flush()
    return submission


def _made_before(key: str) -> Submission:
    known = _by_key(key)
    if known is None:
        raise Conflict(_("You have reviewed this order already."), _("Withdraw the other review to write a new one."))
    return known


def _place(submission: Submission, wait: Wait, terms: Terms, at: datetime) -> None:
    """Into the queue; a trusted author's words are published at once, and only some of them are looked at afterwards."""
    if submission.state is not State.WAITING or submission.due_at is not None:
        return
    if wait is Wait.SPOT_CHECK:
        submission.state, submission.published_at = State.PUBLISHED, at
        publishing.note(submission, at, Evidence.SELF_DECLARED)
    if wait is not Wait.SPOT_CHECK or priorities.is_sampled(submission.key, terms.spot_check_share):
        submission.wait, submission.due_at = wait, priorities.due_at(wait, at)
    db.session.flush()
    _tell_followers(submission, at)


def _tell_followers(submission: Submission, at: datetime) -> None:
    for follow in slots.followers:
        follow(submission, at)


def _by_key(key: str) -> Submission | None:
    return db.session.scalars(select(Submission).where(Submission.key == key)).one_or_none()
