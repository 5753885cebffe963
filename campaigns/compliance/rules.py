"""The rules, each with where it is written and how it weighs under each preset. References are facts, the sentences are ours.

A rule says what is to be so; what is not so comes from `checks`. To add one: write it here, and its check there.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from campaigns.compliance.models import Preset


class Weight(enum.Enum):
    """A finding that blocks keeps a campaign from being launched; one that warns is looked at by a person first."""

    BLOCKS = "blocks"
    WARNS = "warns"


@dataclass(frozen=True)
class Law:
    """Where a rule is written, by its usual name there, and how it weighs."""

    reference: str
    weight: Weight


@dataclass(frozen=True)
class Rule:
    """`words` say what is to be so. Under a preset that is not in `laws` the rule does not hold."""

    name: str
    words: Any
    laws: Mapping[Preset, Law]


def _blocks(reference: str) -> Law:
    return Law(reference, Weight.BLOCKS)


def _warns(reference: str) -> Law:
    return Law(reference, Weight.WARNS)


PROMOTIONS = "规范促销行为暂行规定（市场监管总局令第32号，2020）"
E_COMMERCE = "Directive 2000/31/EC, Art. 6"
UNFAIR = "Directive 2005/29/EC, Annex I"
ENDORSEMENTS = "16 CFR 255.5"

RULES = (
    Rule(
        "organiser",
        _l("It is said who runs the campaign, how to reach them, and on which terms one takes part."),
        {Preset.CHINA: _warns(f"{PROMOTIONS} 第五条"), Preset.EU_US: _warns(f"{E_COMMERCE}(b), (c)")},
    ),
    Rule(
        "prize_terms",
        _l("Where there are prizes, the organiser, the contact and the terms are published before anybody takes part."),
        {Preset.CHINA: _blocks(f"{PROMOTIONS} 第十三条"), Preset.EU_US: _blocks(f"{E_COMMERCE}(d)")},
    ),
    Rule(
        "prize_published",
        _l("Every draw of the campaign is launched with it, so that its rules can no longer change."),
        {Preset.CHINA: _warns(f"{PROMOTIONS} 第十三条"), Preset.EU_US: _warns(f"{UNFAIR} No. 19")},
    ),
    Rule(
        "prize_cap",
        _l("No single prize of a draw is worth more than 50,000 yuan."),
        {Preset.CHINA: _blocks(f"{PROMOTIONS} 第十七条")},
    ),
    Rule(
        "prize_registration",
        _l("Prizes of more than 5,000 US dollars in all are registered in New York and Florida first."),
        {Preset.EU_US: _warns("N.Y. Gen. Bus. Law § 369-e; Fla. Stat. § 849.094")},
    ),
    Rule(
        "no_purchase",
        _l("One can take part in a draw without buying anything."),
        {Preset.EU_US: _blocks("N.Y. Penal Law § 225.00; Gambling Act 2005 (UK), s. 14, sch. 2")},
    ),
    Rule(
        "induced_sharing",
        _l("Nobody is rewarded for passing something on where that is forbidden, and a reward for it is told."),
        {Preset.CHINA: _warns("微信外部链接内容管理规范：诱导分享"), Preset.EU_US: _warns(ENDORSEMENTS)},
    ),
    Rule(
        "reward_depth",
        _l("A reward is paid only for whom one brought oneself, not for people of people."),
        {Preset.CHINA: _blocks("禁止传销条例（国务院令第444号）第七条"), Preset.EU_US: _warns(f"{UNFAIR} No. 14")},
    ),
    Rule(
        "ad_label",
        _l("Posts that advertise say so."),
        {
            Preset.CHINA: _warns("广告法第十四条；互联网广告管理办法（2023）第九条"),
            Preset.EU_US: _warns(f"{UNFAIR} No. 11; {ENDORSEMENTS}"),
        },
    ),
    Rule(
        "children",
        _l("A guardian agrees for children below the age that the law names."),
        {Preset.CHINA: _blocks("个人信息保护法第三十一条"), Preset.EU_US: _blocks("16 CFR 312.5")},
    ),
    Rule(
        "young_people",
        _l("Below 16 a guardian agrees, unless the country of the fans has a lower age."),
        {Preset.EU_US: _warns("Regulation (EU) 2016/679, Art. 8")},
    ),
    Rule(
        "price_compared",
        _l("A price that is struck out was really asked."),
        {
            Preset.CHINA: _warns("明码标价和禁止价格欺诈规定（市场监管总局令第56号，2022）第十六条"),
            Preset.EU_US: _warns("Directive 98/6/EC, Art. 6a"),
        },
    ),
    Rule(
        "channel_rules",
        _l("What the campaign does is allowed by the places on which it is posted."),
        {Preset.CHINA: _warns(""), Preset.EU_US: _warns("")},
    ),
)
