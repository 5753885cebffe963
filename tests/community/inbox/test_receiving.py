"""Whatever comes in is kept once, with its author, its place and its fact."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from commons import bulk, events
from commons.db import ALPHABET, db
from commons.events import Event, Evidence
from community.channels.accounts import circle_account
from community.inbox import staging
from community.inbox.models import Interaction, InteractionKind
from community.inbox.receiving import Received, Unreceivable, receive
from community.members.models import Handle
from community.members.roster import staff_handle
from tests.community.inbox.factories import come_in, found, incoming, make_account, make_post
from tests.factories import NOON, make_circle_post, make_fan, make_staff

SIZES = (1, staging.FEW, staging.FEW + 1, 300)


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def facts_of(one: Interaction) -> list[Event]:
    query = select(Event).where(Event.subject_type == "interaction", Event.subject_id == one.id)
    return list(db.session.scalars(query))


@pytest.mark.parametrize("size", SIZES)
def test_a_batch_of_any_size_is_new_once_and_known_ever_after(app: Flask, size: int) -> None:
    account = make_account()
    make_post(account)
    batch = [incoming(f"c{number}", author_external_id=f"a{number % 50}") for number in range(size)]
    facts = count(Event)
    assert receive(account, batch, NOON) == Received(new=size, known=0)
    assert receive(account, batch, NOON + timedelta(hours=1)) == Received(new=0, known=size)
    assert count(Interaction) == size
    assert count(Event) == facts + size
    assert db.session.scalar(select(func.count()).where(Handle.channel == "elsewhere")) == min(size, 50)


def test_an_empty_batch_is_nothing(app: Flask) -> None:
    assert receive(make_account(), [], NOON) == Received(0, 0)


@pytest.mark.parametrize("size", SIZES)
def test_a_batch_that_is_partly_known_brings_the_rest(app: Flask, size: int) -> None:
    account = make_account()
    come_in(account, "c0")
    received = receive(account, [incoming(f"c{number}") for number in range(size + 1)], NOON)
    assert received == Received(new=size, known=1)


def test_the_same_thing_twice_in_one_batch_is_one_and_the_first_counts(app: Flask) -> None:
    account = make_account()
    assert receive(account, [incoming("c1", text="一"), incoming("c1", text="二")], NOON) == Received(1, 1)
    assert found(account, "c1").text == "一"


def test_the_row_says_who_where_what_and_when(app: Flask) -> None:
    account = make_account()
    post = make_post(account)
    [one] = come_in(account, "c1", at=NOON + timedelta(hours=2), kind=InteractionKind.MENTION)
    assert (one.kind, one.text, one.post_id, one.parent_id) == (InteractionKind.MENTION, "好茶！", post.id, None)
    assert (one.author.name, one.author.external_id, one.author.channel) == ("小满", "xiaoman", "elsewhere")
    assert (one.occurred_at, one.received_at) == (NOON + timedelta(minutes=1), NOON + timedelta(hours=2))
    assert len(one.public_id) == 12
    assert set(one.public_id) <= set(ALPHABET)


def test_the_fact_names_the_interaction_its_campaign_and_its_moments(app: Flask) -> None:
    account = make_account()
    post = make_post(account)
    post.campaign_id = 7
    [one] = come_in(account, "c1", at=NOON + timedelta(hours=2))
    [fact] = facts_of(one)
    assert fact.kind == "interaction.comment"
    assert fact.key == f"interaction:{account.id}:c1"
    assert (fact.campaign_id, fact.payload, fact.evidence) == (7, {"post_id": post.id}, Evidence.NETWORK)
    assert (fact.occurred_at, fact.recorded_at) == (one.occurred_at, one.received_at)
    assert (fact.member_id, fact.actor_id) == (None, None)


def test_a_share_is_only_what_somebody_says_of_himself(app: Flask) -> None:
    [one] = come_in(make_account(), "s1", kind=InteractionKind.SHARE, post_external_id=None)
    assert facts_of(one)[0].evidence is Evidence.SELF_DECLARED
    assert facts_of(one)[0].payload == {"post_id": None}


def test_two_accounts_may_use_the_same_ids(app: Flask) -> None:
    first, second = make_account("one"), make_account("two")
    assert receive(first, [incoming("c1")], NOON).new == 1
    assert receive(second, [incoming("c1")], NOON).new == 1


@pytest.mark.parametrize("many", [0, 20])
def test_an_answer_finds_its_parent_in_the_same_batch_whatever_comes_first(app: Flask, many: int) -> None:
    account = make_account()
    others = [incoming(f"x{number}") for number in range(many)]
    receive(account, [incoming("answer", parent_external_id="parent"), incoming("parent"), *others], NOON)
    answer = found(account, "answer")
    assert answer.parent_id == found(account, "parent").id
    assert answer.parent_external_id is None


@pytest.mark.parametrize("many", [0, 20])
def test_an_answer_finds_its_parent_from_an_earlier_batch(app: Flask, many: int) -> None:
    account = make_account()
    [parent] = come_in(account, "parent")
    others = [incoming(f"x{number}") for number in range(many)]
    receive(account, [incoming("answer", parent_external_id="parent"), incoming("parent"), *others], NOON)
    assert found(account, "answer").parent_id == parent.id


def test_an_answer_before_its_parent_waits_for_it(app: Flask) -> None:
    account = make_account()
    [answer, other] = come_in(account, "answer", "other", parent_external_id="parent")
    assert (answer.parent_id, answer.parent_external_id) == (None, "parent")
    [parent] = come_in(account, "parent")
    for name in ("answer", "other"):
        linked = found(account, name)
        assert (linked.parent_id, linked.parent_external_id) == (parent.id, None)
    assert other.id != answer.id


def test_a_parent_on_another_account_is_not_the_one(app: Flask) -> None:
    mine, other = make_account("mine"), make_account("other")
    come_in(other, "parent")
    [answer] = come_in(mine, "answer", parent_external_id="parent")
    assert answer.parent_id is None
    come_in(other, "another")
    assert found(mine, "answer").parent_external_id == "parent"


def test_what_answers_itself_answers_the_post(app: Flask) -> None:
    [one] = come_in(make_account(), "c1", parent_external_id="c1")
    assert (one.parent_id, one.parent_external_id) == (None, None)


def test_a_handle_takes_the_newer_name_and_not_the_older(app: Flask) -> None:
    account = make_account()
    come_in(account, "c1", author_name="小满", occurred_at=NOON)
    come_in(account, "c2", author_name="大满", occurred_at=NOON + timedelta(days=1))
    assert found(account, "c1").author.name == "大满"
    come_in(account, "c0", author_name="满满", occurred_at=NOON - timedelta(days=1))
    handle = found(account, "c1").author
    db.session.refresh(handle)
    assert handle.name == "大满"


def test_of_two_names_in_one_batch_the_later_stays(app: Flask) -> None:
    account = make_account()
    later = incoming("c1", author_name="后来", occurred_at=NOON + timedelta(hours=1))
    receive(account, [later, incoming("c2", author_name="起初", occurred_at=NOON)], NOON)
    assert found(account, "c2").author.name == "后来"


def test_a_nameless_author_is_called_by_the_id_and_a_long_name_is_cut(app: Flask) -> None:
    account = make_account()
    [nameless] = come_in(account, "c1", author_external_id="a1", author_name=" \x00 ".strip())
    [long] = come_in(account, "c2", author_external_id="a2", author_name="名" * 500)
    assert len(long.author.name) == 120
    assert nameless.author.name == "\ufffd"
    [empty] = come_in(account, "c3", author_external_id="a3", author_name="  ")
    assert empty.author.name == "a3"


@pytest.mark.parametrize("many", [0, 20])
def test_what_no_database_keeps_is_replaced(app: Flask, many: int) -> None:
    account = make_account()
    others = [incoming(f"x{number}") for number in range(many)]
    receive(account, [incoming("c1", text="a\x00b\ud83dc\t\\N"), *others], NOON)
    assert found(account, "c1").text == "a\ufffdb\ufffdc\t\\N"


@pytest.mark.parametrize("name", ["external_id", "author_external_id", "post_external_id", "parent_external_id"])
@pytest.mark.parametrize("given", ["x" * 129, "nul\x00", "half\ud800"])
def test_an_id_that_cannot_be_kept_refuses_the_batch_and_leaves_nothing(app: Flask, name: str, given: str) -> None:
    account = make_account()
    batch = [incoming("good", author_external_id="good"), incoming(**({"external_id": "bad"} | {name: given}))]
    with pytest.raises(Unreceivable):
        receive(account, batch, NOON)
    assert count(Interaction) == 0
    assert db.session.scalar(select(func.count()).where(Handle.channel == "elsewhere")) == 0


def test_an_empty_id_is_refused(app: Flask) -> None:
    with pytest.raises(Unreceivable):
        receive(make_account(), [incoming("")], NOON)


def test_a_moment_without_a_zone_is_refused(app: Flask) -> None:
    naive = datetime(2026, 3, 1, 12, tzinfo=UTC).replace(tzinfo=None)
    with pytest.raises(Unreceivable):
        receive(make_account(), [incoming("c1", occurred_at=naive)], NOON)


def test_the_longest_ids_fit_into_the_fact_as_well(app: Flask) -> None:
    account = make_account()
    [one] = come_in(account, "x" * 128)
    assert facts_of(one)[0].key.endswith("x" * 128)


@pytest.mark.parametrize("many", [0, 20])
def test_facts_of_members_are_told_in_order_and_once(app: Flask, many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[list[Event]] = []
    monkeypatch.setattr(events.readers, "_plugs", [lambda some: told.append(list(some))])
    fan, post, account = make_fan(), make_circle_post(), circle_account()
    told.clear()
    own = {"author_external_id": fan.public_id, "author_name": fan.name, "post_external_id": post.external_id}
    later = incoming("comment:2", occurred_at=NOON + timedelta(minutes=9), **own)
    sooner = incoming("comment:1", occurred_at=NOON, **own)
    strangers = [incoming(f"x{number}") for number in range(many)]
    receive(account, [later, sooner, *strangers], NOON)
    receive(account, [later, sooner, *strangers], NOON)
    [facts] = told
    assert [fact.key for fact in facts] == [f"interaction:{account.id}:comment:{number}" for number in (1, 2)]
    assert {fact.member_id for fact in facts} == {fan.id}


def test_a_comment_of_staff_is_an_act_of_staff(app: Flask) -> None:
    user, post = make_staff(), make_circle_post()
    handle = staff_handle(user, NOON)
    [one] = come_in(
        circle_account(),
        "comment:1",
        author_external_id=handle.external_id,
        author_name=user.name,
        author_user_id=user.id,
        post_external_id=post.external_id,
    )
    assert one.author.is_brand
    assert (facts_of(one)[0].actor_id, facts_of(one)[0].member_id) == (user.id, None)


def test_random_ids_are_long_enough_different_and_of_the_alphabet(app: Flask) -> None:
    made = bulk.random_ids(5000)
    assert len(set(made)) == 5000
    assert {len(one) for one in made} == {12}
    letters = "".join(made)
    assert set(letters) == set(ALPHABET)
    even = len(letters) / len(ALPHABET)
    assert all(0.8 * even < letters.count(letter) < 1.2 * even for letter in ALPHABET)


@pytest.mark.parametrize(
    ("given", "kept"), [("\u202eeivil\u202c 阿青\u200f", "eivil 阿青"), ("\u2067\u202e\u200b", "author")]
)
def test_tricks_with_the_direction_of_writing_do_not_survive_in_names(app: Flask, given: str, kept: str) -> None:
    come_in(make_account(), "c0", author_external_id="author", author_name=given)
    assert db.session.scalars(select(Handle.name).where(Handle.channel == "elsewhere")).one() == kept
