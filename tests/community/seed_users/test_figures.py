"""The figures of influence are counted from what happened, by whom, and not twice."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask

from commons.db import db, random_id
from community.channels.accounts import circle_account
from community.channels.models import ChannelAccount, ChannelPost
from community.circle import commenting
from community.inbox.models import Interaction, InteractionKind
from community.members import roster
from community.members.models import Handle, Member
from community.seed_users.figures import figures_of
from community.seed_users.influence import Figures
from tests.community.seed_users.factories import an_old_hand, come, make_code, make_seed
from tests.factories import make_circle_post, make_fan, make_staff


def say(who: Member, words: str, at: datetime, to: Interaction | None = None) -> Interaction:
    post = to.post if to is not None else make_circle_post(at=at)
    assert post is not None
    return commenting.say(post, roster.handle_of(who), words, at, key=words, reply_to=to)


def figures(member: Member, at: datetime) -> Figures:
    return figures_of({member.id}, at)[member.id]


def test_who_has_done_nothing_has_no_figures(app: Flask, at: datetime) -> None:
    assert figures(make_fan(), at) == Figures(None, 0, 0, 0)


def heard(who: Member, at: datetime, to: Interaction | None = None) -> Interaction:
    """Something that the member said on a channel where answers go deeper than one level."""
    said = Interaction(
        account_id=circle_account().id, external_id=random_id(), kind=InteractionKind.COMMENT, parent=to,
        author=roster.handle_of(who), text="…", occurred_at=at, received_at=at,
    )  # fmt: skip
    db.session.add(said)
    db.session.flush()
    return said


def test_answers_of_others_spread_at_any_depth_and_each_person_counts_once(app: Flask, at: datetime) -> None:
    me, one, two = make_fan("小满"), make_fan("阿树"), make_fan("栗子")
    first = heard(one, at, heard(me, at))
    heard(one, at, heard(me, at, first))
    heard(two, at, first)

    found = figures(me, at + timedelta(minutes=1))

    assert found.spread == 3
    assert found.answered_by == 1


def test_the_brand_and_oneself_are_nobody_who_answers(app: Flask, at: datetime) -> None:
    me, staff = make_fan("小满"), make_staff()
    mine = say(me, "我的茶席", at)
    say(me, "补一张图", at, mine)
    assert mine.post is not None
    commenting.say(mine.post, roster.staff_handle(staff, at), "真好看", at, key="brand", reply_to=mine)

    assert figures(me, at + timedelta(minutes=1)).answered_by == 0


def test_what_is_older_than_the_days_looked_at_does_not_count(app: Flask, at: datetime) -> None:
    me, one = make_fan("小满"), make_fan("阿树")
    say(one, "好看", at, say(me, "我的茶席", at))

    found = figures(me, at + timedelta(days=91))

    assert (found.spread, found.answered_by) == (0, 0)


def test_people_brought_count_for_who_brought_them(app: Flask, at: datetime) -> None:
    me, other = an_old_hand("小满"), an_old_hand("阿树")
    code = make_code(make_seed(me), most=3)
    for name in ("甲", "乙"):
        come(code, name)

    found = figures_of({me.id, other.id}, at + timedelta(minutes=1))

    assert (found[me.id].brought, found[other.id].brought) == (2, 0)


def test_followers_are_as_the_network_told_last(app: Flask, at: datetime) -> None:
    me = make_fan("小满")
    account = ChannelAccount(channel="imported", external_id="u1", name="u1", connected_at=at)
    handle = Handle(channel="imported", external_id="u1", name="小满微博", member_id=me.id, first_seen_at=at)
    db.session.add_all([account, handle])
    db.session.flush()
    for number, followers in enumerate((900, 1200, None)):
        if followers is not None:
            facts = {"author": {"uid": "u1", "followers": followers}}
            db.session.add(
                ChannelPost(account_id=account.id, external_id=f"p{number}", text="", facts=facts,
                            published_at=at + timedelta(days=number), recorded_at=at)
            )  # fmt: skip
    db.session.add(
        ChannelPost(account_id=circle_account().id, external_id="other", text="", published_at=at, recorded_at=at)
    )
    db.session.flush()

    assert figures(me, at + timedelta(days=3)).followers == 1200
    assert figures(make_fan("阿树"), at).followers is None
