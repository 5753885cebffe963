"""The receipt: what was sent, every try, and what stands there when it is looked at again."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from campaigns.differing import Piece
from campaigns.publishing import receipts, scheduling
from campaigns.publishing.comparing import pieces
from commons import jobs
from commons.accounts.models import User
from commons.zones import to_local
from community.channels.accounts import circle_account
from community.channels.outcomes import Ambiguous, NotSent, Rejected
from tests.campaigns.posts.factories import make_post, with_pictures
from tests.campaigns.publishing.running import run
from tests.campaigns.publishing.scripted import HOUR, Scripted, planned_there
from tests.factories import sign_in


def test_the_live_text_is_read_back_a_minute_after_it_went_out(author: User, at: datetime, network: Scripted) -> None:
    delivery = planned_there(author, at)
    due = at + HOUR
    run(due, 0)
    network.posts = [(key, text + "（已编辑）") for key, text in network.posts]
    run(due, 59)
    assert receipts.parts_of(delivery, due)[0].live_at is None
    run(due, 60)
    (part,) = receipts.parts_of(delivery, due)
    assert part.differs
    assert part.pieces[-1] == Piece("new", "（已编辑）")


def test_what_is_gone_says_so(author: User, at: datetime, network: Scripted) -> None:
    delivery = planned_there(author, at)
    run(at + HOUR, 0)
    network.posts.clear()
    assert receipts.look_again(delivery.id, at + 2 * HOUR) is None
    (part,) = receipts.parts_of(delivery, at)
    assert (part.is_gone, part.differs) == (True, False)


def test_a_look_that_fails_is_told_and_changes_nothing(
    author: User, at: datetime, network: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = planned_there(author, at)
    run(at + HOUR, 0)

    def fail(*args: object) -> str:
        raise Ambiguous("timed out")

    monkeypatch.setattr(network, "look", fail)
    trouble = receipts.look_again(delivery.id, at + 2 * HOUR)
    assert trouble is not None
    assert receipts.parts_of(delivery, at)[0].live_at is None


def test_the_receipt_of_the_circle_reads_the_post_itself(author: User, at: datetime) -> None:
    due = at + HOUR
    post = with_pictures(make_post(author, text="第一泡"), "一杯茶")
    delivery = scheduling.schedule(post, circle_account(), to_local(due, "UTC"), "UTC", by=author, at=at)
    jobs.drain(due)
    (part,) = receipts.parts_of(delivery, due)
    assert (part.text, part.live_text, part.differs) == ("第一泡", "第一泡", False)
    assert part.media[0]["sha256"] == post.pictures[0].picture.sha256


def test_the_receipt_as_a_file_holds_every_try(
    client: FlaskClient, author: User, at: datetime, network: Scripted
) -> None:
    network.sends = [NotSent("=HYPERLINK(evil)")]
    delivery = planned_there(author, at)
    run(at + HOUR)
    sign_in(client, author)
    answer = client.get(f"/publishing/{delivery.public_id}/receipt.json")
    assert [one["outcome"] for one in json.loads(answer.text)["attempts"]] == ["not_sent", "published"]
    assert "receipt-2026-03-01-" in answer.headers["Content-Disposition"]
    table = client.get(f"/publishing/{delivery.public_id}/receipt.csv", buffered=True)
    rows = {row[0]: row[1] for row in csv.reader(io.StringIO(table.text.lstrip("\ufeff")))}
    assert rows["attempts.2.outcome"] == "published"
    assert rows["attempts.1.answer"] == "'=HYPERLINK(evil)"


def test_why_it_could_not_be_made_ready_stands_on_its_page_and_the_receipt(
    client: FlaskClient, author: User, at: datetime, network: Scripted
) -> None:
    network.freezes = [Rejected("no such person as @xiao")]
    delivery = planned_there(author, at)
    run(at + HOUR)
    sign_in(client, author)
    for address in (delivery.url, f"{delivery.url}/receipt"):
        page = client.get(address, headers={"Accept-Language": "en"}).text
        assert "Made ready to send" in page
        assert "it cannot be sent like this" in page
        assert "no such person as @xiao" in page


@pytest.mark.parametrize(
    ("sent", "live", "expected"),
    [
        ("你好\r\n世界 ", "你好\n世界", []),
        ("看这里 https://a.example/1", "看这里 https://b.example/2", ["gone", "new"]),
        ("今天上新", "今天补货", ["gone", "new"]),
        ("full words", "full sentences", ["gone", "new"]),
    ],
)
def test_differences_are_whole_words_and_single_characters(sent: str, live: str, expected: list[str]) -> None:
    assert [piece.kind for piece in pieces(sent, live) if piece.kind != "same"] == expected


def test_lateness_stands_in_seconds(author: User, at: datetime, network: Scripted) -> None:
    delivery = planned_there(author, at)
    jobs.drain(at + HOUR + timedelta(seconds=7))
    assert json.loads(receipts.as_json(receipts.receipt_of(delivery, at)))["lateness_seconds"] == 7.0
