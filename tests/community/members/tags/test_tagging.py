"""Tags as staff put them on: one by one, on thousands, renamed, merged and removed."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select

from commons import jobs
from commons.accounts import leaving
from commons.accounts.models import User
from commons.accounts.slots import exporting
from commons.admin import audit
from commons.db import db
from commons.errors import Conflict, Gone, Invalid
from commons.events import Evidence
from commons.permissions import Role
from community.members import facts
from community.members.listing import Search
from community.members.merging import selves
from community.members.merging.models import Proof
from community.members.models import Member
from community.members.segments import slots
from community.members.segments.tree import Leaf
from community.members.tags import choosing, ending, naming, running, tagging
from community.members.tags.ending import StillAsked
from community.members.tags.models import Act, Tag, Tagging
from tests.community.members.segments.factories import catch_up, every, ids_of, make_segment, work_out
from tests.community.members.segments.factories import kept as kept_in
from tests.factories import make_fan, make_staff


@pytest.fixture
def lead(app: Flask, at: datetime) -> User:
    return make_staff(Role.CAMPAIGN_LEAD)


def a_tag(word: str, by: User, at: datetime, *members: Member) -> Tag:
    tag = naming.named(word, by=by, at=at)
    tagging.put_on(tag, [member.id for member in members], by=by, at=at)
    return tag


def has(tag: Tag) -> set[int]:
    return set(db.session.scalars(select(Tagging.member_id).where(Tagging.tag_id == tag.id)))


def tagged(tag: Tag) -> Leaf:
    return Leaf("tag", {"tag": tag.public_id})


def test_a_word_is_one_tag_however_it_is_written(lead: User, at: datetime) -> None:
    first = naming.named("VIP", by=lead, at=at)

    assert naming.named("vip", by=lead, at=at) is first
    assert naming.named("#ＶＩＰ", by=lead, at=at) is first
    assert naming.named("\u202evip", by=lead, at=at) is first
    assert first.name == "VIP"


@pytest.mark.parametrize("word", ["", " ", "two words", "a,b", "\u200b", "x" * 41, "a\nb"])
def test_what_is_no_word_is_refused(lead: User, at: datetime, word: str) -> None:
    with pytest.raises(Invalid):
        naming.named(word, by=lead, at=at)


def test_putting_on_and_taking_off_are_facts_once_each(lead: User, at: datetime) -> None:
    fan = make_fan()
    tag = a_tag("茶艺师", lead, at, fan)

    assert tagging.put_on(tag, [fan.id], by=lead, at=at) == []
    assert tagging.take_off(tag, [fan.id], at=at) == [fan.id]
    assert tagging.take_off(tag, [fan.id], at=at) == []
    assert tagging.put_on(tag, [fan.id], by=lead, at=at) == [fan.id]

    told = [fact for fact in facts.timeline(fan).rows if fact.kind.startswith("tag.")]
    assert [fact.kind for fact in reversed(told)] == ["tag.put_on", "tag.taken_off", "tag.put_on"]
    assert {fact.evidence for fact in told} == {Evidence.STAFF}
    with force_locale("en"):
        assert facts.say(told[0]) == "Was given the tag “茶艺师”"


def test_a_segment_follows_its_tag(lead: User, at: datetime) -> None:
    fan, other = make_fan("小满"), make_fan("阿木")
    tag = a_tag("茶艺师", lead, at, other)
    segment = make_segment(every(tagged(tag)))
    assert kept_in(segment) == ids_of(other)

    tagging.put_on(tag, [fan.id], by=lead, at=at)
    tagging.take_off(tag, [other.id], at=at)
    catch_up(at)

    assert kept_in(segment) == ids_of(fan)


def test_many_members_are_tagged_piece_by_piece_in_the_background(
    lead: User, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    fans = [make_fan(f"粉丝{number}") for number in range(7)]
    tag = a_tag("春茶", lead, at, fans[2])
    monkeypatch.setattr(running.step, "__defaults__", (3,))

    run = running.start(Act.PUT_ON, tag, by=lead, at=at, chosen=choosing.all_found(Search()))
    assert (run.wanted, run.looked_at, run.ended_at) == (7, 3, None)
    jobs.drain(at)

    db.session.refresh(run)
    assert (run.looked_at, run.changed, run.ended_at) == (7, 6, at)
    assert has(tag) == ids_of(*fans)
    assert not running.step(run.id, at)


def test_taking_off_by_the_very_tag_reaches_everybody(
    lead: User, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    tag = a_tag("春茶", lead, at, *[make_fan(f"粉丝{number}") for number in range(7)])
    monkeypatch.setattr(running.step, "__defaults__", (2,))

    running.start(Act.TAKE_OFF, tag, by=lead, at=at, chosen=choosing.all_found(Search(tag=tag.public_id)))
    jobs.drain(at)

    assert has(tag) == set()


def test_an_act_on_many_is_one_line_of_the_log(lead: User, at: datetime) -> None:
    fans = [make_fan(f"粉丝{number}") for number in range(3)]
    tag = naming.named("春茶", by=lead, at=at)
    running.start(Act.PUT_ON, tag, by=lead, at=at, chosen=choosing.these([fan.public_id for fan in fans]))

    with force_locale("en"):
        lines = [act.words for act in audit.acts(audit.Filter("UTC", actor=lead), 10)]

    assert lines == ["Put the tag “春茶” on members (3)", "Made the tag “春茶”"]


def test_a_new_name_may_differ_in_case_and_must_be_free(lead: User, at: datetime) -> None:
    tag, other = a_tag("vip", lead, at), a_tag("regular", lead, at)

    assert ending.rename(tag, "VIP", by=lead, at=at)
    assert not ending.rename(tag, "VIP", by=lead, at=at)
    with pytest.raises(Conflict):
        ending.rename(tag, "REGULAR", by=lead, at=at)

    db.session.refresh(tag)
    assert (tag.name, naming.called("vip"), naming.called("regular")) == ("VIP", tag, other)


def test_merged_tags_lead_their_members_and_segments_on(lead: User, at: datetime) -> None:
    both, old_one, new_one = make_fan("甲"), make_fan("乙"), make_fan("丙")
    old, new = a_tag("常客", lead, at, both, old_one), a_tag("老茶客", lead, at, both, new_one)
    segment = make_segment(every(tagged(old)))

    run = running.merge(old, new, by=lead, at=at)
    catch_up(at)
    work_out(segment, at)

    assert run.ended_at == at
    assert has(new) == kept_in(segment) == ids_of(both, old_one, new_one)
    assert has(old) == set()
    assert naming.called("常客") is None
    with force_locale("en"):
        assert "老茶客" in segment_words(segment.rules.parts[0])
    with pytest.raises(Gone):
        tagging.put_on(old, [both.id], by=lead, at=at)


def test_a_chain_of_merges_still_leads_to_the_last(lead: User, at: datetime) -> None:
    fan, other = make_fan("甲"), make_fan("乙")
    first, second, third = a_tag("一", lead, at, fan), a_tag("二", lead, at), a_tag("三", lead, at, other)
    segment = make_segment(every(tagged(first)))

    running.merge(first, second, by=lead, at=at)
    running.merge(second, third, by=lead, at=at)
    catch_up(at)
    work_out(segment, at)

    assert kept_in(segment) == ids_of(fan, other)


def test_a_tag_that_is_asked_about_is_not_removed_and_another_is(lead: User, at: datetime) -> None:
    fan = make_fan()
    asked, free = a_tag("一", lead, at, fan), a_tag("二", lead, at, fan)
    make_segment(every(tagged(asked)), "常来的人")

    with pytest.raises(StillAsked, match="常来的人"):
        running.remove(asked, by=lead, at=at)
    assert running.remove(free, by=lead, at=at).changed == 1

    assert [tag.name for tag in tagging.tags_of([fan.id])[fan.id]] == ["一"]
    assert naming.offered() == [asked]


def test_nothing_is_merged_into_itself_or_into_what_is_gone(lead: User, at: datetime) -> None:
    tag, gone = a_tag("一", lead, at), a_tag("二", lead, at)
    running.remove(gone, by=lead, at=at)

    for into in (tag, gone):
        with pytest.raises(Invalid):
            running.merge(tag, into, by=lead, at=at)


def test_tags_are_in_ones_own_data_and_go_when_one_is_erased(lead: User, at: datetime) -> None:
    fan = make_fan()
    tag = a_tag("茶艺师", lead, at, fan)
    assert fan.user is not None
    told = [part["tags"] for plug in exporting if "tags" in (part := plug(fan.user))]
    assert told == [["茶艺师"]]

    leaving.erase(fan.user, at)

    assert has(tag) == set()


def test_who_is_one_person_has_the_tags_of_both_and_each_its_own_after_a_split(lead: User, at: datetime) -> None:
    kept, other = make_fan("小满"), make_fan("满满")
    a_tag("一", lead, at, kept)
    a_tag("二", lead, at, kept, other)
    third = a_tag("三", lead, at, other)
    segment = make_segment(every(tagged(third)))

    merged = selves.merge(kept, other, by=lead, at=at, proof=Proof.STAFF, reason="同一个人")
    catch_up(at)
    assert names_of(kept) == ["一", "三", "二"]
    assert kept_in(segment) == ids_of(kept)

    selves.split(merged, by=lead, at=at, reason="弄错了")
    catch_up(at)
    assert (names_of(kept), names_of(other)) == (["一", "二"], ["三", "二"])
    assert kept_in(segment) == ids_of(other)


def names_of(member: Member) -> list[str]:
    return [tag.name for tag in tagging.tags_of([member.id])[member.id]]


def segment_words(leaf: object) -> str:
    assert isinstance(leaf, Leaf)
    return slots.kinds()[leaf.kind].words(leaf.values)
