"""Pages with blocks, made through the real verbs."""

from __future__ import annotations

from typing import Any

from campaigns.pages import drafting, publishing, versions
from campaigns.pages.blocks import Block
from campaigns.pages.models import CampaignPage, PageVersion
from campaigns.planning.models import Campaign
from commons import clock
from commons.accounts.models import User
from commons.permissions import Role
from tests.campaigns.factories import SHANGHAI
from tests.factories import make_staff


def writer(name: str = "许乔") -> User:
    return make_staff(Role.CAMPAIGN_LEAD, name)


def text(zh: str = "", en: str = "", title: str = "") -> dict[str, Any]:
    """The fields of a text block."""
    return {"title_zh": title, "title_en": "", "text_zh": zh, "text_en": en}


def a_page(campaign: Campaign, *texts: str, by: User | None = None) -> CampaignPage:
    """A draft with a hero and one text block for each of `texts`."""
    by = by or writer()
    page = drafting.begun(campaign, by=by, at=clock.now())
    hero = Block("hero", "hero", {"title_zh": "一人茶席", "title_en": "A table for one", "text_zh": "", "text_en": ""})
    blocks = [hero, *(Block(f"text{number}", "text", text(words)) for number, words in enumerate(texts))]
    drafting.replace(page, blocks, revision=page.revision, by=by, at=clock.now())
    return page


def a_version(page: CampaignPage, by: User | None = None) -> PageVersion:
    return versions.keep(page, revision=page.revision, by=by or writer(), at=clock.now())


def published(page: CampaignPage, by: User | None = None) -> PageVersion:
    version = a_version(page, by)
    publishing.publish(version, SHANGHAI, by=by or writer(), at=clock.now())
    return version


def kinds_of(page: CampaignPage) -> list[str]:
    return [block.kind for block in drafting.blocks_of(page)]


def ids_of(page: CampaignPage) -> list[str]:
    return [block.id for block in drafting.blocks_of(page)]
