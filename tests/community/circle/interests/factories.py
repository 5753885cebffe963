"""What the tests of the circles make, through the real verbs."""

from __future__ import annotations

from datetime import datetime
from itertools import count

from commons.accounts.models import User
from commons.i18n import Words
from commons.permissions import Role
from community.circle.interests import circles, joining, posting
from community.circle.interests.circles import Look
from community.circle.interests.models import CirclePost, InterestCircle
from community.members.models import Handle, Member
from community.members.profiles import allowing
from community.members.profiles.models import Purpose, Way
from community.members.roster import handle_of, staff_handle
from tests.factories import NOON, make_fan, make_staff

_keys = count(1)
RULES = Words("好好说话\n不发广告", "Speak kindly\nNo advertising")


def look(name: str = "茶友", english: str = "Tea friends") -> Look:
    return Look(Words(name, english), Words("一起喝茶", "Tea together"), RULES, "mug")


def make_circle(name: str = "茶友", english: str = "Tea friends", by: User | None = None) -> InterestCircle:
    return circles.open_circle(look(name, english), by=by or make_staff(), at=NOON)


def make_joined(circle: InterestCircle, name: str = "小满", at: datetime = NOON) -> Member:
    """A fan who belongs to the circle, and allows recommendations."""
    fan = make_fan(name)
    allowing.give(fan.id, Purpose.RECOMMENDATIONS, Way.PROFILE_PAGE, at)
    joining.join(circle, fan, at)
    return fan


def make_host(circle: InterestCircle, name: str = "阿青") -> Member:
    fan = make_joined(circle, name)
    circles.name_host(circle, fan, by=make_staff(), at=NOON)
    return fan


def make_post(
    circle: InterestCircle, by: Member, text: str = "今天喝什么?", at: datetime = NOON, under: CirclePost | None = None
) -> CirclePost:
    return posting.say(circle, handle_of(by), text, at, key=new_key(), under=under)


def brand(role: Role = Role.SOCIAL_MANAGER) -> Handle:
    return staff_handle(make_staff(role), NOON)


def new_key() -> str:
    return f"formkey{next(_keys):06}"


def user_of(member: Member) -> User:
    assert member.user is not None
    return member.user
