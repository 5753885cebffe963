"""The look before something goes out: what it finds, who is told, and how findings go away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from campaigns.groupbuys import offering
from campaigns.links.making import make_link
from campaigns.posts.writing import set_video
from campaigns.publishing import checks, findings, preflight, scheduling, today
from campaigns.publishing.findings import Finding, Stage, Word
from campaigns.publishing.models import Delivery, DeliveryState
from commons import jobs
from commons.accounts.models import User
from commons.db import db
from commons.jobs.models import Job
from commons.media.store import store
from commons.zones import to_local
from community.channels.accounts import circle_account
from community.channels.outcomes import Ambiguous, SignIn
from tests.campaigns.factories import make_draft
from tests.campaigns.posts.factories import make_post, with_pictures
from tests.campaigns.posts.library.factories import a_kept_video
from tests.campaigns.publishing.scripted import HOUR, Scripted, planned_there
from tests.commons.media.pictures import a_picture

DAY = timedelta(days=1)


def planned(by: User, at: datetime, due: datetime | None = None, **more: object) -> Delivery:
    due = due or at + 3 * DAY
    return scheduling.schedule(make_post(by, **more), circle_account(), to_local(due, "UTC"), "UTC", by=by, at=at)  # type: ignore[arg-type]


def found(delivery: Delivery) -> list[Word]:
    return [finding.word for finding in findings.open_of(delivery)]


def letters() -> int:
    return db.session.query(Job).filter_by(name="mail.send").count()


def test_it_is_looked_over_a_day_before_and_half_an_hour_before(author: User, at: datetime) -> None:
    delivery = planned(author, at)
    due = at + 3 * DAY
    looks = [delivery.check_at]
    for look in (due - DAY, due - timedelta(minutes=30)):
        jobs.drain(look)
        looks.append(delivery.check_at)
    assert looks == [due - DAY, due - timedelta(minutes=30), None]
    assert delivery.state is DeliveryState.SCHEDULED


def test_what_goes_out_within_a_day_is_looked_over_once_it_is_planned(author: User, at: datetime) -> None:
    assert planned(author, at, at + 5 * HOUR).check_at == at + timedelta(minutes=1)


def test_what_is_moved_is_looked_over_anew(author: User, at: datetime) -> None:
    delivery = planned(author, at)
    scheduling.move(delivery, to_local(at + 9 * DAY, "UTC"), "UTC", by=author, at=at)
    assert delivery.check_at == at + 8 * DAY


def test_a_look_that_nobody_finished_is_taken_again(author: User, at: datetime) -> None:
    delivery = planned(author, at)
    due = at + 2 * DAY
    assert preflight.claim(due, 10) == [delivery.id]
    assert preflight.claim(due, 10) == []
    assert preflight.claim(due + preflight.LEASE, 10) == [delivery.id]


def test_a_picture_whose_file_is_gone_is_found_told_and_cleared(author: User, at: datetime) -> None:
    delivery = planned(author, at)
    with_pictures(delivery.post, "一杯茶")
    path = store().path(delivery.post.pictures[0].picture.key())
    data = path.read_bytes()
    path.unlink()
    try:
        jobs.drain(at + 2 * DAY)
        assert found(delivery) == [Word.FILE_GONE]
        assert letters() == 1
    finally:
        path.write_bytes(data)
    jobs.drain(at + 3 * DAY - timedelta(minutes=30))
    assert found(delivery) == []
    assert db.session.query(Finding).count() == 1
    assert letters() == 1


@pytest.mark.parametrize("kind", ["picture", "video"])
@pytest.mark.parametrize("damage", [lambda data: data[: len(data) // 2], lambda data: a_picture(colour=(1, 2, 3))])
def test_a_file_that_is_cut_off_or_another_is_found(
    author: User, at: datetime, kind: str, damage: Callable[[bytes], bytes]
) -> None:
    delivery = planned(author, at)
    if kind == "picture":
        with_pictures(delivery.post, "一杯茶")
        path = store().path(delivery.post.pictures[0].picture.key())
    else:
        video = a_kept_video()
        set_video(delivery.post, video, at=at, alt="泡茶")
        path = store().path(video.key)
    data = path.read_bytes()
    path.write_bytes(damage(data))
    try:
        preflight.check(delivery.id, at, asked=True)
        (broken,) = [one for one in findings.open_of(delivery) if one.word is Word.FILE_BROKEN]
        assert broken.about == {"number": 1 if kind == "picture" else 0}
    finally:
        path.write_bytes(data)
    preflight.check(delivery.id, at, asked=True)
    assert Word.FILE_BROKEN not in found(delivery)


def test_a_sign_in_that_ends_before_the_post_goes_out_is_found(author: User, at: datetime, network: Scripted) -> None:
    delivery = planned_there(author, at, due=at + 3 * DAY)
    delivery.account.expires_at = at + 2 * DAY
    network.refreshes = [{"expires_at": at + 2 * DAY}]
    preflight.check(delivery.id, at, asked=True)
    assert found(delivery) == [Word.ENDS_BEFORE]


def test_a_revoked_sign_in_is_found_half_an_hour_before(author: User, at: datetime, network: Scripted) -> None:
    delivery = planned_there(author, at, due=at + 3 * HOUR)
    jobs.drain(at + 2 * HOUR)
    assert found(delivery) == []
    network.refreshes = [SignIn("the token was revoked")]
    jobs.drain(at + 3 * HOUR - timedelta(minutes=30))
    assert found(delivery) == [Word.SIGN_IN]
    assert delivery.account.trouble == "the token was revoked"


def test_a_network_that_does_not_answer_is_no_trouble_of_the_account(
    author: User, at: datetime, network: Scripted
) -> None:
    delivery = planned_there(author, at, due=at + HOUR)
    delivery.account.checked_at = at - DAY
    network.refreshes = [Ambiguous("timed out")]
    preflight.check(delivery.id, at, asked=True)
    assert (found(delivery), delivery.account.trouble) == ([Word.NO_ANSWER], "")


def test_limits_that_have_shrunk_are_found(author: User, at: datetime, network: Scripted) -> None:
    delivery = planned_there(author, at, due=at + HOUR)
    delivery.account.checked_at = at - DAY
    network.refreshes = [{"facts": {"characters": 5}}]
    preflight.check(delivery.id, at, asked=True)
    assert found(delivery) == [Word.LACKING]


def test_a_link_that_leads_nowhere_is_found(author: User, at: datetime) -> None:
    delivery = planned(author, at, link=make_link("/no-such-page", by=author, at=at))
    preflight.check(delivery.id, at, asked=True)
    assert found(delivery) == [Word.LINK]


def test_a_group_buy_that_is_sold_out_or_over_is_found(author: User, at: datetime) -> None:
    offer = make_draft()
    delivery = planned(author, at, at + HOUR, link=make_link(f"/groupbuys/{offer.public_id}", by=author, at=at))
    preflight.check(delivery.id, at, asked=True)
    assert found(delivery) == [Word.OFFER_OVER]
    offering.open_offer(offer, by=author, at=at)
    preflight.check(delivery.id, at, asked=True)
    assert found(delivery) == []
    offer.taken = offer.seats
    db.session.flush()
    preflight.check(delivery.id, at, asked=True)
    assert found(delivery) == [Word.SOLD_OUT]


def test_a_group_buy_that_is_not_there_is_found(author: User, at: datetime) -> None:
    delivery = planned(author, at, link=make_link("/groupbuys/nothinghere2", by=author, at=at))
    preflight.check(delivery.id, at, asked=True)
    assert found(delivery) == [Word.OFFER_GONE]


def test_posts_too_close_or_too_much_alike_are_found(author: User, at: datetime) -> None:
    one = planned(author, at, text="今天上新，第一批明前龙井，数量不多，先到先得。")
    planned(author, at, at + 3 * DAY + timedelta(minutes=5), text="今天上新，第一批明前龙井，数量不多，先到先得！")
    preflight.check(one.id, at, asked=True)
    assert set(found(one)) == {Word.TOO_CLOSE, Word.ALIKE}
    assert not any(finding.grave for finding in findings.open_of(one))


def test_only_the_nearest_of_one_day_are_compared(author: User, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    text, due = "今天上新，第一批明前龙井，数量不多，先到先得。", at + 3 * DAY
    one = planned(author, at, text=text)
    planned(author, at, due + DAY + HOUR, text=text)
    preflight.check(one.id, at, asked=True)
    assert found(one) == []
    nearer = planned(author, at, due - 2 * HOUR, text="茶歇换水，三点回来。")
    planned(author, at, due - 5 * HOUR, text=text)
    monkeypatch.setattr(checks, "COMPARED_EACH_WAY", 1)
    preflight.check(one.id, at, asked=True)
    assert found(one) == []
    scheduling.cancel(nearer, by=author, at=at)
    preflight.check(one.id, at, asked=True)
    assert found(one) == [Word.ALIKE]


def test_what_is_not_approved_yet_is_found(author: User, at: datetime) -> None:
    delivery = planned(author, at)
    delivery.state = DeliveryState.IN_REVIEW
    preflight.check(delivery.id, at, asked=True)
    assert found(delivery) == [Word.NOT_APPROVED]


def test_what_is_on_its_way_is_left_alone(author: User, at: datetime) -> None:
    delivery = planned(author, at)
    delivery.state = DeliveryState.CANCELLED
    preflight.check(delivery.id, at, asked=True)
    assert db.session.query(Finding).count() == 0


@pytest.mark.parametrize("word", list(Word))
def test_every_finding_has_a_sentence_and_one_button(author: User, at: datetime, word: Word) -> None:
    from flask import current_app

    from campaigns.publishing.finding_words import fix, sentence

    about = {
        "account": "品牌号", "why": "?", "ends_at": at.isoformat(), "number": 1, "text": "茶",
        "at": at.isoformat(), "title": "龙井", "slug": "abc", "address": "https://example.org",
    } if word is not Word.LACKING else {"zh": "太长", "en": "too long"}  # fmt: skip
    finding = Finding(delivery=planned(author, at), stage=Stage.DAY, word=word, about=about, found_at=at)
    with current_app.test_request_context("/"):
        assert sentence(finding)
        button = fix(finding)
    assert button.label
    assert bool(button.url) != bool(button.act)


def test_findings_stand_on_the_start_page_until_the_post_is_out(author: User, at: datetime) -> None:
    delivery = planned(author, at, at + HOUR, link=make_link("/no-such-page", by=author, at=at))
    jobs.drain(at + timedelta(minutes=1))
    assert today.findings_panel(author, at) is not None
    jobs.drain(at + HOUR)
    assert delivery.state is DeliveryState.PUBLISHED
    assert today.findings_panel(author, at) is None
    assert list(findings.open_of(delivery)) == []
