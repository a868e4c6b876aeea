"""Where are the pages of appraisals and of villagers' ballots?"""

from __future__ import annotations

from django.urls import URLPattern, path

from lingyan.posting.views import appraisal, ballots, vote

CYCLE = "appraisals/<uuid:cycle_id>"
ENTRY = "appraisal-entries/<uuid:entry_id>"
BOX = "ballots/<uuid:box_id>"


def _step(address: str, act: str) -> URLPattern:
    """The page of one act of the table."""
    return path(f"{CYCLE}/{address}/", appraisal.step_view(act), name=f"appraisal_{act}")


APPRAISAL_PATTERNS = [
    path("appraisals/", appraisal.appraisal_list, name="appraisal_list"),
    path("appraisals/mine/", appraisal.appraisal_own, name="appraisal_own"),
    path("appraisals/open/", appraisal.appraisal_open, name="appraisal_open"),
    path("appraisals/schemes/", appraisal.appraisal_schemes, name="appraisal_schemes"),
    path("appraisals/schemes/new/", appraisal.appraisal_scheme_new, name="appraisal_scheme_new"),
    path(f"{CYCLE}/", appraisal.appraisal, name="appraisal"),
    path(f"{CYCLE}/scores/", appraisal.appraisal_scores, name="appraisal_scores"),
    path(f"{CYCLE}/ranking/", appraisal.appraisal_ranking, name="appraisal_ranking"),
    path(f"{CYCLE}/ranking.xlsx", appraisal.appraisal_workbook, name="appraisal_workbook"),
    path(f"{CYCLE}/ballots/", ballots.ballot_list, name="ballot_list"),
    _step("start", "start"),
    _step("due", "due"),
    _step("summarise", "summarise"),
    _step("send-back", "send_back"),
    _step("deliberate", "deliberate"),
    _step("notify", "notify"),
    _step("archive", "archive"),
    _step("cancel", "cancel"),
    path(f"{ENTRY}/", appraisal.appraisal_entry, name="appraisal_entry"),
    path(f"{ENTRY}/leave-out/", appraisal.appraisal_leave_out, name="appraisal_leave_out"),
    path(f"{ENTRY}/take-in/", appraisal.appraisal_take_in, name="appraisal_take_in"),
    path(f"{ENTRY}/grade/", appraisal.appraisal_grade, name="appraisal_grade"),
    path(f"{ENTRY}/appeal/", appraisal.appraisal_appeal, name="appraisal_appeal"),
    path(
        "appraisal-appeals/<uuid:appeal_id>/review/",
        appraisal.appraisal_review,
        name="appraisal_review",
    ),
    path(f"{BOX}/slips/", ballots.ballot_slips, name="ballot_slips"),
    path(f"{BOX}/hand-out/", ballots.ballot_hand_out, name="ballot_hand_out"),
    path(f"{BOX}/papers/", ballots.ballot_papers, name="ballot_papers"),
]

# Short, because it is read off a slip of paper and typed into a phone.
VOTE_PATTERNS = [
    path("vote/", vote.ballot_vote, name="ballot_vote"),
    path("vote/cast/", vote.ballot_cast, name="ballot_cast"),
    path("vote/done/", vote.ballot_done, name="ballot_done"),
]
