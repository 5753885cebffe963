"""What goes into the export of one's data, and what goes when a person is erased."""

from __future__ import annotations

from flask import Flask

from community.circle.interests import joining, leaving, mediating, mood, reading, reporting
from community.circle.interests.models import Reason
from community.members.roster import handle_of
from tests.community.circle.interests.factories import make_circle, make_host, make_joined, make_post, new_key, user_of
from tests.factories import NOON


def test_the_export_holds_everything_of_the_person_and_nothing_of_others(app: Flask) -> None:
    circle = make_circle()
    fan, other = make_joined(circle), make_joined(circle, "老周")
    make_post(circle, fan, "我的话")
    theirs = make_post(circle, other, "他的话")
    mood.tell_mood(circle, fan, 4, NOON)
    reporting.report(theirs, fan, Reason.ABUSE, NOON, "骂人")
    mediating.ask(circle, handle_of(fan), handle_of(other), "他骂我", NOON, key=new_key())
    found = leaving.export(user_of(fan))["circles"]
    assert [post["text"] for post in found["posts"]] == ["我的话"]
    assert [one["value"] for one in found["moods"]] == [4]
    assert [one["note"] for one in found["reports"]] == ["骂人"]
    assert [one["text"] for one in found["mediation_words"]] == ["他骂我"]
    assert len(found["memberships"]) == 1


def test_an_erased_persons_words_and_moods_are_gone_and_open_disputes_end(app: Flask) -> None:
    circle = make_circle()
    fan, other = make_joined(circle), make_joined(circle, "老周")
    root = make_post(circle, fan, "我的话")
    answer = make_post(circle, other, "他的话", under=root)
    mood.tell_mood(circle, fan, 4, NOON)
    dispute = mediating.ask(circle, handle_of(other), handle_of(fan), "他骂我", NOON, key=new_key())
    for _ in range(2):
        leaving.erase(user_of(fan), NOON)
    assert (root.text, root.stands, answer.stands) == ("", False, True)
    assert (joining.circles_of(fan), reading.page(circle).cards) == ([], [])
    assert (mood.weeks(circle, NOON), dispute.closed_at) == ([], NOON)
    assert leaving.export(user_of(other))["circles"]["posts"][0]["text"] == "他的话"


def test_what_an_erased_person_mediated_is_free_for_another_and_reports_are_answered(app: Flask) -> None:
    circle = make_circle()
    one, two, host = make_joined(circle), make_joined(circle, "老周"), make_host(circle)
    dispute = mediating.ask(circle, handle_of(one), handle_of(two), "他骂我", NOON, key=new_key())
    mediating.take(dispute, handle_of(host), NOON)
    reporting.report(make_post(circle, host, "圈主的话"), one, Reason.OTHER, NOON)
    leaving.erase(user_of(host), NOON)
    assert (dispute.mediator_id, dispute.closed_at, reporting.open_reports()) == (None, None, [])
