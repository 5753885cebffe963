"""Offers for fans of some regions only."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from flask_babel import force_locale

from campaigns.groupbuys.joining import join
from campaigns.groupbuys.regions import Elsewhere
from commons.errors import Invalid
from community.members.models import Member
from community.members.profiles.models import Purpose
from tests.campaigns.factories import make_draft, make_offer
from tests.community.members.profiles.factories import allow, tell
from tests.factories import make_fan


def from_region(name: str, code: str, at: datetime) -> Member:
    fan = make_fan(name)
    allow(fan, Purpose.PROFILE, at=at)
    tell(fan, at, region=code)
    return fan


def test_only_fans_of_the_regions_join(app: Flask, at: datetime) -> None:
    offer = make_offer(regions=["SH", "ZJ"])
    assert join(offer, from_region("小满", "ZJ", at), at).stands
    with pytest.raises(Elsewhere):
        join(offer, from_region("谷雨", "BJ", at), at)
    assert offer.taken == 1


def test_who_told_no_region_reads_where_it_is_for_and_what_to_do(app: Flask, at: datetime) -> None:
    offer = make_offer(regions=["SH", "ZJ"])
    with force_locale("en"), pytest.raises(Elsewhere) as refusal:
        join(offer, make_fan(), at)
    assert refusal.value.message == "This offer is for fans in Shanghai, Zhejiang."
    assert "profile" in refusal.value.advice


def test_a_region_that_does_not_exist_makes_no_offer(app: Flask, at: datetime) -> None:
    with pytest.raises(Invalid):
        make_draft(regions=["Atlantis"])
