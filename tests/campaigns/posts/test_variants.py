"""One text, and what is said otherwise on each channel: saving it, what is fixed, who is told, going back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from campaigns.links.making import destination, link_on, make_link
from campaigns.posts.drafts import Draft, Edited, content_of
from campaigns.posts.models import BrandPost, PostVersion
from campaigns.posts.standing import standing
from campaigns.posts.versions import versions_of
from campaigns.posts.writing import Fixed, Stale, add_picture, go_back, save
from campaigns.publishing import scheduling
from campaigns.publishing.content import outgoing_of
from campaigns.publishing.models import DeliveryState
from campaigns.publishing.scheduling import NotReady
from commons.accounts.models import User
from commons.db import db
from commons.errors import Invalid
from community.channels.accounts import circle_account
from community.channels.models import ChannelAccount
from tests.campaigns.posts.factories import make_picture, make_post
from tests.campaigns.posts.planner.factories import a_campaign, an_account
from tests.factories import make_staff

SOON = timedelta(hours=3)


@pytest.fixture
def mastodon(app: Flask, at: datetime) -> ChannelAccount:
    return an_account("mastodon")


@pytest.fixture
def told(app: Flask) -> Iterator[list[BrandPost]]:
    """The posts of which somebody was told that what is sent has changed."""
    heard: list[BrandPost] = []
    plug = scheduling.changed.plug(lambda post, _by, _at: heard.append(post))
    yield heard
    scheduling.changed._plugs.remove(plug)


def post_on(author: User, at: datetime, *accounts: ChannelAccount, **edited: object) -> BrandPost:
    """A post on the circle and further accounts; `edited` is said otherwise on the first of those."""
    variants = {circle_account(): Edited()}
    variants |= {account: Edited(**(edited if account is accounts[0] else {})) for account in accounts}  # type: ignore[arg-type]
    return make_post(author, text="大家的话", variants=variants)


def wall_clock(at: datetime) -> datetime:
    return (at + SOON).replace(tzinfo=None)


def test_what_is_not_edited_follows_and_what_is_edited_stays(
    author: User, at: datetime, mastodon: ChannelAccount
) -> None:
    post = post_on(author, at, mastodon, text="只在那里")
    draft = Draft("新的话", more=["第二"], content_warning="剧透")
    save(post, draft, revision=1, by=author, at=at)
    there, here = outgoing_of(post, mastodon, at), outgoing_of(post, circle_account(), at)
    assert (there.text, here.text) == ("只在那里", "新的话")
    assert [part.text for part in there.more] == ["第二"]
    assert there.content_warning == "剧透"
    save(post, Draft("新的话", variants={mastodon: Edited()}), revision=2, by=author, at=at)
    assert outgoing_of(post, mastodon, at).text == "新的话"
    assert [variant.account for variant in post.variants] == [mastodon]


def test_edited_to_nothing_is_left_out_and_not_followed(author: User, at: datetime, mastodon: ChannelAccount) -> None:
    post = post_on(author, at, mastodon, first_comment="", more=[])
    save(post, Draft("话", first_comment="链接在这里", more=["第二"]), revision=1, by=author, at=at)
    assert (outgoing_of(post, mastodon, at).first_comment, outgoing_of(post, mastodon, at).more) == ("", ())


def test_a_conflict_on_a_variant_is_a_conflict(author: User, at: datetime, mastodon: ChannelAccount) -> None:
    post = post_on(author, at, mastodon)
    save(post, Draft("大家的话", variants={mastodon: Edited(text="一")}), revision=1, by=author, at=at)
    with pytest.raises(Stale):
        save(post, Draft("大家的话", variants={mastodon: Edited(text="二")}), revision=1, by=author, at=at)


def test_an_account_on_which_it_is_planned_is_not_dropped_by_a_save(
    author: User, at: datetime, mastodon: ChannelAccount
) -> None:
    post = post_on(author, at, mastodon, text="只在那里")
    scheduling.schedule_all(post, wall_clock(at), "UTC", by=author, at=at)
    save(post, Draft("改了", variants={}), revision=1, by=author, at=at)
    assert {variant.account for variant in post.variants} == {circle_account(), mastodon}
    assert outgoing_of(post, mastodon, at).text == "只在那里"


def test_what_is_out_no_longer_changes_and_the_other_channel_still_does(
    author: User, at: datetime, mastodon: ChannelAccount
) -> None:
    post = post_on(author, at, mastodon)
    here, there = scheduling.schedule_all(post, wall_clock(at), "UTC", by=author, at=at)
    here.state, there.state = DeliveryState.PUBLISHED, DeliveryState.FAILED
    db.session.flush()
    with pytest.raises(Fixed):
        save(post, Draft("改了"), revision=1, by=author, at=at)
    wanted = {circle_account(): Edited(), mastodon: Edited(text="短一点")}
    assert save(post, Draft("大家的话", variants=wanted), revision=1, by=author, at=at)
    scheduling.schedule_all(post, wall_clock(at), "UTC", by=author, at=at)
    assert (here.state, there.state) == (DeliveryState.PUBLISHED, DeliveryState.SCHEDULED)


def test_whoever_has_to_know_is_told_when_what_is_sent_changes_and_only_then(
    author: User, at: datetime, mastodon: ChannelAccount, told: list[BrandPost]
) -> None:
    post = post_on(author, at, mastodon)
    save(post, Draft("还没排"), revision=1, by=author, at=at)
    assert told == []
    scheduling.schedule_all(post, wall_clock(at), "UTC", by=author, at=at)
    told.clear()
    save(post, Draft("还没排", notes="给小周看"), revision=2, by=author, at=at)
    assert told == []
    save(post, Draft("排了又改"), revision=3, by=author, at=at)
    add_picture(post, make_picture(), at=at, by=author)
    assert told == [post, post]


def test_all_accounts_are_planned_or_none_and_each_says_what_it_lacks(
    author: User, at: datetime, mastodon: ChannelAccount
) -> None:
    post = post_on(author, at, mastodon, text="长" * 501)
    with pytest.raises(NotReady) as refusal:
        scheduling.schedule_all(post, wall_clock(at), "UTC", by=author, at=at)
    assert len(refusal.value.missing) == 1
    assert mastodon.name in refusal.value.missing[0]
    assert scheduling.delivery_of(post, circle_account()) is None


def test_a_post_that_goes_nowhere_is_not_planned(author: User, at: datetime) -> None:
    post = make_post(author, variants={})
    with pytest.raises(Invalid):
        scheduling.publish_all(post, "UTC", by=author, at=at)


def test_what_one_person_saves_within_five_minutes_is_one_version(author: User, at: datetime) -> None:
    post = make_post(author, text="一")
    for number, minutes in enumerate((1, 4, 6)):
        save(post, Draft(f"第{number}稿"), revision=post.revision, by=author, at=at + timedelta(minutes=minutes))
    save(post, Draft("小周的"), revision=post.revision, by=make_staff(name="小周"), at=at + timedelta(minutes=7))
    assert [version.content["text"] for version in versions_of(post)] == ["小周的", "第2稿", "第1稿"]


def test_going_back_brings_all_of_it_and_keeps_what_was_left(
    author: User, at: datetime, mastodon: ChannelAccount
) -> None:
    post = post_on(author, at, mastodon, text="只在那里")
    add_picture(post, make_picture(), at=at, by=author)
    before = content_of(post)
    first = db.session.scalars(select(PostVersion)).one()
    later = at + timedelta(minutes=1)
    colleague = make_staff(name="小周")
    save(post, Draft("全改了", more=["二"], variants={mastodon: Edited()}), revision=1, by=colleague, at=later)
    assert go_back(post, first, revision=2, by=colleague, at=later)
    assert content_of(post) == before
    assert not go_back(post, first, revision=post.revision, by=colleague, at=later)
    assert [version.content["text"] for version in versions_of(post)] == ["大家的话", "全改了", "大家的话"]


@pytest.mark.parametrize(
    ("states", "whole"),
    [
        ([], "draft"),
        (["published", "published"], "published"),
        (["published", "draft"], "published"),
        (["published", "failed"], "failed"),
        (["scheduled", "unknown"], "unknown"),
        (["cancelled", "draft"], "draft"),
        (["cancelled"], "cancelled"),
        (["scheduled", "in_review"], "in_review"),
    ],
)
def test_a_post_stands_where_it_most_needs_to_be_seen(states: list[str], whole: str) -> None:
    assert standing(map(DeliveryState, states)) is DeliveryState(whole)


def test_a_link_is_tagged_with_channel_and_campaign_and_is_the_same_each_time(
    author: User, at: datetime, mastodon: ChannelAccount
) -> None:
    link = make_link("https://example.org/tea?x=1", by=author, at=at, campaign=a_campaign(author, at, "春茶"))
    tagged = link_on(link, mastodon, at)
    assert destination(tagged) == (
        "https://example.org/tea?x=1&utm_source=mastodon&utm_medium=social&utm_campaign=%E6%98%A5%E8%8C%B6"
    )
    assert link_on(link, mastodon, at) is tagged
    assert link_on(link, circle_account(), at) is link
