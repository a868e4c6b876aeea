"""Administrators see whose programs may come in, and turn one away with a reason."""

from __future__ import annotations

import pytest
from django.urls import reverse

from lingyan.api.actions import revoke_token
from lingyan.api.models import ApiToken
from lingyan.common.refusals import Refused
from lingyan.platform.audit.models import AuditEntry
from tests.api.programs import program
from tests.world import World


def test_an_administrator_revokes_with_a_reason(world: World) -> None:
    caller, client = program(world.officer), world.client(world.sys_admin)
    token = ApiToken.objects.get()
    url = reverse("all_tokens_revoke", args=[token.pk])
    shown = client.get(reverse("all_tokens")).content.decode()
    assert "试验程序" in shown
    assert caller.secret not in shown

    assert client.post(url, {"reason": " "}).status_code == 422
    assert caller.get("/me").status_code == 200
    assert client.post(url, {"reason": "程序泄露"}).status_code == 302

    assert caller.get("/me").status_code == 401
    entry = AuditEntry.objects.get(action="api.token.revoked")
    assert entry.reason == "程序泄露"
    assert entry.actor_user_id == world.sys_admin.user_id
    assert "没有有效的令牌" in client.get(reverse("all_tokens")).content.decode()
    assert client.post(url, {"reason": "再来"}).status_code == 404


def test_nobody_else_sees_or_revokes_anothers_token(world: World) -> None:
    caller = program(world.officer)
    token = ApiToken.objects.get()
    for actor in (world.admin, world.leader, world.audit_admin, world.stranger):
        client = world.client(actor)
        assert client.get(reverse("all_tokens")).status_code == 403
        url = reverse("all_tokens_revoke", args=[token.pk])
        assert client.post(url, {"reason": "试"}).status_code == 403
        with pytest.raises(Refused) as refused:
            revoke_token(token, actor=actor, reason="试")
        assert refused.value.refusals[0].code == "api.token.not_yours"
    with pytest.raises(Refused) as refused:
        revoke_token(token, actor=world.sys_admin)
    assert [one.code for one in refused.value.refusals] == ["api.token.no_reason"]

    assert caller.get("/me").status_code == 200


def test_the_history_says_that_an_act_came_by_a_token(world: World) -> None:
    body = {"name": "县林业局", "category": "county_dept", "place": str(world.county.pk)}
    assert program(world.admin).post("/units", body).status_code == 201

    by_program = AuditEntry.objects.get(action="directory.unit.created")
    assert by_program.actor_scope == f"{world.admin.acting_as} · 令牌“试验程序”"
    assert by_program.actor_user_id == world.admin.user_id
