"""What becomes of submissions when two members turn out to be one person."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from community.members.merging.moving import Moves
from community.reviews.models import Submission, SubmissionReport


def rules() -> Sequence[Moves]:
    """For every table of the room that names a member."""
    return (
        Moves(Submission.member_id, _l("Submissions")),
        Moves(
            SubmissionReport.member_id,
            _l("Reports of submissions"),
            once_for=(SubmissionReport.submission_id,),
            both=_l("The kept member's report stands."),
        ),
    )
