"""Lists of members in: matched, never overwritten, a second time nothing; and out again, to come back as the same."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest
from flask_babel import force_locale
from sqlalchemy import func, select

from commons import jobs
from commons.accounts import signing_up
from commons.accounts.models import User
from commons.db import db
from commons.errors import NotAllowed
from commons.permissions import Role
from commons.sheets.cells import Unreadable
from commons.sheets.files import MOST_BYTES
from commons.sheets.models import Outcome, Verdict
from commons.tables import csv_lines
from community.members import facts, listing, roster
from community.members.exchange.importing import members_in
from community.members.exchange.models import AwaitedMail
from community.members.listing import Search
from community.members.merging import selves
from community.members.merging.models import Proof
from community.members.models import Handle, Member
from community.members.segments.tree import Leaf
from community.members.tags import naming, tagging
from community.members.tags.tagging import tags_of
from tests.campaigns.posts.exchange.tables import a_csv, an_xlsx
from tests.community.inbox.factories import make_account
from tests.community.members.exchange.lists import HEAD, members, taken_in, verdicts, written
from tests.community.members.merging.factories import stranger_says
from tests.community.members.segments.factories import catch_up, every, ids_of, kept, make_segment
from tests.factories import make_fan, make_staff, make_user

XIAOMAN = ["小满", "Man@Example.org", "weibo:1001", "春茶; 熟客", "2025-12-24"]


def tag_names(member: Member) -> list[str]:
    return [tag.name for tag in tags_of([member.id])[member.id]]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_nothing_is_written_before_it_is_confirmed_and_then_all_of_it(lead: User, at: datetime, kind: str) -> None:
    content = a_csv(HEAD, XIAOMAN) if kind == "csv" else an_xlsx(HEAD, XIAOMAN)
    found = members_in.open(f"list.{kind}", content, basis="signed our list", by=lead, at=at)
    assert (verdicts(found), members(), naming.offered()) == ([Verdict.NEW], [], [])

    members_in.confirm(found, by=lead, at=at)
    assert not members_in.confirm(found, by=lead, at=at)
    jobs.drain(at)

    (member,) = members()
    assert (member.name, member.user_id, member.joined_at) == ("小满", None, datetime(2025, 12, 23, 16, tzinfo=UTC))
    assert {(one.channel, one.external_id) for one in member.handles} == {
        ("circle", member.public_id), ("weibo", "1001"),
    }  # fmt: skip
    assert tag_names(member) == ["春茶", "熟客"]
    assert db.session.scalars(select(AwaitedMail.mail)).all() == ["man@example.org"]
    kinds = {fact.kind for fact in facts.timeline(member).rows}
    assert kinds >= {"member.joined", "member.brought", "tag.put_on"}
    assert roster.handle_of(member).name == "小满"


def test_the_same_list_a_second_time_changes_nothing(lead: User, at: datetime) -> None:
    rows = [XIAOMAN, ["阿木", "", "mastodon:mu@tea.example", "", ""], ["小山", "shan@example.org", "", "", ""]]
    written(lead, at, *rows)
    before = [(member.id, member.name, member.joined_at, tag_names(member)) for member in members()]

    again = taken_in(lead, at, *rows)
    assert verdicts(again) == [Verdict.SAME] * 3
    members_in.confirm(again, by=lead, at=at)
    jobs.drain(at)

    assert {row.outcome for row in members_in.rows_of(again)} == {Outcome.UNCHANGED}
    assert [(member.id, member.name, member.joined_at, tag_names(member)) for member in members()] == before


def test_what_is_known_is_never_overwritten_and_what_differs_is_told(lead: User, at: datetime) -> None:
    fan = make_fan("小满", at=at)
    assert fan.user is not None
    tagging.put_on(naming.named("熟客", by=lead, at=at), [fan.id], by=lead, at=at)

    with force_locale("en"):
        found = taken_in(lead, at, ["满满", fan.user.email or "", "weibo:1001", "vip 熟客", "2020-01-01"])
    (row,) = members_in.rows_of(found)
    assert row.verdict is Verdict.CHANGED
    assert row.changes == [["handles", "", "weibo:1001"], ["tags", "熟客", "熟客; vip"]]
    assert [name for name, _words in row.notes] == ["name", "joined"]
    assert "Stays as it is: 小满" in row.notes[0][1]["en"]
    members_in.confirm(found, by=lead, at=at)
    jobs.drain(at)

    db.session.refresh(fan)
    assert (fan.name, fan.joined_at, tag_names(fan)) == ("小满", at, ["vip", "熟客"])
    assert members() == [fan]


def test_a_stranger_who_was_heard_before_becomes_the_member(lead: User, at: datetime) -> None:
    handle = stranger_says(make_account("teahouse", "weibo"), "a comment", name="满满")

    written(lead, at, [*XIAOMAN[:2], f"weibo:{handle.external_id}", *XIAOMAN[3:]])

    db.session.refresh(handle)
    (member,) = members()
    assert (handle.member, handle.name) == (member, "满满")
    kinds = [fact.kind for fact in facts.timeline(member).rows]
    assert "interaction.comment" in kinds
    assert "handle.joined" in kinds


def test_broken_rows_are_named_with_their_number_and_the_others_go_on(lead: User, at: datetime) -> None:
    team = make_staff(name="阿岚")
    fan, other = make_fan("小满"), make_fan("阿木")
    db.session.add(Handle(channel="weibo", external_id="9", name="官方", user_id=team.id, first_seen_at=at))
    db.session.flush()
    assert fan.user is not None
    rows = [
        ["好的", "good@example.org", "", "", ""],
        ["没有", "", "", "", ""],
        ["", "noname@example.org", "", "", ""],
        ["坏", "no address", "", "", ""],
        ["坏", "b@example.org", "weibo", "", ""],
        ["坏", "c@example.org", "nowhere:1", "", ""],
        ["坏", "d@example.org", "weibo:9", "", ""],
        ["坏", "e@example.org", "", "x" * 41, ""],
        ["坏", "f@example.org", "", "", "2026-02-30"],
        ["坏", "g@example.org", "", "", "2999-01-01"],
        ["两个人", fan.user.email or "", f"circle:{other.public_id}", "", ""],
        ["坏", team.email or "", "", "", ""],
        ["又", "GOOD@example.org", "", "", ""],
        ["=1+1", "h@example.org", "", "", ""],
        ["没人", "", "circle:nobody", "", ""],
    ]
    with force_locale("en"):
        found = taken_in(lead, at, *rows)
    assert verdicts(found) == [Verdict.NEW] + [Verdict.BROKEN] * 14
    members_in.confirm(found, by=lead, at=at)
    jobs.drain(at)

    done = members_in.rows_of(found)
    assert [row.number for row in done if row.outcome is Outcome.REFUSED] == list(range(3, 17))
    assert all(row.problems and row.problems[0][1] for row in done[1:])
    assert "Row 2 means the same person already." in done[12].problems[0][1]["en"]
    assert [member.name for member in members()] == ["小满", "阿木", "好的"]


def test_whoever_reads_a_row_reads_what_is_wrong_with_it_in_his_own_language(lead: User, at: datetime) -> None:
    twice = ["小满", "a@example.org", "", "", ""]
    found = taken_in(lead, at, ["坏", "no address", "", "", ""], twice, twice)
    broken, _first, second = members_in.rows_of(found)
    for language, words in (("zh_Hans", "不是邮箱地址"), ("en", "is no mail address")):
        with force_locale(language):
            assert words in broken.wrong[0][1]
    with force_locale("en"):
        assert second.wrong == [("", "Row 3 means the same person already.")]
    with force_locale("zh_Hans"):
        assert "Row" not in second.wrong[0][1]


def test_tricks_in_names_are_taken_out_with_a_word_and_markup_stays_words(lead: User, at: datetime) -> None:
    with force_locale("en"):
        found = taken_in(
            lead,
            at,
            ["\u202e小\u200b满\x07", "a@example.org", "", "", ""],
            ["<b>阿木</b>", "b@example.org", "", "", ""],
        )
    first, second = members_in.rows_of(found)
    assert "turn the direction of writing" in first.notes[0][1]["en"]
    assert second.notes == []
    members_in.confirm(found, by=lead, at=at)
    jobs.drain(at)

    assert [member.name for member in members()] == ["小满", "<b>阿木</b>"]


def test_cells_like_formulas_are_plain_words_once_somebody_says_so(lead: User, at: datetime) -> None:
    found = taken_in(lead, at, ["@小满", "a@example.org", "", "", ""], ["'-阿木", "b@example.org", "", "", ""])
    assert verdicts(found) == [Verdict.BROKEN, Verdict.NEW]

    members_in.compare_again(found, True, by=lead, at=at)

    assert verdicts(found) == [Verdict.NEW, Verdict.NEW]
    members_in.confirm(found, by=lead, at=at)
    jobs.drain(at)
    assert [member.name for member in members()] == ["@小满", "-阿木"]


@pytest.mark.parametrize(
    "content", [b"", b"Price\n1", b"Mail address\n" + b"x" * MOST_BYTES, b"Mail address\n" + b"a\n" * 5001, b"PK\x03\x04x"],
    ids=["empty", "no column", "too large", "too many", "broken"],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_refused_with_a_reason(lead: User, at: datetime, content: bytes) -> None:
    with pytest.raises(Unreadable) as refusal:
        members_in.open("x.csv", content, basis="x", by=lead, at=at)
    assert refusal.value.message


def test_only_whoever_chose_the_file_imports_it(lead: User, at: datetime) -> None:
    found = taken_in(lead, at, XIAOMAN)
    with pytest.raises(NotAllowed):
        members_in.confirm(found, by=make_staff(Role.CAMPAIGN_LEAD), at=at)


def test_whoever_signs_up_with_a_known_address_is_that_member(lead: User, at: datetime) -> None:
    written(lead, at, XIAOMAN)
    (member,) = members()
    user = make_user(Role.FAN, "满满", email="man@example.org")

    signing_up.welcome(user, at)

    assert members() == [member]
    assert roster.member_of(user) is member
    assert (member.name, roster.handle_of(member).name, tag_names(member)) == ("满满", "满满", ["春茶", "熟客"])
    assert db.session.scalar(select(func.count()).select_from(AwaitedMail)) == 0
    with force_locale("en"):
        assert "Opened an account" in facts.say(facts.timeline(member).rows[0])


def test_the_address_of_a_second_account_means_the_one_person(lead: User, at: datetime) -> None:
    kept_one, other = make_fan("小满", at=at), make_fan("满满", at=at)
    assert other.user is not None
    address = other.user.email or ""
    selves.merge(kept_one, other, by=lead, at=at, proof=Proof.STAFF, reason="同一个人")

    (row,) = members_in.rows_of(taken_in(lead, at, ["小满", address, "", "春茶", ""]))

    assert (row.verdict, row.member) == (Verdict.CHANGED, kept_one)


def test_an_address_that_is_not_confirmed_takes_nobody_over(lead: User, at: datetime) -> None:
    written(lead, at, XIAOMAN)
    user = make_user(Role.FAN, "骗子", email="man@example.org", confirmed_at=None)

    roster.enrol(user, at)

    assert [member.name for member in members()] == ["小满", "骗子"]


def test_the_export_comes_back_as_the_same(lead: User, at: datetime) -> None:
    written(lead, at, XIAOMAN)
    fan = make_fan("=1+1", at=at)
    make_fan("'@quoted", at=at)
    tagging.put_on(naming.named("春茶", by=lead, at=at), [fan.id], by=lead, at=at)

    rows = listing.table(Search(), lead, lead.zone)
    content = "".join(csv_lines(rows)).encode()
    found = members_in.open("members.csv", content, basis="our own list", by=lead, at=at)

    assert verdicts(found) == [Verdict.SAME] * 3
    assert [row.notes for row in members_in.rows_of(found)] == [[], [], []]
    assert len(list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))) == 4


def test_imported_members_are_in_segments_at_once(lead: User, at: datetime) -> None:
    tag = naming.named("春茶", by=lead, at=at)
    segment = make_segment(every(Leaf("tag", {"tag": tag.public_id}), Leaf("handle", {"channel": "weibo"})))

    written(lead, at, XIAOMAN)
    catch_up(at)

    assert kept(segment) == ids_of(*members())
