"""Members to whom things happen through the real verbs, while a note is made of it for the plain judge."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import select, update

from campaigns.groupbuys import joining as seats
from campaigns.groupbuys import settling, stocking
from campaigns.groupbuys.models import GroupBuy
from campaigns.planning.models import Campaign
from commons import clock, events, zones
from commons.db import db
from commons.events import Evidence
from community.loyalty import ledger
from community.loyalty.accounts import balance
from community.loyalty.levels import locking
from community.loyalty.levels.climbing import rank_of
from community.loyalty.models import Currency, Level
from community.members import leaving
from community.members.merging import joining
from community.members.merging.models import Proof
from community.members.models import Handle, Member
from community.members.profiles import allowing, answers
from community.members.profiles.models import Field, Purpose, Way
from community.members.segments import leaving as of_segments
from community.members.tags import tagging
from community.members.tags.models import Tag
from tests.campaigns.factories import SHANGHAI, a_lead, make_campaign, make_offer
from tests.community.loyalty.factories import happen
from tests.community.members.merging.factories import make_clerk
from tests.community.members.segments.drawn import CAMPAIGN, CAST, TAGS, YOUNG
from tests.community.members.segments.judge import RANKS, Person
from tests.factories import make_fan, make_staff

MOST, FEWEST = 8, 2
_numbers = count(1)


class Cast:
    """A few members, and what the judge knows of each. Whoever has left has no more happen to him."""

    def __init__(self) -> None:
        now = clock.now()
        self._members = [
            make_fan(f"粉丝{next(_numbers)}", at=now - timedelta(days=number * 3)) for number in range(CAST)
        ]
        self._people = [Person(member.joined_at) for member in self._members]
        self._offers: list[tuple[int, GroupBuy, datetime]] = []

    def __iter__(self) -> Iterator[tuple[Member, Person]]:
        return iter(zip(self._members, self._people, strict=True))

    def happens(self, verb: str, *what: object) -> None:
        """One of the verbs below, named."""
        if not what or what[0] in range(len(self._members)):
            getattr(self, verb)(*what)

    def a_day_passes(self) -> None:
        clock.set_to(clock.now() + timedelta(days=1))

    def somebody_joins(self) -> None:
        if len(self._members) < MOST:
            self._members.append(make_fan(f"粉丝{next(_numbers)}", at=clock.now()))
            self._people.append(Person(clock.now()))

    def somebody_leaves(self) -> None:
        """The youngest, for good."""
        if len(self._members) > FEWEST:
            member = self._members.pop()
            self._people.pop()
            self._offers = [bought for bought in self._offers if bought[0] < len(self._members)]
            user = member.user
            assert user is not None
            of_segments.erase(user, clock.now())
            leaving.erase(user, clock.now())

    def does(self, who: int, fact: str, hours: int, evidence: Evidence) -> None:
        moment = clock.now() - timedelta(hours=hours)
        happen(fact, self._members[who], moment, evidence, key=_key())
        self._people[who].facts.append((fact, moment, evidence))
        self._read_what_it_gave(who)

    def is_tagged(self, who: int, word: str, is_put_on: bool) -> None:
        tag = db.session.scalars(select(Tag).where(Tag.public_id == word)).one()
        if is_put_on:
            tagging.put_on(tag, [self._members[who].id], by=tag.made_by, at=clock.now())
            self._people[who].tags.add(word)
        else:
            tagging.take_off(tag, [self._members[who].id], at=clock.now())
            self._people[who].tags.discard(word)

    def has_points_moved(self, who: int, amount: int) -> None:
        """What is not there is not spent."""
        if self._people[who].points + amount < 0:
            return
        if amount > 0:
            ledger.earn(self._members[who], Currency.POINTS, amount, key=_key(), at=clock.now())
        else:
            ledger.spend(self._members[who], -amount, key=_key(), at=clock.now())
        self._people[who].points += amount

    def tells(self, who: int, region: str) -> None:
        """Without a region consent is taken back, and with it goes what was told; a child allows nothing any more."""
        member, person = self._members[who], self._people[who]
        if person.is_young:
            return
        if region:
            allowing.give(member.id, Purpose.PROFILE, Way.PROFILE_PAGE, _moment())
            told = {Field.AGE_BAND: [YOUNG]} if region == YOUNG else {Field.REGION: [region]}
            answers.tell(member, told, _moment())
        else:
            allowing.withdraw(member.id, Purpose.PROFILE, Way.PROFILE_PAGE, _moment())
        person.is_young = region == YOUNG
        person.region = "" if person.is_young else region

    def is_known_on(self, who: int, channel: str) -> None:
        """The member turns out to be somebody on a network."""
        name = f"{channel} {next(_numbers)}"
        handle = Handle(channel=channel, external_id=name, name=name, first_seen_at=clock.now())
        db.session.add(handle)
        db.session.flush()
        joining.join_handle(
            handle, self._members[who], by=make_clerk(), at=_moment(), proof=Proof.STAFF, reason="电话里核实"
        )
        self._people[who].channels.add(channel)

    def is_set_on_level(self, who: int, public_id: str) -> None:
        level = db.session.scalars(select(Level).where(Level.public_id == public_id)).one()
        locking.lock(self._members[who], level, reason="一次补偿", until=None, by=make_staff(), at=_moment())
        self._people[who].rank = RANKS[public_id]

    def takes_part(self, who: int, hours: int) -> None:
        """In the campaign, by a mention."""
        member, moment = self._members[who], clock.now() - timedelta(hours=hours)
        campaign_id = db.session.scalars(select(Campaign.id).where(Campaign.public_id == CAMPAIGN)).one()
        events.track("interaction.mention", key=_key(), at=moment, member_id=member.id, campaign_id=campaign_id)
        self._people[who].facts.append(("interaction.mention", moment, Evidence.NETWORK))
        self._people[who].in_campaign.append(moment)
        self._read_what_it_gave(who)

    def buys(self, who: int, hours: int) -> None:
        """A group buy in which the member has the last of three seats came about so many hours ago."""
        settled = clock.now() - timedelta(hours=hours)
        with clock.held(settled - timedelta(hours=1)):
            offer = make_offer(needed=1, seats=3, deadline=zones.to_local(settled, SHANGHAI))
            seats.join(offer, make_fan(f"别人{next(_numbers)}"), clock.now())
            seats.join(offer, self._members[who], clock.now() + timedelta(minutes=1))
        with clock.held(settled):
            settling.settle_due(offer.id, settled)
            settling.conclude_some(offer.id, settled)
        self._people[who].bought.append(settled)
        self._offers.append((who, offer, settled))
        self._read_what_it_gave(who)

    def loses_what_was_bought(self, who: int) -> None:
        """There is less than was promised, and the newest seat of the member goes back."""
        mine = [number for number, bought in enumerate(self._offers) if bought[0] == who]
        if mine:
            _who, offer, settled = self._offers.pop(mine[-1])
            stocking.lower(offer, 1, "路上碎了一组", by=a_lead(), at=clock.now())
            stocking.trim_some(offer.id, clock.now())
            self._people[who].bought.remove(settled)
            self._read_what_it_gave(who)

    def _read_what_it_gave(self, who: int) -> None:
        """What the usual rules give for a fact, and to which level that leads, is not judged here."""
        member, person = self._members[who], self._people[who]
        person.points, person.rank = balance(member, Currency.POINTS), rank_of(member.id)


def make_what_rules_ask_about() -> None:
    """Tags, levels and a campaign with the ids that the rules name; once for all examples, for they share a transaction."""
    for word in TAGS:
        if db.session.scalar(select(Tag.id).where(Tag.public_id == word)) is None:
            db.session.add(Tag(public_id=word, name=word, folded=word, made_by_id=make_staff().id, made_at=clock.now()))
    for public_id, rank in RANKS.items():
        db.session.execute(update(Level).where(Level.rank == rank).values(public_id=public_id))
    if db.session.scalar(select(Campaign.id).where(Campaign.public_id == CAMPAIGN)) is None:
        make_campaign().public_id = CAMPAIGN
    db.session.flush()


def _key() -> str:
    return f"judge:{next(_numbers)}"


def _moment() -> datetime:
    """No two of them are the same: facts about one profile in one moment are one fact."""
    return clock.now() + timedelta(microseconds=next(_numbers))
