"""The kind of mission that asks a question."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from campaigns.participation.answering import answering
from campaigns.participation.answering.answering import Question
from campaigns.planning.missions.kinds import Kind, SettingsForm, TeamPage, Visit, is_about
from campaigns.planning.models import Mission, MissionKind
from commons.forms import Form, required
from commons.panels import Panel


class QuestionSettings(SettingsForm):
    question = StringField(_l("Question, in Chinese"), validators=[required(), Length(max=300)])
    question_en = StringField(_l("Question, in English"), validators=[Optional(), Length(max=300)])
    choices = TextAreaField(
        _l("Answers to choose from"),
        description=_l("One a line, as 中文 | English. None: fans write their answer."),
        validators=[Optional(), Length(max=2000)],
    )
    right = TextAreaField(
        _l("Right answers"),
        description=_l("One a line: the number of the answer, or the words. None: every answer counts."),
        validators=[Optional(), Length(max=1000)],
    )

    def validate_choices(self, field: TextAreaField) -> None:
        if len(answering.lines(field.data or "")) == 1:
            raise ValidationError(_l("Give at least two answers to choose from, or none."))

    def validate_right(self, field: TextAreaField) -> None:
        number = len(answering.lines(self.choices.data or ""))
        named = answering.lines(field.data or "")
        if number and any(not one.isdecimal() or not 1 <= int(one) <= number for one in named):
            raise ValidationError(_l("Name right answers by their numbers, such as 2."))


class ChoiceForm(Form):
    answer = RadioField(_l("What is your answer?"), validators=[InputRequired(_l("Please choose."))])

    def __init__(self, question: Question, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answer.choices = [(str(number), str(words)) for number, words in enumerate(question.choices, 1)]


class WordsForm(Form):
    answer = StringField(_l("What is your answer?"), validators=[required(), Length(max=answering.LONGEST)])


def form_for(mission: Mission, **how: Any) -> ChoiceForm | WordsForm:
    question = Question.of(mission.settings)
    return ChoiceForm(question, **how) if question.choices else WordsForm(**how)


def panel(visit: Visit) -> Panel:
    mission, question = visit.mission, Question.of(visit.mission.settings)
    given = answering.of(mission, visit.member) if visit.member is not None else None
    context = {
        "mission": mission,
        "question": question,
        "given": given,
        "given_words": answering.shown(question, given.choice, given.text) if given else "",
        "form": visit.form or form_for(mission, formdata=None),
        "may": given is None and visit.member is not None and (visit.may or visit.form is not None),
    }
    return Panel("campaigns/participation/answering/_answer.html", context)


def for_team(mission: Mission) -> TeamPage:
    return TeamPage(_l("Answers"), url_for("answering.index", public_id=mission.public_id))


ANSWER = Kind(
    MissionKind.ANSWER.value,
    _l("Answer a question"),
    "help-circle",
    frozenset({answering.ANSWERED}),
    counts=is_about,
    settings=QuestionSettings,
    panel=panel,
    for_team=for_team,
    hint=_l("Each fan answers once. A wrong answer is kept and does not count."),
)
