"""What a fan hands in as proof of a share."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, String, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.planning.models import Mission
from commons.accounts.models import User
from commons.db import Model, Public, index_of_filled, word_enum
from commons.media.models import Picture
from commons.permissions import Permission
from community.inbox.models import EXTERNAL_ID_LENGTH
from community.members.models import Member


class Outcome(enum.StrEnum):
    """What became of a proof: nobody has looked yet, the network itself showed it, somebody confirmed or refused it."""

    DECLARED = "declared"
    PROVEN = "proven"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class ShareProof(Public, Model):
    """An address of a post on a network, or a picture of one. `mark` is the address in its one spelling: nobody hands in what
    somebody else has handed in for the mission. `post_id` is the network's own id of the post, as far as the address has it.
    """

    __tablename__ = "share_proof"
    __table_args__ = (
        index_of_filled("uq_share_proof_mark", "mark", "mission_id", unique=True),
        Index("ix_share_proof_mission_id_outcome", "mission_id", "outcome", "id"),
        CheckConstraint("outcome <> 'refused' OR reason <> ''", name="says_why"),
    )

    mission_id: Mapped[int] = mapped_column(ForeignKey("mission.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    address: Mapped[str] = mapped_column(String(500), default="")
    mark: Mapped[str | None] = mapped_column(String(500))
    post_id: Mapped[str | None] = mapped_column(String(EXTERNAL_ID_LENGTH), index=True)
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("picture.id"))
    outcome: Mapped[Outcome] = mapped_column(word_enum(Outcome), default=Outcome.DECLARED)
    reason: Mapped[str] = mapped_column(String(300), default="")
    handed_in_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    mission: Mapped[Mission] = relationship()
    member: Mapped[Member] = relationship()
    picture: Mapped[Picture | None] = relationship()
    decided_by: Mapped[User | None] = relationship()

    @classmethod
    def visible_to(cls, user: User) -> Select[ShareProof]:
        may = user.is_authenticated and user.can(Permission.CAMPAIGN_READ)
        return select(cls) if may else select(cls).where(false())
