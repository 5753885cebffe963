"""A handle is proven by a code that is posted from it, and by the fan who says: that was I."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from commons import clock
from commons.accounts import leaving
from commons.db import db
from commons.errors import Gone
from community.handles import codes, reading
from community.handles.models import HandleCode, HandleProof
from community.inbox.incoming import Incoming
from community.inbox.models import InteractionKind
from community.inbox.receiving import receive
from community.members.merging.models import Proof
from community.members.models import Member
from community.notices.models import Notice
from tests.community.handles.conftest import english
from tests.community.handles.proving import handle, heard, imported, say
from tests.factories import make_fan, make_staff, sign_in


def newest(member: Member) -> HandleCode:
    query = select(HandleCode).where(HandleCode.member_id == member.id).order_by(HandleCode.id.desc())
    found = db.session.scalars(query).first()
    assert found is not None
    return found


def confirm(client: FlaskClient, code: HandleCode) -> str:
    """Press the button; the page on which the fan finds himself."""
    answer = client.post(f"/me/handles/code/{code.public_id}/confirm")
    assert answer.location == "/me/handles"
    return client.get(answer.location).text


def test_a_fan_makes_a_code_posts_it_and_says_that_was_me(client: FlaskClient, fan: Member) -> None:
    weibo = heard()
    assert "Make a code" in client.get("/me/handles").text
    client.post("/me/handles/code")
    code = newest(fan)
    assert code.code in client.get("/me/handles").text

    say(weibo, f"@茶馆 {code.code.upper()} 是我", author="xiaoman")
    assert "xiaoman on Weibo has posted your code. Was that you?" in client.get("/me/handles").text
    assert handle("weibo", "xiaoman").member_id is None

    assert "xiaoman on Weibo is yours" in confirm(client, code)
    assert handle("weibo", "xiaoman").member_id == fan.id
    assert [known.proofs[0].proof for known in reading.handles_of(fan)] == [Proof.CODE]
    assert "Proven by a code posted there" in client.get("/me/handles").text


def test_the_fan_is_told_when_the_code_is_seen(fan: Member, at: datetime) -> None:
    weibo, code = heard(), codes.make(fan, at)

    say(weibo, code.code, author="xiaoman")
    say(weibo, code.code, author="xiaoman")

    told = db.session.scalars(select(Notice).where(Notice.member_id == fan.id)).all()
    assert [(notice.kind, notice.url) for notice in told] == [("handle.code_seen", "/me/handles")]


def test_only_the_first_who_posts_it_is_asked_about(fan: Member, at: datetime) -> None:
    weibo, code = heard(), codes.make(fan, at)

    say(weibo, code.code, author="xiaoman")
    say(weibo, code.code, author="copycat")

    assert code.handle is not None
    assert code.handle.external_id == "xiaoman"


def test_in_one_batch_the_earliest_word_counts(fan: Member, at: datetime) -> None:
    weibo, code = heard(), codes.make(fan, at)
    batch = [
        Incoming(name, InteractionKind.COMMENT, name, name, at + timedelta(minutes=minutes), code.code)
        for name, minutes in (("copycat", 9), ("xiaoman", 3))
    ]

    receive(weibo, batch, at + timedelta(minutes=10))

    db.session.expire_all()
    assert code.handle is not None
    assert code.handle.external_id == "xiaoman"


def test_somebody_elses_handle_is_refused_and_the_code_is_over(client: FlaskClient, fan: Member, at: datetime) -> None:
    weibo, code = heard(), codes.make(fan, at)
    say(weibo, code.code, author="copycat")

    client.post(f"/me/handles/code/{code.public_id}/refuse")
    say(weibo, code.code, author="xiaoman")

    assert handle("weibo", "copycat").member_id is None
    assert handle("weibo", "xiaoman").member_id is None
    assert "This code is over." in confirm(client, code)
    assert codes.make(fan, at).code != code.code


def test_a_code_is_good_for_a_day(fan: Member, at: datetime) -> None:
    weibo, code = heard(), codes.make(fan, at)
    clock.advance(days=1)

    say(weibo, code.code, author="xiaoman")

    assert code.handle_id is None
    assert codes.open_code(fan, clock.now()) is None
    assert fan.user is not None
    with pytest.raises(Gone):
        codes.confirm(code, by=fan.user, at=clock.now())


def test_what_was_posted_in_time_counts_when_it_arrives_later(fan: Member, at: datetime) -> None:
    weibo, code = heard(), codes.make(fan, at)
    clock.advance(days=1, hours=1)

    say(weibo, code.code, author="xiaoman", at=at + timedelta(hours=23))

    assert code.handle_id is not None


def test_a_code_works_once(client: FlaskClient, fan: Member, at: datetime) -> None:
    weibo, code = heard(), codes.make(fan, at)
    say(weibo, code.code, author="xiaoman")
    confirm(client, code)

    say(weibo, code.code, author="second")
    confirm(client, code)

    assert handle("weibo", "second").member_id is None
    assert db.session.scalar(select(func.count()).select_from(HandleProof)) == 1


def test_a_second_code_is_the_first_one_while_it_waits(fan: Member, at: datetime) -> None:
    assert codes.make(fan, at) is codes.make(fan, at + timedelta(hours=1))


@pytest.mark.parametrize("channel", ["circle", "imported"])
def test_where_anybody_may_have_written_it_a_code_proves_nothing(fan: Member, at: datetime, channel: str) -> None:
    code = codes.make(fan, at)

    say(heard(channel), code.code, author="xiaoman")

    assert code.handle_id is None


def test_what_the_brand_itself_posts_proves_nothing(fan: Member, at: datetime) -> None:
    weibo, code, staff = heard(), codes.make(fan, at), make_staff()

    say(weibo, code.code, author="brand", author_user_id=staff.id)
    imported("weibo", "agent", "agent").user_id = staff.id
    say(weibo, code.code, author="agent")

    assert code.handle_id is None


@pytest.mark.parametrize("words", ["qz-0000-0000", "x{}", "{}x", "qz-", "qz-2222", "圈子 qz-2222-222"])
def test_what_only_looks_like_a_code_is_none(fan: Member, at: datetime, words: str) -> None:
    weibo, code = heard(), codes.make(fan, at)

    say(weibo, words.format(code.code), author="xiaoman")

    assert code.handle_id is None


def test_a_batch_without_a_code_costs_no_query(app: Flask, fan: Member, at: datetime) -> None:
    weibo, asked = heard(), list[str]()
    batch = [Incoming(f"c{n}", InteractionKind.COMMENT, "a", "a", at, "好茶" * 20) for n in range(100)]
    db.session.refresh(weibo)
    engine = db.session.connection().engine
    event.listen(engine, "before_cursor_execute", note := lambda *given: asked.append(given[2]))
    try:
        codes.look(weibo, batch, at)
    finally:
        event.remove(engine, "before_cursor_execute", note)

    assert asked == []


def test_the_status_page_invites_there_where_something_can_be_proven(client: FlaskClient, fan: Member) -> None:
    links = client.get("/circle/me").text.count('href="/me/handles"')

    heard()

    assert client.get("/circle/me").text.count('href="/me/handles"') == links + 1


def test_the_fan_takes_a_handle_off_again(client: FlaskClient, app: Flask, fan: Member, at: datetime) -> None:
    weibo, code = heard(), codes.make(fan, at)
    say(weibo, code.code, author="xiaoman")
    confirm(client, code)
    proven, eve, other = handle("weibo", "xiaoman"), make_fan("Eve").user, english(app)
    assert eve is not None
    sign_in(other, eve)

    assert other.post(f"/me/handles/{proven.public_id}/split").status_code == 404
    assert client.post(f"/me/handles/{proven.public_id}/split").location == "/me/handles"

    assert proven.member_id != fan.id
    assert reading.handles_of(fan) == []
    assert "No handle is yours yet" in client.get("/me/handles").text


def test_nobody_answers_for_another(app: Flask, fan: Member, at: datetime) -> None:
    weibo, code = heard(), codes.make(fan, at)
    say(weibo, code.code, author="xiaoman")
    other, eve = english(app), make_fan("Eve").user
    assert eve is not None
    sign_in(other, eve)

    assert other.post(f"/me/handles/code/{code.public_id}/confirm").status_code == 404
    assert code.ended_at is None


def test_a_handle_of_another_account_is_proven_but_not_taken(client: FlaskClient, fan: Member, at: datetime) -> None:
    weibo, code, other = heard(), codes.make(fan, at), make_fan("大满")
    imported("weibo", "xiaoman", "xiaoman").member = other
    say(weibo, code.code, author="xiaoman")

    confirm(client, code)

    assert handle("weibo", "xiaoman").member_id == other.id
    assert [one.external_id for one in reading.contested(fan)] == ["xiaoman"]


def test_no_code_is_made_where_no_inbox_would_see_it(client: FlaskClient, fan: Member) -> None:
    page = client.get("/me/handles").text
    client.post("/me/handles/code")

    assert "At the moment there is no network here" in page
    assert "Make a code" not in page
    assert db.session.scalar(select(func.count()).select_from(HandleCode)) == 0


def test_proofs_are_exported_and_go_with_the_person(client: FlaskClient, fan: Member, at: datetime) -> None:
    weibo, code, user = heard(), codes.make(fan, at), fan.user
    assert user is not None
    say(weibo, code.code, author="xiaoman")
    confirm(client, code)

    assert leaving.export(user, at)["proven_handles"][0]["name"] == "xiaoman"
    leaving.erase(user, at)

    assert db.session.scalar(select(func.count()).select_from(HandleProof)) == 0
    assert db.session.scalar(select(func.count()).select_from(HandleCode)) == 0
