"""The templates there are, the long ones first. To add one: docs/campaigns.md."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from campaigns.planning.models import CampaignKind, Grade, MissionKind
from campaigns.planning.templates import Template, TemplatePhase, TemplateRisk, TemplateTask

LONG = (
    Template(
        name="photo_call",
        kind=CampaignKind.CONTENT,
        icon="camera",
        title=_l("Show us yours"),
        summary=_l(
            "Four weeks, one small question a week. Show how it is with you, and look at how it is with others."
        ),
        goal=_l("Contributions of fans that we can show for a year"),
        lasts=timedelta(days=28),
        goals={"participants": 200, "comments": 300, "opened_shares": 60, "posts": 12},
        missions=(
            (MissionKind.COMMENT, _l("Answer three times under posts of the campaign"), 3),
            (MissionKind.SHARE, _l("Share one post so that somebody opens it"), 1),
            (MissionKind.CHECK_IN, _l("Check in on seven days"), 7),
        ),
        phases=(
            TemplatePhase(_l("Teaser"), timedelta(days=-3), timedelta()),
            TemplatePhase(_l("Invitation"), timedelta(), timedelta(days=7)),
            TemplatePhase(_l("Main phase"), timedelta(days=7), timedelta(days=24)),
            TemplatePhase(_l("Finale and thanks"), timedelta(days=24), timedelta(days=28)),
        ),
        tasks=(
            TemplateTask(_l("Write the brief: what is shown, what is not"), timedelta(days=-10)),
            TemplateTask(_l("Ask for the right to show what fans send in"), timedelta(days=-7)),
            TemplateTask(_l("Write the posts of the first week"), timedelta(days=-4)),
            TemplateTask(_l("Answer every contribution of the first day"), timedelta(days=1)),
            TemplateTask(_l("Choose the best of the week and feature them"), timedelta(days=7)),
            TemplateTask(_l("Thank everybody and say what becomes of it"), timedelta(days=27)),
        ),
        budget=(_l("Thank-you parcels"), _l("Photography and layout")),
        risks=(
            TemplateRisk(
                _l("Few dare to be the first"),
                Grade.MEDIUM,
                Grade.HIGH,
                _l("Ask five seed users beforehand to take part on the first day, under their own names."),
            ),
            TemplateRisk(
                _l("Somebody sends in a picture of others"),
                Grade.MEDIUM,
                Grade.MEDIUM,
                _l("Look at it before it is shown; take it down within an hour of a complaint."),
            ),
        ),
    ),
    Template(
        name="meeting",
        kind=CampaignKind.COMMUNITY,
        icon="users-group",
        title=_l("Meet at our table"),
        summary=_l("Three weeks in which people of the circle get to know each other: first here, then at one table."),
        goal=_l("People who know each other by name afterwards"),
        lasts=timedelta(days=21),
        goals={"participants": 120, "comments": 240, "new_members": 40, "posts": 9},
        missions=(
            (MissionKind.COMMENT, _l("Introduce yourself under a post of the campaign"), 1),
            (MissionKind.CHECK_IN, _l("Look in on five days"), 5),
            (MissionKind.SHARE, _l("Bring somebody along: share a post that gets opened"), 1),
        ),
        phases=(
            TemplatePhase(_l("Teaser"), timedelta(days=-4), timedelta()),
            TemplatePhase(_l("Getting to know each other"), timedelta(), timedelta(days=10)),
            TemplatePhase(_l("Meeting"), timedelta(days=10), timedelta(days=18)),
            TemplatePhase(_l("Afterwards"), timedelta(days=18), timedelta(days=21)),
        ),
        tasks=(
            TemplateTask(_l("Find hosts, and a place without a threshold"), timedelta(days=-12)),
            TemplateTask(_l("Write the invitation in one sentence"), timedelta(days=-6)),
            TemplateTask(_l("Greet everybody who introduces themselves"), timedelta(days=3)),
            TemplateTask(_l("Confirm seats, allergies, ways to get there"), timedelta(days=9)),
            TemplateTask(_l("Send round what was talked about"), timedelta(days=19)),
        ),
        budget=(_l("Room"), _l("Drinks and food")),
        risks=(
            TemplateRisk(
                _l("More come than there are seats"),
                Grade.MEDIUM,
                Grade.MEDIUM,
                _l("Say the number of seats from the start, keep a waiting list, offer a second date."),
            ),
            TemplateRisk(
                _l("Somebody is harassed"),
                Grade.LOW,
                Grade.HIGH,
                _l("Two hosts whom everybody can turn to; who does it leaves at once."),
            ),
        ),
    ),
    Template(
        name="new_product",
        kind=CampaignKind.PRODUCT,
        icon="shopping-bag",
        title=_l("Something new"),
        summary=_l("One feature, told in three weeks: what it solves, how it was made, who has it already."),
        goal=_l("Everybody in the circle can say what is new about it"),
        lasts=timedelta(days=21),
        goals={"participants": 150, "opened_shares": 80, "seats": 60, "orders": 40, "posts": 10},
        missions=(
            (MissionKind.COMMENT, _l("Ask a question about it"), 1),
            (MissionKind.SHARE, _l("Show it to a friend who opens it"), 1),
            (MissionKind.JOIN_GROUP_BUY, _l("Join the group buy"), 1),
        ),
        phases=(
            TemplatePhase(_l("Teaser"), timedelta(days=-5), timedelta()),
            TemplatePhase(_l("Questions"), timedelta(), timedelta(days=5)),
            TemplatePhase(_l("Group buy"), timedelta(days=5), timedelta(days=16)),
            TemplatePhase(_l("First experiences"), timedelta(days=16), timedelta(days=21)),
        ),
        tasks=(
            TemplateTask(_l("Say in one sentence which trouble it ends"), timedelta(days=-10)),
            TemplateTask(_l("Check stock, price and delivery times"), timedelta(days=-7)),
            TemplateTask(_l("Set up the group buy and its link"), timedelta(days=-2)),
            TemplateTask(_l("Answer every question of the first two days"), timedelta(days=2)),
            TemplateTask(_l("Invite buyers to review, whatever they say"), timedelta(days=17)),
        ),
        budget=(_l("Samples"), _l("Pictures and video")),
        risks=(
            TemplateRisk(
                _l("It sells out, and people are angry"),
                Grade.MEDIUM,
                Grade.MEDIUM,
                _l("Say the number of seats openly; say when the next batch comes."),
            ),
            TemplateRisk(
                _l("A fault is found in the first batch"),
                Grade.LOW,
                Grade.HIGH,
                _l("Stop the group buy, say so within the hour, replace without a discussion."),
            ),
        ),
    ),
)

REAL_TIME = (
    Template(
        name="moment",
        kind=CampaignKind.CONTENT,
        icon="bolt",
        title=_l("Just now"),
        summary=_l("It is happening now. Tell us how it looks from where you are."),
        goal=_l("Voices of fans while the topic is warm"),
        lasts=timedelta(hours=24),
        goals={"participants": 50, "comments": 60},
        missions=((MissionKind.COMMENT, _l("Say something under a post of the campaign"), 1),),
        phases=(
            TemplatePhase(_l("Open"), timedelta(), timedelta(hours=18)),
            TemplatePhase(_l("Last hours"), timedelta(hours=18), timedelta(hours=24)),
        ),
        tasks=(
            TemplateTask(_l("Post within half an hour"), timedelta(minutes=30)),
            TemplateTask(_l("Answer the first twenty comments"), timedelta(hours=2)),
            TemplateTask(_l("Thank, and show the best voices"), timedelta(hours=23)),
        ),
        risks=(
            TemplateRisk(
                _l("The mood turns, or the occasion becomes a sad one"),
                Grade.MEDIUM,
                Grade.HIGH,
                _l("End it early and hold what is planned."),
            ),
        ),
        real_time=True,
    ),
    Template(
        name="tonight",
        kind=CampaignKind.COMMUNITY,
        icon="messages",
        title=_l("Together tonight"),
        summary=_l("One evening, one topic, everybody who is there."),
        goal=_l("People who stay and talk to each other"),
        lasts=timedelta(hours=8),
        goals={"participants": 40, "comments": 80},
        missions=(
            (MissionKind.COMMENT, _l("Join in the conversation twice"), 2),
            (MissionKind.CHECK_IN, _l("Check in tonight"), 1),
        ),
        phases=(
            TemplatePhase(_l("Coming in"), timedelta(), timedelta(hours=2)),
            TemplatePhase(_l("Talking"), timedelta(hours=2), timedelta(hours=8)),
        ),
        tasks=(
            TemplateTask(_l("Ask the first question"), timedelta(minutes=15)),
            TemplateTask(_l("Sum up what was said"), timedelta(hours=7)),
        ),
        real_time=True,
    ),
    Template(
        name="flash_offer",
        kind=CampaignKind.PRODUCT,
        icon="tag",
        title=_l("Today only"),
        summary=_l("A small offer that fits today. When it is gone it is gone."),
        goal=_l("Sell what fits today, to those who want it"),
        lasts=timedelta(hours=12),
        goals={"participants": 30, "seats": 20},
        missions=(
            (MissionKind.JOIN_GROUP_BUY, _l("Join the group buy"), 1),
            (MissionKind.SHARE, _l("Show it to a friend who opens it"), 1),
        ),
        phases=(
            TemplatePhase(_l("Open"), timedelta(), timedelta(hours=10)),
            TemplatePhase(_l("Last hours"), timedelta(hours=10), timedelta(hours=12)),
        ),
        tasks=(
            TemplateTask(_l("Check that it can be delivered"), timedelta(minutes=15)),
            TemplateTask(_l("Say how many are left"), timedelta(hours=6)),
        ),
        risks=(
            TemplateRisk(
                _l("It sells out within minutes"),
                Grade.MEDIUM,
                Grade.LOW,
                _l("Say so at once, and when there will be more."),
            ),
        ),
        real_time=True,
    ),
)


def named(name: str | None) -> Template | None:
    """The template of that name; None for any other word."""
    return next((template for template in (*LONG, *REAL_TIME) if template.name == name), None)
