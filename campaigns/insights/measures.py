"""The measures of the house in plain words: what each says, what is counted, out of what, where it is from, what to beware of.

A number on any page of insights is one of these. docs/insights.md tells how to add one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l


@dataclass(frozen=True)
class Measure:
    """All fields but `name` are lazy words. `denominator` is empty for a plain count."""

    name: str
    label: Any
    meaning: Any
    numerator: Any
    source: Any
    denominator: Any = ""
    caveat: Any = ""


ORDER_SOURCE = _l(
    "Orders by tracked links (signed calls of shops and imported tables) and group buys. An order is one, wherever it came from."
)
NAMELESS = _l("Orders that name no customer are left out; their number stands beside it.")

MEASURES: dict[str, Measure] = {
    one.name: one
    for one in (
        Measure(
            "orders",
            _l("Orders"),
            _l("How much was ordered."),
            _l("Orders whose moment falls into the period."),
            ORDER_SOURCE,
            caveat=_l("Amounts stand in each currency by itself; nothing is converted."),
        ),
        Measure(
            "nameless",
            _l("Orders without a customer"),
            _l("Orders of which nobody said who it was."),
            _l("Orders of the period that name neither a member nor a mark of a customer."),
            ORDER_SOURCE,
            caveat=_l("They count as orders, but nobody can say whether the customer is new. Ask the shop to send the customer."),
        ),
        Measure(
            "new_customers",
            _l("New customers"),
            _l("People who ordered for the first time, and what brought them."),
            _l("Customers whose first order ever falls into the period."),
            _l("The source is that of the link which the first order names; else of the link, or the invitation, by which the person joined; else “direct”."),
            _l("All new customers of the period."),
            _l("A customer is a member, or a stranger whom the shop always names alike. Who used two names is counted twice until both are known to be one."),
        ),
        Measure(
            "repeat_order_share",
            _l("Repeat-order share"),
            _l("How much of what is ordered comes from people who had ordered before."),
            _l("Orders of the period that are not the first one of their customer, whenever that was."),
            ORDER_SOURCE,
            _l("Orders of the period that name a customer."),
            NAMELESS,
        ),
        Measure(
            "repeat_rate",
            _l("Repeat-purchase rate"),
            _l("How many of the customers came again."),
            _l("Customers of the period who by its end had ordered at least twice, be it before or within it."),
            ORDER_SOURCE,
            _l("Customers of the period: everybody with at least one order in it."),
            NAMELESS,
        ),
        Measure(
            "customers",
            _l("Customers"),
            _l("People who ordered."),
            _l("Different customers with at least one order in the period."),
            ORDER_SOURCE,
            caveat=NAMELESS,
        ),
        Measure(
            "repeat_customers",
            _l("Customers who came again"),
            _l("People for whom an order of the period was not the first."),
            _l("Customers of the period with an order in it that is at least their second."),
            ORDER_SOURCE,
            _l("Customers of the period."),
            NAMELESS,
        ),
        Measure(
            "after_complaint",
            _l("Orders after a solved complaint"),
            _l("Whether people whose complaint was solved go on buying: service is marketing."),
            _l("Those of them who ordered within 30 days after their first solution in the period."),
            _l("Appeals against decisions that were answered, reports that were settled, mediations that ended in peace; the service desk brings its cases."),
            _l("Members of whom a complaint was solved in the period, each once."),
            _l("Who was answered less than 30 days ago may still order. That one follows the other does not prove that one caused the other."),
        ),
        Measure(
            "solved_complaints",
            _l("People with a solved complaint"),
            _l("How many people had a complaint that came to an end."),
            _l("Members of whom a complaint was solved in the period, each once."),
            _l("Appeals against decisions that were answered, reports that were settled, mediations that ended in peace; the service desk brings its cases."),
        ),
        Measure(
            "posts",
            _l("Posts published"),
            _l("What the brand said."),
            _l("Posts of the brand that appeared on a channel in the period."),
            _l("The posts as they stand on the channels."),
        ),
        Measure(
            "visits",
            _l("Visits by people"),
            _l("How often somebody followed a link."),
            _l("Visits through tracked links by people; bots, previews, the own team and second visits within half an hour are left out."),
            _l("Tracked links."),
            caveat=_l("A visit is no person: who comes on two days is counted twice. Posts without a tracked link bring no visits here."),
        ),
        Measure(
            "participants",
            _l("Participants"),
            _l("People who took part in a campaign."),
            _l("Members who joined a campaign in the period, each once."),
            _l("Campaigns. The channel is the one by which the person came to the circle."),
            _l("Visits by people, for the share in the funnel."),
            _l("Who takes part need not have followed a link."),
        ),
        Measure(
            "retention",
            _l("Who stays"),
            _l("Of those who joined in a period, how many were active in it and in each one after."),
            _l("Members who did at least one thing of their own in the later period: commented, checked in, joined a group buy and the like."),
            _l("The facts of the circle, counted once a night."),
            _l("Everybody who joined in the period, also those who have left since."),
            _l("The running period is not over. Of fewer than five people no share is shown."),
        ),
        Measure(
            "value",
            _l("What they order"),
            _l("Of those who joined in a period, what one of them has ordered for on average by the end of each period since."),
            _l("The amounts of the orders of these members since the period in which they joined, added up."),
            ORDER_SOURCE,
            _l("Everybody who joined in the period, also those who never ordered."),
            _l("Only orders in the most frequent currency, and only orders of members."),
        ),
        Measure(
            "lift",
            _l("Lift of a campaign"),
            _l("By how much more people did it because the campaign addressed them."),
            _l("The share among those whom the campaign addressed, less the share among those who were kept out by lot before it began."),
            _l("The hold-out group that was drawn before the start; both groups are on record."),
            _l("All members of each group, whether or not they noticed the campaign."),
            _l("The interval, at 95 percent, is that of Newcombe (1998, method 10), built on Wilson (1927). While it holds zero, the campaign may have changed nothing. Whoever was kept out may still find the campaign alone; that makes the lift look smaller."),
        ),
    )
}  # fmt: skip
