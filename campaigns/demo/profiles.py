"""What the demo shows of profiles: what each fan allows and tells, something the team entered, and a child who waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from random import Random

from campaigns.demo import story
from campaigns.demo.stage import Cast
from commons import clock
from community.members.profiles import allowing, answers
from community.members.profiles.models import Field, Purpose, Way

Step = Callable[[], object]
# Where the tea house has its friends, how old they are, what they learnt and what they like: each as often as it stands here.
REGIONS = (
    ["ZJ"] * 9
    + ["FJ"] * 7
    + ["SH"] * 6
    + ["JS"] * 5
    + ["GD"] * 5
    + ["BJ"] * 4
    + ["SC", "HB", "YN", "AH", "SD", "elsewhere"]
)
AGES = ["18_24"] * 4 + ["25_34"] * 9 + ["35_44"] * 7 + ["45_54"] * 3 + ["55_64"] * 2 + ["65_up"]
EDUCATION = ["high_school"] * 2 + ["college"] * 4 + ["bachelor"] * 8 + ["master"] * 3 + ["doctor"]
INTERESTS = [
    "travel",
    "food",
    "reading",
    "photography",
    "outdoors",
    "crafts",
    "music",
    "art",
    "plants",
    "home",
    "pets",
    "films",
]
CHILD, CALLED = 59, 6


def steps(cast: Cast) -> Iterator[tuple[datetime, Step]]:
    """The steps with their moments, in no order."""
    chance = Random(18)
    for number in range(len(story.FANS)):
        moment = cast.day(-27, "10:20") + timedelta(hours=9 * number)
        yield min(moment, cast.now - timedelta(minutes=30)), partial(_tell, cast, number, chance.getrandbits(32))
    yield cast.day(-3, "15:10"), partial(_note, cast)


def _tell(cast: Cast, number: int, seed: int) -> None:
    """Consent first, then the answers; not everybody answers everything, and not everybody allows everything."""
    fan, chance, at = cast.fans[number], Random(seed), clock.now()
    allowing.give(fan.id, Purpose.PROFILE, Way.PROFILE_PAGE, at)
    if number == CHILD:
        answers.tell(fan, {Field.AGE_BAND: ["under_14"]}, at)
        return
    for purpose in (Purpose.RECOMMENDATIONS, Purpose.STATISTICS):
        if chance.random() < 0.85 or number == 0:
            allowing.give(fan.id, purpose, Way.PROFILE_PAGE, at)
    told = {
        Field.REGION: [chance.choice(REGIONS)],
        Field.INTEREST: ["tea", *chance.sample(INTERESTS, chance.randint(1, 3))],
    }
    if chance.random() < 0.9:
        told[Field.AGE_BAND] = [chance.choice(AGES)]
    if chance.random() < 0.6:
        told[Field.EDUCATION] = [chance.choice(EDUCATION)]
    answers.tell(fan, told, at)


def _note(cast: Cast) -> None:
    """A service agent corrects where somebody lives, after a phone call."""
    basis = "电话里说上个月搬到了厦门，麻烦改一下。"
    answers.enter(cast.fans[CALLED], {Field.REGION: ["FJ"]}, basis=basis, by=cast.staff["hetian"], at=clock.now())
