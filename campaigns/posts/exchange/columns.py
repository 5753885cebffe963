"""The columns of a table of posts, and the words for states in it: both languages are read, one's own is written."""

from __future__ import annotations

from collections.abc import Mapping

from campaigns.publishing.models import DeliveryState
from commons.i18n import Words
from commons.sheets.columns import Columns, plain

COLUMNS: Mapping[str, Words] = {
    "id": Words("编号", "ID"),
    "text": Words("正文", "Text"),
    "parts": Words("后续各条", "Further parts"),
    "first_comment": Words("首条评论", "First comment"),
    "content_warning": Words("内容提示", "Content warning"),
    "channels": Words("渠道", "Channels"),
    "campaign": Words("活动", "Campaign"),
    "labels": Words("标签", "Labels"),
    "when": Words("时间", "When"),
    "zone": Words("时区", "Time zone"),
    "state": Words("状态", "State"),
    "link": Words("链接", "Link"),
}

TABLE = Columns(COLUMNS, needed=("id", "text"))

STATES: Mapping[DeliveryState, Words] = {
    DeliveryState.DRAFT: Words("草稿", "Draft"),
    DeliveryState.IN_REVIEW: Words("审批中", "In review"),
    DeliveryState.APPROVED: Words("已批准", "Approved"),
    DeliveryState.SCHEDULED: Words("已排期", "Scheduled"),
    DeliveryState.HELD: Words("已暂停", "Held"),
    DeliveryState.PUBLISHING: Words("发布中", "Publishing"),
    DeliveryState.PUBLISHED: Words("已发布", "Published"),
    DeliveryState.PARTIAL: Words("部分发布", "Partial"),
    DeliveryState.UNKNOWN: Words("情况不明", "Unknown"),
    DeliveryState.FAILED: Words("失败", "Failed"),
    DeliveryState.MISSED: Words("错过", "Missed"),
    DeliveryState.CANCELLED: Words("已取消", "Cancelled"),
}


def state_of(word: str) -> DeliveryState | None:
    """The state that a cell names, in either language or by its own name."""
    return _STATES.get(plain(word))


_STATES = {plain(word): state for state, words in STATES.items() for word in (state.value, words.zh, words.en)}
