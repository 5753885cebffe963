"""What a table may do is what its maker may do, and nobody else speaks for its maker."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from campaigns.posts.exchange.importing import posts_in
from campaigns.posts.exchange.models import PostImport
from campaigns.posts.models import BrandPost
from campaigns.publishing import scheduling
from campaigns.publishing.models import DeliveryState
from commons import clock
from commons.accounts.models import User
from commons.errors import NotAllowed
from commons.permissions import Role
from commons.sheets.models import Outcome, Verdict
from community.channels.accounts import circle_account
from tests.campaigns.posts.exchange.tables import a_csv
from tests.campaigns.posts.exchange.test_exchange import SHANGHAI, delivery_of, posts, written
from tests.campaigns.posts.factories import make_post
from tests.factories import make_staff, sign_in

TEN = datetime(2026, 3, 2, 10)


@pytest.fixture
def writer(author: User) -> User:
    """小周, who leads campaigns: writes posts, and does not schedule them."""
    return make_staff(Role.CAMPAIGN_LEAD, "小周", language="en")


@pytest.fixture
def planned(author: User, at: datetime) -> BrandPost:
    post = make_post(author, text="原来的话")
    scheduling.schedule(post, circle_account(), TEN, SHANGHAI, by=author, at=at)
    return post


def taken_in(by: User, *rows: Sequence[str]) -> PostImport:
    return posts_in.open("posts.csv", a_csv(*rows), zone=SHANGHAI, by=by, at=clock.now())


@pytest.mark.parametrize(
    ("head", "cell"),
    [("when", "2026-03-03 10:00"), ("when", ""), ("state", "cancelled"), ("channels", "")],
    ids=["moves", "makes a draft", "cancels", "takes the channel away"],
)
def test_who_may_not_schedule_changes_nothing_of_a_plan(writer: User, planned: BrandPost, head: str, cell: str) -> None:
    found = taken_in(writer, ["id", head], [planned.public_id, cell])
    (row,) = posts_in.rows_of(found)
    assert (row.verdict, [column for column, _words in row.problems]) == (Verdict.BROKEN, ["state"])
    assert [row.outcome for row in written(found, writer)] == [Outcome.REFUSED]
    assert delivery_of(planned).state is DeliveryState.SCHEDULED
    assert delivery_of(planned).wall_clock == TEN.isoformat()


def test_who_may_not_schedule_writes_drafts_and_words_all_the_same(writer: User, planned: BrandPost) -> None:
    found = taken_in(writer, ["id", "text"], [planned.public_id, "新的话"], ["", "一份草稿"])
    assert [row.outcome for row in written(found, writer)] == [Outcome.WRITTEN, Outcome.WRITTEN]
    assert planned.text == "新的话"


def test_nobody_imports_in_the_name_of_another(writer: User, author: User, at: datetime) -> None:
    found = taken_in(author, ["text", "when"], ["排好的", "2026-03-02 10:00"])
    with pytest.raises(NotAllowed):
        posts_in.confirm(found, by=writer, at=at)
    with pytest.raises(NotAllowed):
        posts_in.compare_again(found, True, by=writer, at=at)
    assert (found.confirmed_at, posts()) == (None, 0)


def test_a_colleague_sees_the_rows_and_whose_they_are_without_the_button(
    client: FlaskClient, writer: User, author: User
) -> None:
    found = taken_in(author, ["text"], ["排好的"], ["@小满"])
    sign_in(client, writer)
    page = client.get(found.url).text
    assert "Only 阿岚, who chose this file, can import it." in page
    assert f"{found.url}/confirm" not in page
    assert f"{found.url}/formulas" not in page
    assert client.post(f"{found.url}/confirm").status_code == 403
    assert client.post(f"{found.url}/formulas").status_code == 403


def test_what_was_moved_after_the_look_is_not_moved_back(author: User, planned: BrandPost, at: datetime) -> None:
    rows = ["id", "text", "when"], [planned.public_id, "新的话", "2026-03-02 10:00"]
    found = taken_in(author, *rows)
    scheduling.schedule(planned, circle_account(), TEN.replace(hour=15), SHANGHAI, by=author, at=at)
    (row,) = written(found, author)
    assert (row.outcome, planned.text) == (Outcome.REFUSED, "原来的话")
    assert "Somebody else has changed this post in the meantime." in row.problems[0][1]["en"]
    assert "这期间有人改过这条内容。" in row.problems[0][1]["zh"]
    assert delivery_of(planned).wall_clock == "2026-03-02T15:00:00"
