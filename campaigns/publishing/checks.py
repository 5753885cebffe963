"""What is looked at before something goes out, all of it in our own house. Nothing here asks anybody outside."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from flask_babel import force_locale
from sqlalchemy import ColumnElement, UnaryExpression, func, select

from campaigns.groupbuys.models import GroupBuy, GroupBuyState
from campaigns.posts.models import BrandPost, PostVariant, sells
from campaigns.posts.planner.clashes import Planned, clashes
from campaigns.posts.planner.slots import apart_of, rules
from campaigns.publishing.content import lacking, outgoing_of, texts_on
from campaigns.publishing.findings import STILL_TO_GO, Seen, Word
from campaigns.publishing.models import Delivery, DeliveryState
from campaigns.publishing.slots import agreed_to
from commons.db import db
from commons.i18n import Words
from commons.media.store import store
from community.channels.models import ChannelAccount
from community.channels.protocol import Media

COMPARED_WITHIN = timedelta(days=1)
COMPARED_EACH_WAY = 100
IN_THE_WAY = (*STILL_TO_GO, DeliveryState.PUBLISHING, DeliveryState.PUBLISHED)


def look_over(delivery: Delivery, at: datetime) -> list[Seen]:
    """Everything that stands in the way of a delivery with a time, as far as we can tell without asking outside."""
    return [
        *_account(delivery.account, delivery.due_at),
        *_lacking(delivery, at),
        *_media(delivery, at),
        *_clash(delivery),
        *_agreement(delivery, at),
        *_offer(delivery),
    ]


def ends_before(account: ChannelAccount, due_at: datetime | None) -> bool:
    """Whether the sign-in of an account ends by itself before something that is planned goes out."""
    return account.expires_at is not None and due_at is not None and account.expires_at <= due_at


def _account(account: ChannelAccount, due_at: datetime | None) -> Iterator[Seen]:
    about = {"account": account.name}
    if account.disconnected_at is not None:
        yield Seen(Word.DISCONNECTED, about=about)
    elif account.trouble:
        yield Seen(Word.SIGN_IN, about={**about, "why": account.trouble})
    elif ends_before(account, due_at) and account.expires_at is not None:
        yield Seen(Word.ENDS_BEFORE, about={**about, "ends_at": account.expires_at.isoformat()})


def _lacking(delivery: Delivery, at: datetime) -> Iterator[Seen]:
    if delivery.account.disconnected_at is None:
        for words in _in_both_languages(lambda: lacking(delivery.post, delivery.account, at)):
            yield Seen(Word.LACKING, about=asdict(words))


def _in_both_languages(say: Callable[[], list[str]]) -> Iterator[Words]:
    """Whoever reads it later may read another language than whoever checks now."""
    with force_locale("zh_Hans"):
        chinese = say()
    with force_locale("en"):
        english = say()
    for zh, en in zip(chinese, english, strict=True):
        yield Words(zh=str(zh), en=str(en))


def _media(delivery: Delivery, at: datetime) -> Iterator[Seen]:
    """Pictures count from 1; the video is number 0."""
    outgoing = outgoing_of(delivery.post, delivery.account, at)
    files = [*enumerate(outgoing.pictures, start=1), *([(0, outgoing.video)] if outgoing.video else [])]
    for number, file in files:
        word = _wrong_with(file)
        if word is not None:
            yield Seen(word, about={"number": number})


def _wrong_with(file: Media) -> Word | None:
    """Whether the file is there, and is byte for byte the one that was opened and written anew when it was kept."""
    try:
        with store().path(file.key).open("rb") as data:
            is_same = hashlib.file_digest(data, "sha256").hexdigest() == file.sha256
    except OSError:
        return Word.FILE_GONE
    return None if is_same else Word.FILE_BROKEN


def _clash(delivery: Delivery) -> Iterator[Seen]:
    """What goes out too close to it on the same account, or says nearly the same there."""
    if delivery.due_at is None:
        return
    found = clashes(_around(delivery, delivery.due_at), apart_of(rules())).get(delivery.id)
    if found is not None and found.close is not None:
        yield Seen(Word.TOO_CLOSE, grave=False, about=_other(found.close))
    if found is not None and found.alike is not None:
        yield Seen(Word.ALIKE, grave=False, about=_other(found.alike))


def _around(delivery: Delivery, due_at: datetime) -> Iterator[Planned]:
    """The post, and what stands nearest to it on the account: as many as can be looked at for each of very many posts."""
    reach = max(COMPARED_WITHIN, apart_of(rules()))
    since, until = due_at - reach, due_at + reach
    yield Planned(
        delivery.id, delivery.post_id, delivery.account_id, due_at, texts_on(delivery.post, delivery.account)[0]
    )
    yield from _nearest(delivery, Delivery.due_at.between(since, due_at), Delivery.due_at.desc())
    yield from _nearest(delivery, (Delivery.due_at > due_at) & (Delivery.due_at <= until), Delivery.due_at.asc())


def _nearest(delivery: Delivery, within: ColumnElement[bool], order: UnaryExpression[Any]) -> Iterator[Planned]:
    text = func.coalesce(PostVariant.text, BrandPost.text)
    mine = (PostVariant.post_id == Delivery.post_id) & (PostVariant.account_id == Delivery.account_id)
    query = (
        select(Delivery.id, Delivery.post_id, Delivery.account_id, Delivery.due_at, text.label("text"))
        .join(BrandPost, BrandPost.id == Delivery.post_id)
        .outerjoin(PostVariant, mine)
        .where(Delivery.account_id == delivery.account_id, Delivery.state.in_(IN_THE_WAY))
        .where(within, Delivery.id != delivery.id, BrandPost.discarded_at.is_(None))
        .order_by(order)
        .limit(COMPARED_EACH_WAY)
    )
    for row in db.session.execute(query):
        if row.due_at is not None:
            yield Planned(row.id, row.post_id, row.account_id, row.due_at, row.text)


def _other(other: Planned) -> dict[str, object]:
    return {"text": other.text[:60], "at": other.at.isoformat()}


def _agreement(delivery: Delivery, at: datetime) -> Iterator[Seen]:
    """Whether it may go out as things are, and still may when its time has come: an approval ends by itself."""
    if delivery.state is DeliveryState.IN_REVIEW or not _is_agreed(delivery, at):
        yield Seen(Word.NOT_APPROVED)
    elif delivery.due_at is not None and not _is_agreed(delivery, max(at, delivery.due_at)):
        yield Seen(Word.RUNS_OUT)


def _is_agreed(delivery: Delivery, at: datetime) -> bool:
    return all(ask(delivery, at) for ask in agreed_to)


def _offer(delivery: Delivery) -> Iterator[Seen]:
    """Whether the group buy that the post leads to can still be joined when the post goes out."""
    link = delivery.post.link
    if link is None or not sells(link.target):
        return
    public_id = link.target.partition("/groupbuys/")[2].partition("/")[0].partition("?")[0].partition("#")[0]
    offer = db.session.scalar(select(GroupBuy).where(GroupBuy.public_id == public_id))
    if offer is None:
        yield Seen(Word.OFFER_GONE)
        return
    over = delivery.due_at is not None and offer.deadline_at <= delivery.due_at
    if offer.state is not GroupBuyState.OPEN or over:
        yield Seen(Word.OFFER_OVER, about={"title": offer.title})
    elif offer.taken >= offer.seats:
        yield Seen(Word.SOLD_OUT, about={"title": offer.title})
