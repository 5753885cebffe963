"""The badges with which a fresh circle begins: for taking part, never for praise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from commons.db import db
from commons.i18n import Words
from community.loyalty.badges.models import Badge


@dataclass(frozen=True)
class Usual:
    code: str
    name: Words
    words: Words
    motif: str
    tone: str
    kind: str
    times: int
    days: int = 1
    in_a_row: bool = False


USUAL = (
    Usual(
        "first_words", Words("开口茶", "First words"), Words("两天里说了三回话", "Spoke three times on two days"),
        "bubble", "vermilion", "interaction.comment", 3, 2,
    ),
    Usual(
        "seven_days", Words("七日不断", "Seven days"), Words("连着七天都来过", "Came by on seven days in a row"),
        "flame", "amber", "circle.checked_in", 7, 7, True,
    ),
    Usual(
        "full_moon", Words("满月之约", "Full moon"), Words("来过三十个不同的日子", "Came by on thirty different days"),
        "moon", "indigo", "circle.checked_in", 30, 30,
    ),
    Usual(
        "storyteller", Words("好谈客", "Storyteller"), Words("常有话说，也常有人听", "Often has something to say"),
        "cup", "tea", "interaction.comment", 30, 10,
    ),
    Usual(
        "bridge", Words("引路人", "Guide"), Words("十次有人循着分享而来", "Ten times somebody followed what was shared"),
        "chain", "indigo", "link.visited", 10, 2,
    ),
    Usual(
        "together", Words("一起拼", "Together"), Words("三次与别人一起拼团", "Joined in with others three times"),
        "people", "plum", "group_buy.joined", 3,
    ),
    Usual(
        "doer", Words("说到做到", "Doer"), Words("完成了五项任务", "Fulfilled five missions"),
        "seal", "vermilion", "mission.fulfilled", 5,
    ),
)  # fmt: skip


def prepare(at: datetime) -> None:
    """Make the badges that are missing. Safe to repeat; what people have changed stays."""
    known = set(db.session.scalars(select(Badge.code)))
    for usual in USUAL:
        if usual.code not in known:
            db.session.add(_badge(usual, at))
    db.session.flush()


def _badge(usual: Usual, at: datetime) -> Badge:
    return Badge(
        code=usual.code, name=usual.name, words=usual.words, motif=usual.motif, tone=usual.tone, event_kind=usual.kind,
        times=usual.times, days=usual.days, in_a_row=usual.in_a_row, created_at=at,
    )  # fmt: skip
