"""Answering a question once, in time; a wrong answer is kept and does not count."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from campaigns.participation import barring
from campaigns.participation.answering.models import MissionAnswer
from campaigns.planning.models import Mission
from commons import events
from commons.db import db, insert_new, random_id
from commons.errors import Conflict, Invalid
from commons.i18n import Words
from community.members.models import Member

ANSWERED = "mission.answered"
MOST_SHOWN = 50
LONGEST = 500


class AnsweredBefore(Conflict):
    """A question is answered once."""


@dataclass(frozen=True)
class Question:
    """What is asked: with `choices` one of them is chosen, without any words are written.

    `right` are the numbers of the right choices (from 1), or the right words; empty where no answer is wrong.
    """

    words: Words
    choices: Sequence[Words]
    right: frozenset[str]

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Question:
        words = Words(settings.get("question", ""), settings.get("question_en", ""))
        choices = [_in_both(line) for line in lines(settings.get("choices", ""))]
        return cls(words, choices, frozenset(plain(one) for one in lines(settings.get("right", ""))))

    def judge(self, given: str) -> bool | None:
        return plain(given) in self.right if self.right else None


def answer(mission: Mission, member: Member, given: str, at: datetime) -> MissionAnswer:
    """The member's answer: the number of a choice, or words. The same again is the same; another one is refused.

    `Late` out of the mission's time, `AnsweredBefore`, `Invalid` for what is no answer.
    """
    question = Question.of(mission.settings)
    choice, text = _checked(question, given.strip())
    kept = of(mission, member)
    if kept is None:
        barring.check(mission, member, at)
        row = {"public_id": random_id(), "mission_id": mission.id, "member_id": member.id, "choice": choice, "text": text,
               "is_right": question.judge(str(choice or text)), "answered_at": at}  # fmt: skip
        if insert_new(MissionAnswer, row) is not None and row["is_right"] is not False:
            _tell(mission, member, at)
        kept = of(mission, member)
    assert kept is not None
    if (kept.choice, kept.text) != (choice, text):
        raise AnsweredBefore(_("You have answered this already; one answer counts."))
    return kept


def of(mission: Mission, member: Member) -> MissionAnswer | None:
    """What the member answered."""
    mine = (MissionAnswer.mission_id == mission.id, MissionAnswer.member_id == member.id)
    return db.session.scalars(select(MissionAnswer).where(*mine)).one_or_none()


def tally(mission: Mission) -> list[tuple[str, int, bool | None]]:
    """(answer, how often, whether it is right) of the `MOST_SHOWN` most frequent answers of a mission, in that order."""
    query = select(MissionAnswer.choice, MissionAnswer.text, MissionAnswer.is_right, func.count().label("number"))
    query = query.where(MissionAnswer.mission_id == mission.id)
    query = query.group_by(MissionAnswer.choice, MissionAnswer.text, MissionAnswer.is_right)
    question = Question.of(mission.settings)
    return [
        (shown(question, choice, text), number, is_right)
        for choice, text, is_right, number in db.session.execute(query.order_by(func.count().desc()).limit(MOST_SHOWN))
    ]


def rows(mission: Mission) -> Iterator[Sequence[object]]:
    """Who answered what as a table file, in the order of answering, the heading first; times in UTC."""
    question = Question.of(mission.settings)
    query = (
        select(MissionAnswer).where(MissionAnswer.mission_id == mission.id).options(joinedload(MissionAnswer.member))
    )
    yield "fan", "name", "answer", "is_right", "answered_at"
    for one in db.session.scalars(query.order_by(MissionAnswer.id).execution_options(yield_per=500)):
        words, is_right = shown(question, one.choice, one.text), "" if one.is_right is None else one.is_right
        yield one.member.public_id, one.member.name, words, is_right, one.answered_at.isoformat()


def shown(question: Question, choice: int | None, text: str) -> str:
    """An answer as it is read."""
    return str(question.choices[choice - 1]) if choice and choice <= len(question.choices) else text


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def plain(text: str) -> str:
    """An answer without what does not matter: width, case, blanks."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _in_both(line: str) -> Words:
    zh, _bar, en = line.partition("|")
    return Words(zh.strip(), en.strip())


def _checked(question: Question, given: str) -> tuple[int | None, str]:
    """The number of the choice, or None and the words."""
    if not given or len(given) > LONGEST:
        raise Invalid(_("Give an answer of at most %(count)s characters.", count=LONGEST))
    if not question.choices:
        return None, given
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 4 else 0
    if not 1 <= number <= len(question.choices):
        raise Invalid(_("Choose one of the answers."))
    return number, ""


def _tell(mission: Mission, member: Member, at: datetime) -> None:
    events.track(
        ANSWERED,
        key=f"{ANSWERED}:{mission.public_id}:{member.public_id}",
        at=at,
        member_id=member.id,
        subject=mission,
        campaign_id=mission.campaign_id,
        payload={"title": mission.title},
    )
