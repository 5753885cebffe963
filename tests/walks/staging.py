"""What the demo brand has not lived through, so that its pages can be looked at too: all of it comes about through the verbs
that people use. Each function says under which name the walk finds the address.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from sqlalchemy import select

from campaigns.approval import reviewing
from campaigns.approval.models import ApprovalRequest, ApprovalRoute
from campaigns.demo import invitations, rewards, story
from campaigns.draws import writing as draws
from campaigns.draws.models import Draw, Eligibility, Jurisdiction, Source
from campaigns.groupbuys import joining, offering
from campaigns.groupbuys.models import GroupBuy
from campaigns.links.conversions.importing import orders_in
from campaigns.pages import sharing
from campaigns.pages.experiments.models import Experiment
from campaigns.pages.models import CampaignPage
from campaigns.parcels.importing import parcels_in
from campaigns.participation.exclusions.models import Exclusion
from campaigns.participation.scanning import codes
from campaigns.participation.scanning.models import ScanPlace, Sort
from campaigns.payments.models import Payment, Receipt
from campaigns.payments.sandbox import site
from campaigns.payments.tables.importing import paid_orders
from campaigns.planning.models import Campaign, Mission, MissionKind
from campaigns.planning.sections import SECTIONS
from campaigns.posts import snippets
from campaigns.posts.exchange.importing import posts_in
from campaigns.posts.models import BrandPost, SnippetKind
from campaigns.posts.writing import Draft, begin, save
from campaigns.publishing import holding
from campaigns.publishing.holding import Scope
from campaigns.publishing.models import Delivery, DeliveryState
from commons import clock, zones
from commons.accounts import inviting, mailed, signing_up
from commons.accounts.mailed import Purpose
from commons.accounts.models import User
from commons.db import db, random_id
from commons.i18n import Words
from commons.money import Money
from commons.permissions import Role
from community.channels.accounts import circle_account
from community.channels.models import ChannelAccount
from community.circle.interests import measures
from community.circle.interests.models import CirclePost, InterestCircle
from community.inbox.incoming import Incoming
from community.inbox.models import InteractionKind
from community.inbox.receiving import receive
from community.loyalty.books import reconciling
from community.members import roster
from community.members.models import Member
from community.members.profiles import asking
from community.members.profiles.models import Guardianship
from community.members.tags.models import TagRun
from community.notices.letters import stop_token
from community.reviews import standard
from community.reviews.models import Kind, State, Submission
from community.rewards.shop import redeeming
from community.rewards.shop.models import Reward
from community.seed_users.models import InvitationCode, SeedUser

Addresses = Mapping[str, str]
A_STRANGERS_NAME = "路过的茶客"


def stage() -> Addresses:
    """Live through it, and say where each of it is to be seen; the caller commits."""
    at = clock.now()
    return {
        **mails(at),
        **in_the_circle(at),
        **among_members(at),
        **among_seed_users(at),
        **at_the_reviewers_desk(at),
        **planned(at),
        **in_campaigns(),
        **paying(at),
        **taking_part(at),
        **tables(at),
    }


def mails(at: datetime) -> Addresses:
    """What stands in mails: each of these links is known to nobody but who has the mail."""
    fan, admin = _user("fan20"), _user("zhouyan")
    late = signing_up.sign_up("晚了一步", "late@example.org", "a good long passphrase", "zh_Hans", story.ZONE, at)
    new = signing_up.sign_up("刚到的人", "new@example.org", "a good long passphrase", "zh_Hans", story.ZONE, at)
    request = db.session.scalars(select(ApprovalRequest).order_by(ApprovalRequest.id)).first()
    assert request is not None
    asking.name(_member("fan59"), "parent@example.org", at)
    guardianship = db.session.scalars(select(Guardianship).where(Guardianship.email != "")).one()
    confirming, too_late = (mailed.issue(user, Purpose.CONFIRM, at) for user in (new, late))
    mailed.void(late, Purpose.CONFIRM, at)
    end = at + timedelta(days=2)
    link = reviewing.invite(request, "包装厂的老陈", "", end, by=_user("guan"), at=at)
    return {
        "a mail that confirms": url_for("accounts.confirm", token=confirming),
        "a mail that is too old": url_for("accounts.confirm", token=too_late),
        "a mail about a password": url_for("accounts.reset", token=mailed.issue(fan, Purpose.RESET, at)),
        "a mail about an address": url_for(
            "accounts.new_address", token=mailed.issue(fan, Purpose.ADDRESS, at, email="other@example.org")
        ),
        "a mail to a colleague": url_for(
            "accounts.invitation", token=inviting.invite("xin@example.org", Role.SERVICE_AGENT, admin, at)
        ),
        "a mail with news": url_for("notices.stop", token=stop_token(_member("fan20"))),
        "a mail to a guardian": url_for("guardians.show", token=asking.token_of(guardianship)),
        "a mail to a reviewer": url_for("review.show", token=link),
    }


def in_the_circle(at: datetime) -> Addresses:
    """The fan has redeemed a glass of tea, and is muted in one interest circle; in another one a post was removed, and its author appeals."""
    slowly, tables, road = db.session.scalars(select(InterestCircle).order_by(InterestCircle.id)).all()
    house, fan = roster.staff_handle(_user("linxia"), at), _member("xiaoman")
    reason = "连着三次把别人的问题打断，提醒过两次。"
    redeeming.redeem(_reward(rewards.CUP), fan, cost=15, token="staged", at=at)
    mute = measures.mute(road, fan, rule=1, reason=reason, days=3, by=house, at=at)
    answers = select(CirclePost).where(CirclePost.circle == slowly, CirclePost.parent_id.is_not(None))
    said = db.session.scalars(answers.order_by(CirclePost.id.desc())).all()
    post = next(one for one in said if one.author.member not in (None, fan))
    removal = measures.remove(post, rule=2, reason="这张图是别人的，没有写出处。", by=house, at=at)
    measures.appeal(removal, "图是我自己拍的，原图还在手机里。", at)
    return {
        "a circle where the fan is muted": url_for("interests.circle", public_id=road.public_id),
        "a mute": url_for("interests.measure", public_id=mute.public_id),
        "a circle where somebody appeals": url_for("interests.order", public_id=slowly.public_id),
        "a circle whose host the fan is": url_for("interests.order", public_id=tables.public_id),
        "somebody else": url_for("people.person", public_id=_member("fan06").public_id),
    }


def among_members(at: datetime) -> Addresses:
    """Somebody who is no member comments on a network; nothing else is new here."""
    fan, elsewhere = _member("xiaoman"), select(ChannelAccount).where(ChannelAccount.channel == "handoff")
    said = Incoming("passing", InteractionKind.COMMENT, "77", A_STRANGERS_NAME, at, "茶不错。")
    receive(db.session.scalars(elsewhere).one(), [said], at)
    card = select(Member).where(Member.card_public.is_(True)).order_by(Member.id)
    run = db.session.scalars(select(TagRun).order_by(TagRun.id)).first()
    shown = db.session.scalars(card).first() or fan
    shown.card_public = True
    assert run is not None
    return {
        "the fan": url_for("members.profile", public_id=fan.public_id),
        "a card": url_for("circle.card", public_id=shown.public_id),
        "a search for another self": url_for("merging.search", public_id=fan.public_id, name="山"),
        "a search for a handle": url_for("merging.handles", public_id=fan.public_id, name=A_STRANGERS_NAME),
        "a tag put on many": url_for("tags.run", public_id=run.public_id),
        "an earlier night": url_for("ledger.reconciliation", night=reconciling.nights()[3].checked_at.isoformat()),
        "somebody to be named": url_for("seed_users.new", public_id=_member("fan20").public_id),
    }


def among_seed_users(at: datetime) -> Addresses:
    """Codes, one of which leads nowhere any more, and two seed users who may be one person."""
    codes = db.session.scalars(select(InvitationCode).order_by(InvitationCode.id)).all()
    seeds = db.session.scalars(select(SeedUser).order_by(SeedUser.id)).all()
    kept, other = seeds[1].member, next(seed.member for seed in seeds if seed.member.name == invitations.ARRIVALS[0][0])
    good = next(code for code in codes if code.state(at).value == "open")
    over = next(code for code in codes if code.state(at).value != "open")
    return {
        "a code": url_for("invitations.look", code=good.code),
        "a code that is over": url_for("invitations.look", code=over.code),
        "two seed users": url_for("merging.look", public_id=kept.public_id, other_id=other.public_id),
    }


def at_the_reviewers_desk(at: datetime) -> Addresses:
    """The next version of the standard is being written."""
    standard.begin(at)
    published = select(Submission).where(Submission.state == State.PUBLISHED, Submission.kind == Kind.PICTURES)
    shared = db.session.scalars(published.order_by(Submission.id)).first()
    assert shared is not None
    return {"a review that is published": url_for("reviews.item", public_id=shared.public_id)}


def planned(at: datetime) -> Addresses:
    """A draft of a draw, a template, and a hold on an account; what is planned and what is out is there already."""
    author, lead = _user("linxia"), _user("xuqiao")
    snippets.make(SnippetKind.TEMPLATE, "新茶到店", "{茶名}到店了，来喝第一泡。", by=author, at=at)
    held = db.session.scalars(select(ChannelAccount).where(ChannelAccount.id != circle_account().id)).one()
    holding.begin(Scope.ACCOUNT, "账号正在改名，先停一停。", by=author, at=at, account=held)
    waits, out = (_delivery(state) for state in (DeliveryState.SCHEDULED, DeliveryState.PUBLISHED))
    posts = select(BrandPost).where(BrandPost.is_pattern.is_(False)).order_by(BrandPost.id.desc())
    post, route = db.session.scalars(posts).first(), db.session.scalars(select(ApprovalRoute)).first()
    over = db.session.scalars(select(Draw).where(Draw.drawn_at.is_not(None))).first()
    assert post is not None
    assert route is not None
    assert over is not None
    assert waits.due_at is not None
    item = f"{waits.public_id}@{int(waits.due_at.timestamp())}"
    return {
        "a draft of a group buy": url_for("groupbuys.show", public_id=_offered(lead, at).public_id),
        "a post that was changed": url_for("posts.history", public_id=_changed(author, lead, at).public_id),
        "an account elsewhere": url_for("channels.begin_again", public_id=held.public_id),
        "a draft of a draw": url_for("draws.show", public_id=_drafted(lead, at).public_id),
        "a draw that is over": url_for("draws.show", public_id=over.public_id),
        "a draft that wants a picture": url_for("library.pick", public_id=post.public_id),
        "a draft that wants a time": url_for("posts.next_slot", public_id=post.public_id),
        "a route": url_for("approval.planned", public_id=route.public_id),
        "a planned post": url_for("posts.entry", item=item),
        "a planned post that is out": url_for("publishing.show", public_id=out.public_id),
    }


def in_campaigns() -> Addresses:
    """A plan, a campaign under way and a written page, as the demo brand has them; the page's draft is shared."""
    campaigns = db.session.scalars(select(Campaign).order_by(Campaign.id)).all()
    plan = next(one for one in campaigns if one.launched_at is None)
    runs = next(one for one in campaigns if one.launched_at is not None and one.ended_at is None)
    here = f"/planning/{plan.public_id}"
    written = db.session.scalars(
        select(CampaignPage).join(Experiment, Experiment.campaign_id == CampaignPage.campaign_id)
    ).one()
    _share, secret = sharing.share(written, 3, by=_user("xuqiao"), at=clock.now())
    parts = {f"the {name} of a plan": f"{here}/{name}" for name in SECTIONS}
    return parts | {
        "the edit of a plan": f"{here}/edit",
        "the launch of a plan": f"{here}/launch",
        "a campaign under way": url_for("control.show", public_id=runs.public_id),
        "the page of a campaign": url_for("pages.editor", public_id=written.campaign.public_id),
        "a draft that was shared": url_for("pages.shared", secret=secret),
        "what the rules say of a campaign": url_for("compliance.show", public_id=plan.public_id),
        "whom a fan brought": url_for("chains.of_member", public_id=_member("xiaoman").public_id),
    }


def taking_part(at: datetime) -> Addresses:
    """The campaign with a mission of every kind, as the demo brand has it: for the team, for fans, for one who is kept out."""
    asks = db.session.scalars(select(Mission).where(Mission.kind == MissionKind.ANSWER.value)).one()
    campaign = asks.campaign
    kinds = {one.kind: url_for("mission.show", public_id=one.public_id) for one in campaign.missions}
    place = db.session.scalars(select(ScanPlace).where(ScanPlace.sort == Sort.ROTATING)).one()
    out, key = db.session.scalars(select(Exclusion)).one(), campaign.public_id
    return {
        "a mission to hand in works": kinds["submit"],
        "a mission to answer": kinds["answer"],
        "a mission to scan": kinds["scan"],
        "a mission to share": kinds["share"],
        "a mission to invite": kinds["invite"],
        "a place with its code": url_for("scanning.arrive", place_id=place.public_id, code=codes.shown(place, at)),
        "a gallery": url_for("entries.show", public_id=key),
        "rules who may take part": url_for("eligibility.show", public_id=key),
        "being kept out": out.url,
        "the missions of a campaign": url_for("missions.index", campaign_id=key),
        "a form of rules": url_for("eligibility.edit", public_id=key),
        "who is kept out": url_for("exclusions.index", public_id=key),
        "accounts of one person": url_for("persons.index", public_id=key),
    }


def paying(at: datetime) -> Addresses:
    """The fan holds a seat that is to be paid for, in an offer of this morning; another one is paid for."""
    offer, fan = _offered(_user("xuqiao"), at, provider=site.NAME), _member("xiaoman")
    offering.open_offer(offer, by=_user("xuqiao"), at=at)
    waiting = joining.join(offer, fan, at).payment
    came = db.session.scalars(select(Receipt).join(Payment).where(Payment.member_id == fan.id)).first()
    assert waiting is not None
    assert came is not None
    return {
        "a seat to pay for": url_for("payments.pay", public_id=waiting.public_id),
        "money that came": url_for("payment_desk.show", public_id=came.payment.public_id),
    }


def tables(at: datetime) -> Addresses:
    """Tables of posts, of orders twice, and of parcel numbers, each with a row that cannot be."""
    author, lead = _user("linxia"), _user("xuqiao")
    words = "text,when\n雨天的第一泡,2031-01-01 10:00\n没有这样的时间,后天\n"
    posts = posts_in.open("下个月.csv", words.encode(), zone=story.ZONE, by=author, at=at)
    orders_in.open("orders.csv", b"order,link,amount\nYJ-1,nowhere,128.00\n", by=lead, at=at)
    paid_orders.open("paid.csv", b"order,reference,amount\nYJ-2,nowhere,128.00\n", by=lead, at=at)
    parcels_in.open("parcels.csv", b"number,tracking\nnowhere,SF1\n", by=lead, at=at)
    return {"a table of posts": url_for("post_tables.look", public_id=posts.public_id)}


def _drafted(lead: User, at: datetime) -> Draw:
    campaign = db.session.scalars(select(Campaign).order_by(Campaign.id.desc())).first()
    assert campaign is not None
    closes, reveals = (zones.to_local(at + timedelta(days=days), story.ZONE) for days in (20, 21))
    wanted = draws.Wanted(
        title="第二轮抽奖", how="再来说一次你的一人茶席。", organiser="云脚茶社", eligibility=Eligibility.TAKING_PART,
        jurisdiction=Jurisdiction.CHINA, source=Source.COMMITTED, closes=closes, draws=reveals, zone=story.ZONE,
        claim_days=7, prizes=[draws.WantedPrize(rewards.STAMPS.zh, 3, Money(2800))],
    )  # fmt: skip
    return draws.write(None, campaign, wanted, by=lead, at=at)


def _offered(lead: User, at: datetime, **more: Any) -> GroupBuy:
    deadline = zones.to_local(at + timedelta(days=6), story.ZONE)
    wanted = offering.Wanted(
        title="雨前龙井 50 克", description="今年最后一批。", picture=None, picture_alt="", price=Money(9800),
        usual_price=Money(12800), needed=10, seats=40, deadline=deadline, zone=story.ZONE, campaign=None, **more,
    )  # fmt: skip
    return offering.write_offer(None, wanted, by=lead, at=at)


def _changed(author: User, colleague: User, at: datetime) -> BrandPost:
    """A draft that one person wrote and another one changed."""
    post = begin(random_id(), by=author, at=at)
    save(post, Draft(text="雨天的第一泡，泡得浓一点。"), revision=0, by=author, at=at)
    save(post, Draft(text="雨天的第一泡，泡得浓一点，慢慢喝。"), revision=post.revision, by=colleague, at=at)
    return post


def _delivery(state: DeliveryState) -> Delivery:
    found = db.session.scalars(select(Delivery).where(Delivery.state == state).order_by(Delivery.id)).first()
    assert found is not None
    return found


def _reward(name: Words) -> Reward:
    return next(one for one in db.session.scalars(select(Reward)) if one.name == name)


def _user(login: str) -> User:
    return db.session.scalars(select(User).where(User.email == f"{login}@{story.DOMAIN}")).one()


def _member(login: str) -> Member:
    return db.session.scalars(select(Member).where(Member.user_id == _user(login).id)).one()
