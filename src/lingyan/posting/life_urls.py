"""Where are the pages of a posting's life, of leave and of presence?"""

from __future__ import annotations

from django.urls import URLPattern, path

from lingyan.posting.views import leave, life, presence

POSTING = "postings/<uuid:posting_id>"


def _step(address: str, act: str) -> URLPattern:
    """The page of one act of the table."""
    return path(f"{POSTING}/{address}/", life.step_view(act), name=f"posting_{act}")


LIFE_PATTERNS = [
    path("due/", life.life_due, name="life_due"),
    _step("train", "train"),
    _step("arrive", "arrive"),
    _step("suspend", "suspend"),
    _step("resume", "resume"),
    _step("continue", "continue"),
    _step("appraise-term", "appraise_term"),
    _step("cease", "cease"),
    path(f"{POSTING}/extend/", life.posting_extend, name="posting_extend"),
    path(f"{POSTING}/transfer/", life.posting_transfer, name="posting_transfer"),
    path("steps/", life.step_list, name="step_list"),
    path("steps/<uuid:step_id>/decide/", life.step_decide, name="step_decide"),
    path("leave/", leave.leave_list, name="leave_list"),
    path(f"{POSTING}/leave/ask/", leave.leave_ask, name="leave_ask"),
    path("leave/<uuid:leave_id>/", leave.leave_detail, name="leave_detail"),
    path("leave/<uuid:leave_id>/decide/", leave.leave_decide, name="leave_decide"),
    path("leave/<uuid:leave_id>/return/", leave.leave_return, name="leave_return"),
    path("leave/<uuid:leave_id>/withdraw/", leave.leave_withdraw, name="leave_withdraw"),
    path("presence/", presence.presence_today, name="presence_today"),
    path("presence/months/", presence.presence_months, name="presence_months"),
    path(f"{POSTING}/presence/<slug:month>/", presence.presence_month, name="presence_month"),
    path("absences/", presence.absence_list, name="absence_list"),
    path(f"{POSTING}/absences/add/", presence.absence_add, name="absence_add"),
    path("absences/<uuid:absence_id>/", presence.absence_detail, name="absence_detail"),
    path("absences/<uuid:absence_id>/state/", presence.absence_state, name="absence_state"),
    path("absences/<uuid:absence_id>/settle/", presence.absence_settle, name="absence_settle"),
]
