"""Posts that have pictures and videos, in every state, for the tests of the library."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from io import BytesIO

from campaigns.posts.models import BrandPost
from campaigns.posts.series import changing, stamping
from campaigns.posts.series.changing import Wanted
from campaigns.posts.series.models import Series
from campaigns.posts.series.recurring import Every, Rule
from campaigns.posts.writing import add_picture, set_video
from campaigns.publishing import scheduling
from campaigns.publishing.models import Delivery, DeliveryState
from commons import clock, zones
from commons.accounts.models import User
from commons.media.keeping import keep
from commons.media.models import Picture, Video
from commons.media.videos import keep_video
from community.channels.accounts import circle_account
from tests.campaigns.posts.factories import make_post
from tests.commons.media.pictures import a_picture
from tests.commons.media.videos import a_video


@cache
def film() -> bytes:
    return a_video(seconds=0.5, sound="")


def a_kept_picture(name: str = "tea.jpg", by: User | None = None, shade: int = 9) -> Picture:
    data = a_picture(colour=(shade, 0, 0), size=(40, 30))
    return keep(BytesIO(data), name, by=by, at=clock.now())


def a_kept_video(name: str = "tea.mp4", by: User | None = None) -> Video:
    return keep_video(BytesIO(film()), name, by=by, at=clock.now())


def a_post_with(
    what: Picture | Video, by: User, text: str = "明天上午十点，第一批龙井开团。", alt: str = "茶"
) -> BrandPost:
    post = make_post(by, text)
    if isinstance(what, Picture):
        add_picture(post, what, at=clock.now(), by=by, alt=alt)
    else:
        set_video(post, what, at=clock.now(), by=by, alt=alt)
    return post


def a_series_with(picture: Picture, by: User) -> Series:
    """Every Monday the same picture."""
    pictures = {"pictures": [[picture.public_id, "茶"]]}
    content = stamping.composed("早上好，今天喝什么茶？", [circle_account().public_id], None) | pictures
    wanted = Wanted("周一问好", Rule(Every.WEEK, weekdays=(0,)), date(2026, 3, 2), "10:00", "Asia/Shanghai")
    return changing.set_up(wanted, content, by=by, at=clock.now())


def planned(post: BrandPost, by: User, state: DeliveryState = DeliveryState.SCHEDULED) -> Delivery:
    """The post planned for tomorrow, or brought to another state."""
    tomorrow = zones.to_local(clock.now(), "Asia/Shanghai").replace(second=0, microsecond=0) + timedelta(days=1)
    delivery = scheduling.schedule(post, circle_account(), tomorrow, "Asia/Shanghai", by=by, at=clock.now())
    delivery.state = state
    return delivery
