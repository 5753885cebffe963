"""Where rooms above take part in what comes in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from commons.slots import Slot
from community.channels.models import ChannelAccount
from community.inbox.incoming import Incoming

arrived: Slot[Callable[[ChannelAccount, Sequence[Incoming], datetime], object]] = Slot(
    "what came in on an account, new or known, once it is filed; asked for every batch, so look before you query"
)
