"""What the numbers of campaigns are read from: counts by stretch of time, and what is not brought into them yet."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from commons.db import BigId, Model, word_enum


class Measure(enum.StrEnum):
    """What is counted. `subject_id` is the mission of facts and fulfilments, the brand's link of visits, the post of visits by
    shares, the goal of what counts for a goal, otherwise 0.

    `joined`: people who took part for the first time. `fact`: facts that count towards a mission. `fulfilled`: missions
    fulfilled. `started`, `finished`: people who have fulfilled one of the missions, and all of them, at the moment when they did.
    `visit`: visits by people through links of the campaign, fans' own links together under 0. `shared`: those of them by which
    somebody came through a fan's link to a post. `goal`: facts that count for a goal of the plan.
    """

    VISIT = "visit"
    SHARED = "shared"
    JOINED = "joined"
    FACT = "fact"
    FULFILLED = "fulfilled"
    STARTED = "started"
    FINISHED = "finished"
    GOAL = "goal"


class Grain(enum.IntEnum):
    """How long a stretch is, in seconds. Minutes are kept for two days; quarters of an hour fit the days of every zone."""

    TOTAL = 0
    MINUTE = 60
    QUARTER = 900


class CampaignCount(Model):
    """So many in a stretch of time that begins at `starts_at` (the epoch for the total)."""

    __tablename__ = "campaign_count"
    __table_args__ = (
        UniqueConstraint(
            "campaign_id", "grain", "starts_at", "measure", "subject_id", name="uq_campaign_count_of_a_stretch"
        ),
    )

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    grain: Mapped[int]
    starts_at: Mapped[datetime]
    measure: Mapped[Measure] = mapped_column(word_enum(Measure))
    subject_id: Mapped[int] = mapped_column(BigId, default=0)
    number: Mapped[int]


class CampaignChange(Model):
    """So many more (or fewer) in a minute: written with what changed, folded into the counts soon after.

    Rows are only added here, so that people who take part at the same moment do not wait for each other.
    """

    __tablename__ = "campaign_change"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    minute: Mapped[datetime]
    measure: Mapped[Measure] = mapped_column(word_enum(Measure))
    subject_id: Mapped[int] = mapped_column(BigId, default=0)
    change: Mapped[int]
