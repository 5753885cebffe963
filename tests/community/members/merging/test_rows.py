"""Room by room: what becomes of its rows at a merge and at a split, most of all where both selves have one."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select

from campaigns.groupbuys import joining as seats
from campaigns.groupbuys.joining import seat_of
from campaigns.links import making
from campaigns.links.counting import write_visits
from commons.db import db
from commons.events import Event
from commons.i18n import Words
from commons.permissions import Role
from community.circle import commenting
from community.circle.interests import joining as circles
from community.circle.interests.joining import membership_of
from community.circle.interests.models import InterestCircle, Membership
from community.inbox.models import Interaction
from community.loyalty.badges import cabinet, declaring
from community.loyalty.badges.declaring import Draft
from community.loyalty.badges.deserving import Terms
from community.loyalty.ranking import boards
from community.members.models import Member
from community.members.roster import handle_of
from community.members.tags import naming, tagging
from community.notices.capping import claim
from tests.campaigns.factories import make_offer, visit
from tests.community.circle.interests.factories import make_circle
from tests.community.loyalty.factories import comment
from tests.community.members.merging.factories import has, make_clerk, merge, split
from tests.factories import NOON, make_circle_post, make_fan, make_staff

DAY = timedelta(days=1)


def two() -> tuple[Member, Member]:
    return make_fan("小满"), make_fan("小满在微博")


def place_of(circle: InterestCircle, member: Member) -> tuple[datetime, datetime | None] | None:
    """Since when the member belongs to the circle, and since when no more; None: never."""
    query = select(Membership.joined_at, Membership.left_at).where(Membership.circle_id == circle.id)
    found = db.session.execute(query.where(Membership.member_id == member.id)).one_or_none()
    return (found[0], found[1]) if found is not None else None


def test_one_place_in_a_circle_remains_since_the_earlier_day(app: Flask) -> None:
    (kept, other), circle, clerk = two(), make_circle(), make_clerk()
    circles.join(circle, other, NOON)
    circles.join(circle, kept, NOON + DAY)

    merged = merge(kept, other, clerk, NOON + 2 * DAY)
    together = place_of(circle, kept), place_of(circle, other)
    split(merged, clerk, NOON + 3 * DAY)

    assert together == ((NOON, None), (NOON, NOON + 2 * DAY))
    assert (place_of(circle, kept), place_of(circle, other)) == ((NOON + DAY, None), (NOON, None))


def test_a_place_of_which_only_the_other_has_one_goes_along(app: Flask) -> None:
    (kept, other), circle, clerk = two(), make_circle(), make_clerk()
    circles.join(circle, other, NOON)

    merged = merge(kept, other, clerk)
    assert membership_of(circle, kept) is not None
    assert membership_of(circle, other) is None

    split(merged, clerk)
    assert membership_of(circle, kept) is None
    assert membership_of(circle, other) is not None


def test_what_the_person_changed_since_is_not_put_back(app: Flask) -> None:
    (kept, other), circle, clerk = two(), make_circle(), make_clerk()
    circles.join(circle, kept, NOON)
    circles.join(circle, other, NOON)
    merged = merge(kept, other, clerk, NOON + DAY)
    circles.leave(circle, kept, NOON + 2 * DAY)

    split(merged, clerk, NOON + 3 * DAY)

    place = place_of(circle, kept)
    assert place is not None
    assert place[1] == NOON + 2 * DAY


def test_two_seats_in_one_group_buy_go_on_counting(app: Flask, at: object) -> None:
    (kept, other), offer, clerk = two(), make_offer(), make_clerk()
    seats.join(offer, kept, NOON)
    seats.join(offer, other, NOON)

    merge(kept, other, clerk)
    db.session.refresh(offer)
    seats.leave(offer, kept, NOON)

    db.session.refresh(offer)
    mine, theirs = seat_of(offer, kept), seat_of(offer, other)
    assert mine is not None
    assert theirs is not None
    assert (mine.left_at, theirs.left_at) == (NOON, None)
    assert offer.taken == 1


def test_a_seat_that_stands_comes_before_one_given_back(app: Flask, at: object) -> None:
    (kept, other), offer, clerk = two(), make_offer(), make_clerk()
    seats.join(offer, kept, NOON)
    seats.leave(offer, kept, NOON)
    seats.join(offer, other, NOON + DAY / 24)

    merged = merge(kept, other, clerk, NOON + DAY)
    mine = seat_of(offer, kept)
    assert mine is not None
    assert mine.left_at is None
    split(merged, clerk, NOON + DAY)

    mine, theirs = seat_of(offer, kept), seat_of(offer, other)
    assert mine is not None
    assert theirs is not None
    assert (mine.left_at, theirs.left_at) == (NOON, None)


def test_both_personal_links_of_one_post_lead_to_the_kept_one(app: Flask, at: object) -> None:
    (kept, other), post, clerk = two(), make_circle_post(), make_clerk()
    mine, theirs = making.personal_link(kept, post, NOON), making.personal_link(other, post, NOON)
    merge(kept, other, clerk)

    write_visits([visit(mine, visitor="one"), visit(theirs, visitor="two")])

    came = db.session.query(Event).filter_by(kind="link.visited").all()
    assert [fact.member_id for fact in came] == [kept.id, kept.id]
    assert making.personal_link(kept, post, NOON) is mine


def test_opening_the_link_of_ones_other_self_is_no_visit(app: Flask, at: object) -> None:
    (kept, other), post, clerk = two(), make_circle_post(), make_clerk()
    theirs = making.personal_link(other, post, NOON)
    merge(kept, other, clerk)
    assert other.user is not None

    write_visits([visit(theirs, visitor="me", user_id=other.user.id)])

    assert db.session.query(Event).filter_by(kind="link.visited").all() == []


def test_a_tag_of_either_is_the_persons(app: Flask, at: object) -> None:
    (kept, other), clerk = two(), make_clerk()
    shared, own = naming.named("老茶客", by=clerk, at=NOON), naming.named("上海", by=clerk, at=NOON)
    tagging.put_on(shared, [kept.id, other.id], by=clerk, at=NOON)
    tagging.put_on(own, [other.id], by=clerk, at=NOON)

    merged = merge(kept, other, clerk)
    together = tagging.tags_of([kept.id])[kept.id]
    split(merged, clerk)
    apart = tagging.tags_of([kept.id, other.id])

    assert set(together) == {shared, own}
    assert (set(apart[kept.id]), set(apart[other.id])) == ({shared}, {shared, own})


def test_a_badge_that_only_both_together_deserve_goes_when_they_part(app: Flask) -> None:
    (kept, other), clerk = two(), make_clerk()
    draft = Draft(
        Words("三言", "Three"), Words("三回", "Thrice"), "bubble", "tea", "interaction.comment", Terms(times=3)
    )
    badge = declaring.declare(draft, by=make_staff(Role.CAMPAIGN_LEAD), at=NOON)
    comment(kept, NOON)
    comment(other, NOON)
    comment(other, NOON + DAY)

    merged = merge(kept, other, clerk, NOON + DAY)
    together = [award.badge_id for award in cabinet.awards_of(kept) if award.revoked_at is None]
    split(merged, clerk, NOON + DAY)

    assert badge.id in together
    assert badge.id not in [award.badge_id for award in cabinet.awards_of(kept) if award.revoked_at is None]


def test_who_did_not_want_to_stand_on_boards_under_either_name_does_not(app: Flask) -> None:
    (kept, other), clerk = two(), make_clerk()
    boards.stay_away(other, NOON)

    merged = merge(kept, other, clerk)
    together = boards.is_away(kept)
    split(merged, clerk)

    assert together
    assert (boards.is_away(kept), boards.is_away(other)) == (False, True)


def test_what_went_out_to_either_counts_under_the_one_cap(app: Flask, at: object) -> None:
    (kept, other), clerk = two(), make_clerk()
    morning = NOON.replace(hour=2)
    assert claim(kept, morning)
    assert claim(other, morning + DAY)

    merged = merge(kept, other, clerk, morning + DAY)
    assert not claim(kept, morning + DAY)
    split(merged, clerk, morning + DAY)

    assert claim(kept, morning + DAY)
    assert not claim(other, morning + DAY)


def test_ones_words_under_the_other_name_can_still_be_withdrawn(app: Flask, at: object) -> None:
    (kept, other), post, clerk = two(), make_circle_post(), make_clerk()
    commenting.say(post, handle_of(other), "好茶", NOON, key="once")
    merge(kept, other, clerk)
    said = db.session.query(Interaction).filter_by(author_id=handle_of(other).id).one()
    before = has(kept)

    commenting.withdraw(said, handle_of(kept), NOON + DAY)

    assert before == [(5, 5)]
    assert has(kept) == [(0, 0)]
