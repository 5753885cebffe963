"""What is not as a rule says: one function a rule, by its name. They look at a `Subject` and write nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from campaigns.compliance.models import Preset
from campaigns.compliance.places import kinds_of, notes_for
from campaigns.compliance.subject import Subject
from campaigns.draws.models import Draw, Jurisdiction
from campaigns.draws.rules import PRIZE_CAPS

REGISTERED_ABOVE = 5_000_00
"""US cents; registration is for prizes of more in all."""
CHILD_IN_CHINA, CHILD_IN_US, YOUNG_IN_EUROPE = 14, 13, 16
BUYING = frozenset({"join_group_buy", "buy"})
PASSING_ON = frozenset({"share", "invite"})
_SELLS = re.compile(
    r"[¥￥€£]\s?\d|\d\s?元|\$\s?\d|下单|购买|优惠|折扣|立减|满减|包邮|\bbuy now\b|\bdiscount\b|\border now\b|\b\d+ ?% off\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Found:
    """Something that is not as it should be: what it is `about` (the same in every language), in words, and on which page it is
    mended. A `reference` of its own comes before the rule's.
    """

    about: str
    words: str
    mend_url: str = ""
    reference: str = ""


Check = Callable[[Subject], Iterator[Found]]


def _organiser(subject: Subject) -> Iterator[Found]:
    lacking = _lacking(subject)
    if lacking and not subject.draws:
        yield Found("+".join(lacking), _("Not said yet: %(what)s.", what=_in_words(lacking)), _page(subject))


def _prize_terms(subject: Subject) -> Iterator[Found]:
    lacking = _lacking(subject)
    if lacking and subject.draws:
        words = _("There are prizes, and it is not said yet: %(what)s.", what=_in_words(lacking))
        yield Found("+".join(lacking), words, _page(subject))


def _lacking(subject: Subject) -> list[str]:
    said = subject.disclosure
    parts = {
        "organiser": said is not None and said.organiser.strip(),
        "contact": said is not None and said.contact.strip(),
        "terms": said is not None and str(said.terms).strip(),
    }
    return [part for part, there in parts.items() if not there]


def _in_words(parts: list[str]) -> str:
    words = {"organiser": _("who runs it"), "contact": _("how to reach them"), "terms": _("the terms")}
    return str(_(", ")).join(words[part] for part in parts)


def _prize_published(subject: Subject) -> Iterator[Found]:
    for draw in subject.draws:
        if draw.launched_at is None:
            yield Found(draw.public_id, _("The draw “%(title)s” is still a draft.", title=draw.title), _of_draw(draw))


def _prize_cap(subject: Subject) -> Iterator[Found]:
    cap = PRIZE_CAPS[Jurisdiction.CHINA]
    for draw in subject.draws:
        for prize in draw.prizes:
            if prize.currency != cap.currency:
                words = _(
                    "The value of “%(prize)s” is not in yuan, so nobody can say that it keeps to the cap.",
                    prize=prize.name,
                )
                yield Found(f"{draw.public_id}:{prize.position}", words, _of_draw(draw))
            elif prize.value_minor > cap.minor:
                words = _("“%(prize)s” is worth more than that.", prize=prize.name)
                yield Found(f"{draw.public_id}:{prize.position}", words, _of_draw(draw))


def _prize_registration(subject: Subject) -> Iterator[Found]:
    for draw in subject.draws:
        dollars = sum(prize.value_minor * prize.quantity for prize in draw.prizes if prize.currency == "USD")
        if dollars > REGISTERED_ABOVE:
            words = _("The prizes of “%(title)s” are worth more than that.", title=draw.title)
            yield Found(f"{draw.public_id}:{dollars}", words, _of_draw(draw))


def _no_purchase(subject: Subject) -> Iterator[Found]:
    if subject.draws and subject.missions and subject.missions <= BUYING:
        words = _("Every mission asks for a purchase, and there is a draw. Add a mission that costs nothing.")
        yield Found("missions", words, f"/planning/{subject.campaign.public_id}/missions")


def _induced_sharing(subject: Subject) -> Iterator[Found]:
    if not subject.missions & PASSING_ON:
        return
    missions = f"/planning/{subject.campaign.public_id}/missions"
    words = _("A mission rewards passing something on. Say so in the terms, and ask for no fixed words.")
    yield Found("missions", words, missions)
    if any("wechat" in kinds_of(place) for place in subject.places):
        words = _(
            "WeChat closes links of campaigns that reward sharing. Take the mission out, or do not post it there."
        )
        yield Found("wechat", words, missions, "微信外部链接内容管理规范")


def _reward_depth(subject: Subject) -> Iterator[Found]:
    if subject.reward_depth > 1:
        words = _("Rewards reach %(steps)s steps: people earn for people of people.", steps=subject.reward_depth)
        yield Found(str(subject.reward_depth), words, "/chains#rewards")


def _ad_label(subject: Subject) -> Iterator[Found]:
    for post in subject.posts:
        if not post.is_ad and _SELLS.search(post.text):
            words = _("A post reads like advertising and is not labelled: “%(words)s”", words=post.text[:40])
            yield Found(f"{post.public_id}:{post.revision}", words, f"/posts/{post.public_id}")


def _children(subject: Subject) -> Iterator[Found]:
    least = CHILD_IN_CHINA if subject.preset is Preset.CHINA else CHILD_IN_US
    if subject.guardian_age < least:
        words = _(
            "A guardian is asked below %(age)s only; it must be %(least)s at least.",
            age=subject.guardian_age,
            least=least,
        )
        yield Found(str(subject.guardian_age), words, "/admin/brand")


def _young_people(subject: Subject) -> Iterator[Found]:
    if CHILD_IN_US <= subject.guardian_age < YOUNG_IN_EUROPE:
        words = _("A guardian is asked below %(age)s only.", age=subject.guardian_age)
        yield Found(str(subject.guardian_age), words, "/admin/brand")


def _price_compared(subject: Subject) -> Iterator[Found]:
    for offer in subject.offers:
        if offer.usual_price is not None:
            words = _(
                "“%(title)s” strikes a price out. Keep a proof that it was asked in the last 30 days.",
                title=offer.title,
            )
            yield Found(f"{offer.public_id}:{offer.usual_price_minor}", words, f"/groupbuys/{offer.public_id}")


def _channel_rules(subject: Subject) -> Iterator[Found]:
    for place in subject.places:
        for note in notes_for(
            place, has_prizes=bool(subject.draws), rewards_sharing=bool(subject.missions & PASSING_ON)
        ):
            yield Found(f"{place.public_id}:{note.about}", f"{place.name}: {note.words}", "", note.reference)


def _page(subject: Subject) -> str:
    return f"/compliance/{subject.campaign.public_id}#disclosure"


def _of_draw(draw: Draw) -> str:
    return f"/draws/{draw.public_id}"


CHECKS: Mapping[str, Check] = {
    "organiser": _organiser,
    "prize_terms": _prize_terms,
    "prize_published": _prize_published,
    "prize_cap": _prize_cap,
    "prize_registration": _prize_registration,
    "no_purchase": _no_purchase,
    "induced_sharing": _induced_sharing,
    "reward_depth": _reward_depth,
    "ad_label": _ad_label,
    "children": _children,
    "young_people": _young_people,
    "price_compared": _price_compared,
    "channel_rules": _channel_rules,
}
