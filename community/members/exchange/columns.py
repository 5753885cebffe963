"""The columns of a list of members, and its cells that hold several things."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from commons.i18n import Words
from commons.sheets.columns import Columns
from community.members.models import Handle
from community.members.profiles import choices
from community.members.profiles.models import Answer, Field
from community.members.tags.models import Tag

BETWEEN = "; "

COLUMNS: Mapping[str, Words] = {
    "id": Words("编号", "ID"),
    "name": Words("名字", "Name"),
    "mail": Words("邮箱", "Mail address"),
    "handles": Words("渠道账号", "Handles"),
    "tags": Words("标签", "Tags"),
    "joined": Words("加入时间", "Joined"),
    "region": Words("地域", "Region"),
    "age_band": Words("年龄段", "Age"),
    "education": Words("学历", "Education"),
    "interest": Words("兴趣", "Interests"),
    "consent": Words("同意保存资料", "Consent to the profile"),
    "mail_consent": Words("同意收邮件", "Consent to mail"),
}

FIELDS: Mapping[str, Field] = {field.value: field for field in Field}

ALSO: Mapping[str, str] = {
    "e-mail": "mail", "email": "mail", "mail": "mail", "邮件": "mail", "电子邮箱": "mail", "昵称": "name", "姓名": "name",
    "账号": "handles", "handle": "handles", "tag": "tags", "joined at": "joined", "加入日期": "joined", "interests": "interest", "age band": "age_band",
    "年龄": "age_band", "consent": "consent",
}  # fmt: skip

TABLE = Columns(COLUMNS, needed=("id", "mail", "handles"), most_rows=5000, also=ALSO)


def handles_cell(handles: Iterable[Handle]) -> str:
    """Each as `channel:account`, as the channel itself names the account."""
    return BETWEEN.join(f"{handle.channel}:{handle.external_id}" for handle in handles)


def tags_cell(tags: Iterable[Tag]) -> str:
    return BETWEEN.join(tag.name for tag in tags)


def answers_cell(answers: Iterable[Answer], field: Field) -> str:
    """What is known of one field, in the reader's language."""
    return BETWEEN.join(choices.words(field, answer.value) for answer in answers if answer.field is field)
