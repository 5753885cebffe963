"""Blocks of words: the hero, a text, questions with their answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, StringField, TextAreaField
from wtforms.form import Form as PlainForm
from wtforms.validators import Length, ValidationError

from campaigns.pages.blocks import Block, BlockForm, BlockKind, Scene, require_words, said, words
from campaigns.pages.kinds.showing import PictureFields
from commons.forms import StorableMeta

MOST_QUESTIONS = 20


class HeroForm(PictureFields):
    title_zh, title_en = words(_l("Title"), most=120)
    text_zh, text_en = words(_l("What it is about"), most=600, lines=True)

    def validate_title_zh(self, _field: Any) -> None:
        require_words(self, "title")


class Hero(BlockKind):
    """The beginning of a page: its title, a few sentences, perhaps a picture behind them."""

    name = "hero"
    label = _l("Hero")
    hint = _l("The title of the page with a few sentences and, if you like, a picture.")
    icon = "flag"
    form = HeroForm
    template = "campaigns/pages/kinds/hero.html"
    pictures = ("picture",)
    once = True


class TextForm(BlockForm):
    title_zh, title_en = words(_l("Heading"), most=120)
    text_zh, text_en = words(_l("Text"), most=6000, lines=True)

    def validate_text_zh(self, _field: Any) -> None:
        require_words(self, "text")


class Text(BlockKind):
    """A heading and some paragraphs. Addresses and topics in it become links."""

    name = "text"
    label = _l("Text")
    hint = _l("A heading and paragraphs; a blank line begins a new one.")
    icon = "notes"
    form = TextForm
    template = "campaigns/pages/kinds/text.html"

    def summary(self, block: Block) -> str:
        return str(block.said("title") or block.said("text"))


class QuestionForm(PlainForm):
    """One question with its answer. One without words is left out."""

    Meta = StorableMeta

    question_zh = StringField(_l("Question in Chinese"), validators=[Length(max=200)])
    question_en = StringField(_l("Question in English"), validators=[Length(max=200)])
    answer_zh = TextAreaField(_l("Answer in Chinese"), validators=[Length(max=2000)])
    answer_en = TextAreaField(_l("Answer in English"), validators=[Length(max=2000)])

    @property
    def is_empty(self) -> bool:
        return not any((field.data or "").strip() for field in self)


class QuestionsForm(BlockForm):
    title_zh, title_en = words(_l("Heading"), most=120)
    lines = FieldList(FormField(QuestionForm), label=_l("Questions"), max_entries=MOST_QUESTIONS)

    def validate_lines(self, field: Any) -> None:
        filled = [line.form for line in field if not line.form.is_empty]
        if not filled:
            raise ValidationError(_l("Write at least one question with its answer."))
        for form in filled:
            if not (form.question_zh.data or form.question_en.data) or not (form.answer_zh.data or form.answer_en.data):
                raise ValidationError(_l("Every question needs an answer, and every answer its question."))

    def content(self) -> dict[str, Any]:
        kept = super().content()
        kept["lines"] = [line for line in kept["lines"] if any(line.values())]
        return kept

    def make_room(self) -> None:
        for _line in range(min(2, MOST_QUESTIONS - len(self.lines))):
            self.lines.append_entry()


class Questions(BlockKind):
    """What people ask, each question opening its answer."""

    name = "questions"
    label = _l("Questions")
    hint = _l("Questions that come again and again, each with its answer.")
    icon = "help-circle"
    form = QuestionsForm
    template = "campaigns/pages/kinds/questions.html"
    starts_with: ClassVar[Mapping[str, Any]] = {"lines": []}

    def read(self, blocks: Sequence[Block], scene: Scene) -> Mapping[str, Mapping[str, Any]]:
        return {
            block.id: {"lines": [(said(line, "question"), said(line, "answer")) for line in block.fields["lines"]]}
            for block in blocks
        }

    def summary(self, block: Block) -> str:
        return (
            str(block.said("title"))
            or ", ".join(str(said(line, "question")) for line in block.fields.get("lines", ())[:2])
            or _("Questions")
        )
