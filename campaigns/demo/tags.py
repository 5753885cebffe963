"""What the demo shows of tags: who came to the tasting, who knows tea, a list that was brought in, and a segment of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

from campaigns.demo import segments
from campaigns.demo.stage import Cast
from commons import clock
from community.members.exchange.columns import COLUMNS
from community.members.exchange.importing import members_in
from community.members.models import Member
from community.members.segments import writing
from community.members.segments.tree import Group, Join, Leaf
from community.members.segments.writing import Draft
from community.members.tags import choosing, naming, running
from community.members.tags.models import Act

Step = Callable[[], object]
TASTING, KNOWING, LOYAL = "试喝会", "懂茶", "铁粉"
NEW = "沈青"
"""Somebody who signed the guest book and has no account yet."""


def steps(cast: Cast) -> Iterator[tuple[datetime, Step]]:
    """The steps with their moments, in no order; the segment is made of the tags, so it comes last."""
    yield cast.day(-6, "11:00"), partial(_put_on, cast, TASTING, cast.fans[4:26:2])
    yield cast.day(-5, "10:20"), partial(_put_on, cast, KNOWING, cast.fans[3:40:9])
    yield cast.day(-5, "10:30"), partial(_put_on, cast, LOYAL, cast.fans[:8])
    yield cast.day(-2, "15:10"), partial(_bring_in, cast)
    yield cast.now - timedelta(minutes=9), partial(_make_segment, cast)


def _put_on(cast: Cast, word: str, fans: Sequence[Member]) -> None:
    tag = naming.named(word, by=cast.lead, at=clock.now())
    chosen = choosing.these([fan.public_id for fan in fans])
    running.start(Act.PUT_ON, tag, by=cast.lead, at=clock.now(), chosen=chosen)


def _bring_in(cast: Cast) -> None:
    """The list of the tasting's guest book: three who are known, one who is new and may be written to, and one whom nobody can find."""
    known = [{"id": fan.public_id, "name": fan.name} for fan in cast.fans[10:16:2]]
    new = {"name": NEW, "mail": "shenqing@example.org", "region": "浙江", "consent": "是", "mail_consent": "是"}
    out = io.StringIO()
    table = csv.DictWriter(out, COLUMNS, restval="")
    table.writerow({name: words.zh for name, words in COLUMNS.items()})
    table.writerows({**row, "tags": "留言簿"} for row in (*known, new, {"name": "（字迹不清）"}))
    content, basis = out.getvalue().encode(), "试喝会上本人留名，同意我们记下"
    found = members_in.open("试喝会留言簿.csv", content, basis=basis, by=cast.lead, at=clock.now())
    members_in.confirm(found, by=cast.lead, at=clock.now())
    for row in members_in.waiting_rows(found):
        members_in.write_row(row, clock.now())


def _make_segment(cast: Cast) -> None:
    tag = naming.named(TASTING, by=cast.lead, at=clock.now())
    bought = {"how": "at_least", "times": 1, "period": "ever", "days": None, "first": None, "last": None}
    rules = Group(Join.ALL, (Leaf("tag", {"tag": tag.public_id}), Group(Join.NONE, (Leaf("purchases", bought),))))
    writing.make(Draft("试喝过、还没买", rules, "下次开团先请他们"), by=cast.lead, at=clock.now())
    segments.work_out()
