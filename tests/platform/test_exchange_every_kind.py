"""Does every kind of sheet that goes out come back as the same?"""

from __future__ import annotations

import io
from typing import Any

from lingyan.common import clock
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.exchange import exporting
from lingyan.platform.exchange.models import Import
from lingyan.platform.exchange.registry import KINDS, ExchangeKind
from tests.furnished import ISSUED_ON, furnish
from tests.platform.sheets import sent
from tests.world import World


def out_and_back(kind: ExchangeKind, option: str, actor: Actor) -> Import:
    target = io.BytesIO()
    exporting.export_records(kind, target, option=option, actor=actor, purpose="名册核对")
    return sent(kind.code, target.getvalue(), actor, option=option)


def test_every_kind_goes_out_and_comes_back_as_the_same(world: World) -> None:
    furnish(world)
    everyone = {actor.role: actor for actor in reversed(world.everyone)}
    found: dict[str, Any] = {}
    empty = set()

    with clock.at(ISSUED_ON):
        for kind in KINDS.values():
            roles = [role for role in kind.import_roles if role in kind.export_roles]
            actor = next(everyone[role] for role in roles if role in everyone)
            for option, _ in kind.options(actor) or [("", "")]:
                run = out_and_back(kind, option, actor)
                found[f"{kind.code} {option}"] = (
                    run.state, run.new_count, run.changed_count, run.wrong_count, run.meanwhile,
                )  # fmt: skip
                if not run.same_count:
                    empty.add(kind.code)

    assert {code.split()[0] for code in found} == set(KINDS)
    assert found == dict.fromkeys(found, ("checked", 0, 0, 0, []))
    assert not empty
