"""Blocks to look at: a picture, a video."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import regex
from flask import current_app
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from sqlalchemy import Select, select
from wtforms import HiddenField, StringField
from wtforms.validators import Length, ValidationError

from campaigns.pages.blocks import Block, BlockForm, BlockKind, Scene, require_words, words
from commons.db import ALPHABET, PUBLIC_ID_LENGTH, db
from commons.media.models import Picture, Video

_ID = rf"[{ALPHABET}]{{{PUBLIC_ID_LENGTH}}}"
PUBLIC_ID = regex.compile(_ID)
OF_OURS = regex.compile(rf"/media/videos/({_ID})")


class PictureFields(BlockForm):
    """A picture that may be there, and what it shows. A file that is chosen takes the place of the one that is kept."""

    picture = HiddenField()
    picture_file = FileField(_l("Picture"))
    alt_zh, alt_en = words(_l("What the picture shows"), most=300)

    def validate_picture(self, field: HiddenField) -> None:
        known = not field.data or _is_among(Picture.public(), field.data)
        if not known:
            raise ValidationError(_l("The picture is no longer there. Choose another."))

    def validate_alt_zh(self, _field: Any) -> None:
        if self.picture.data or self.picture_file.data:
            require_words(self, "alt")


class PictureForm(PictureFields):
    caption_zh, caption_en = words(_l("Words under the picture"), most=300)

    def validate_picture_file(self, field: FileField) -> None:
        if not field.data and not self.picture.data:
            raise ValidationError(_l("Choose a picture."))


class PictureBlock(BlockKind):
    """One picture with the words for those who do not see it."""

    name = "picture"
    label = _l("Picture")
    hint = _l("One picture with a description for those who do not see it.")
    icon = "photo"
    form = PictureForm
    template = "campaigns/pages/kinds/picture.html"
    pictures = ("picture",)

    def summary(self, block: Block) -> str:
        return str(block.said("caption") or block.said("alt"))


class VideoForm(BlockForm):
    title_zh, title_en = words(_l("Heading"), most=120)
    video = HiddenField()
    video_file = FileField(_l("Video file"))
    address = StringField(_l("Or the address of a video of ours"), validators=[Length(max=300)])
    alt_zh, alt_en = words(_l("What the video shows and says"), most=1500, lines=True)

    def validate_address(self, field: StringField) -> None:
        if field.data and video_named(field.data) is None:
            raise ValidationError(
                _l("Pages play videos of this house only. Upload the file, or copy its address from the media library.")
            )

    def validate_video_file(self, field: FileField) -> None:
        if not field.data and not self.address.data and not self.video.data:
            raise ValidationError(_l("Choose a file, or give an address."))

    def validate_video(self, field: HiddenField) -> None:
        if field.data and not _is_among(select(Video), field.data):
            raise ValidationError(_l("The video is no longer there. Choose another."))

    def validate_alt_zh(self, _field: Any) -> None:
        require_words(self, "alt")

    def content(self) -> dict[str, Any]:
        kept = super().content()
        address = kept.pop("address")
        found = video_named(address) if address else None
        return {**kept, "video": found.public_id if found else kept["video"]}


class VideoBlock(BlockKind):
    """One video of the house: nothing is loaded from others while somebody looks at a page."""

    name = "video"
    label = _l("Video")
    hint = _l("One video that was uploaded here, with its content in words.")
    icon = "video"
    form = VideoForm
    template = "campaigns/pages/kinds/video.html"
    videos = ("video",)

    def read(self, blocks: Sequence[Block], scene: Scene) -> Mapping[str, Mapping[str, Any]]:
        return {block.id: {"video": scene.videos.get(block.fields.get("video", ""))} for block in blocks}

    def summary(self, block: Block) -> str:
        return str(block.said("title") or block.said("alt"))


def video_named(address: str) -> Video | None:
    """The video that an address of ours plays: its path, or the whole address on our own name. The policy of our pages
    (`media-src 'self'`) lets no other play.
    """
    parts, house = urlsplit(address.strip()), urlsplit(current_app.config["BASE_URL"])
    is_ours = (parts.scheme, parts.netloc) in {("", ""), (house.scheme, house.netloc)}
    found = OF_OURS.fullmatch(parts.path) if is_ours else None
    return db.session.scalar(select(Video).where(Video.public_id == found.group(1))) if found else None


def _is_among(known: Select[Any], public_id: str) -> bool:
    found = known.filter_by(public_id=public_id)
    return bool(PUBLIC_ID.fullmatch(public_id)) and db.session.scalars(found).first() is not None
