"""What is asked outside before something goes out: whether its links answer, and how its account stands.

It is asked between two transactions. A worker that goes through many posts on one dead network waits for it once (`silence`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import inspect

from campaigns.links.making import destination
from campaigns.links.models import Link
from campaigns.posts import checking
from campaigns.posts.counting import addresses_in
from campaigns.publishing import silence
from campaigns.publishing.content import texts_on
from campaigns.publishing.findings import Seen, Stage, Word
from campaigns.publishing.models import Delivery
from community.channels import connecting
from community.channels.models import ChannelAccount
from community.channels.protocol import channel_named

MOST_ADDRESSES = 3
# How old an answer of the network may be. A day before it need not be so fresh: some networks count every question.
FRESH: Mapping[Stage, timedelta] = {
    Stage.ASKED: timedelta(minutes=10),
    Stage.DAY: timedelta(hours=1),
    Stage.HALF_HOUR: timedelta(minutes=10),
}


@dataclass(frozen=True, slots=True)
class Questions:
    """What is to be asked about a delivery: the link and the account are copies that belong to no transaction.

    `patient`: somebody waits for the answer, so that what was silent just now is asked again.
    """

    link: Link | None
    addresses: Sequence[str]
    account: ChannelAccount | None
    patient: bool


def questions_about(delivery: Delivery, stage: Stage, at: datetime, *, patient: bool) -> Questions:
    """What has to be asked at this stage; the network only where its last answer is too old."""
    account, link = delivery.account, delivery.post.link
    is_network = not channel_named(account.channel).facts.transactional and account.disconnected_at is None
    is_due = account.checked_at is None or account.checked_at < at - FRESH[stage]
    leads = link is not None and link.ended_at is None
    written = [address for text in texts_on(delivery.post, account) for address in addresses_in(text)]
    return Questions(
        link=_apart(link) if link and leads else None,
        addresses=list(dict.fromkeys(written))[:MOST_ADDRESSES],
        account=account if is_network and is_due else None,
        patient=patient,
    )


def ask(questions: Questions, at: datetime) -> list[Seen]:
    """What did not answer, or not well. No transaction is open meanwhile."""
    return [*_about_links(questions, at), *_about_account(questions, at)]


def _about_links(questions: Questions, at: datetime) -> Iterator[Seen]:
    link = questions.link
    if link is not None and (wrong := _wrong_with(destination(link), questions, at)):
        yield Seen(Word.LINK, grave=False, about={"slug": link.slug, "why": wrong})
    for address in questions.addresses:
        if wrong := _wrong_with(address, questions, at):
            yield Seen(Word.ADDRESS, grave=False, about={"address": address, "why": wrong})


def _wrong_with(address: str, questions: Questions, at: datetime) -> str:
    """What is wrong with an address, in words; empty when it answers."""
    known = "" if questions.patient else silence.of(address, at)
    answer = None if known else checking.answer_of(address)
    if answer is None or answer.ok:
        return known
    silence.note(address, answer.words, at)
    return answer.words


def _about_account(questions: Questions, at: datetime) -> Iterator[Seen]:
    account = questions.account
    if account is None:
        return
    known = "" if questions.patient else silence.of(account.public_id, at)
    wrong = known or connecting.check(account, at)
    if wrong and not account.trouble:
        silence.note(account.public_id, wrong, at)
        yield Seen(Word.NO_ANSWER, grave=False, about={"account": account.name, "why": wrong})


def _apart(link: Link) -> Link:
    """A copy that belongs to no transaction."""
    names = [attribute.key for attribute in inspect(Link).column_attrs]
    return Link(**{name: getattr(link, name) for name in names})
