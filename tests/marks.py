"""Who took it away, as whom and when: what every list says that leaves the system."""

from __future__ import annotations

import re

from lingyan.platform.accounts.actor import Actor


def assert_marked(text: object, actor: Actor, *, act: str = "导出") -> None:
    who = re.escape(f"{actor.name}（{actor.acting_as}）")
    assert re.search(rf"{who}\d{{4}}-\d\d-\d\d \d\d:\d\d {act}", str(text)), text
