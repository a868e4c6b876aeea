"""Which pages does this part offer?"""

from __future__ import annotations

from django.urls import URLPattern, path

from lingyan.posting.appraisal_urls import APPRAISAL_PATTERNS
from lingyan.posting.liaison_urls import LIAISON_PATTERNS
from lingyan.posting.life_urls import LIFE_PATTERNS
from lingyan.posting.recall_urls import RECALL_PATTERNS
from lingyan.posting.support_urls import SUPPORT_PATTERNS
from lingyan.posting.views import (
    diary,
    needs,
    notices,
    objections,
    pool,
    postings,
    problems,
    reports,
    rounds,
    wishes,
    workbench,
)

NEEDS_PATTERNS = [
    path("health-checks/", needs.health_check_list, name="health_check_list"),
    path("health-checks/bulk/", needs.health_checks_bulk, name="health_checks_bulk"),
    path(
        "health-checks/start/<uuid:village_id>/",
        needs.health_check_start,
        name="health_check_start",
    ),
    path("health-checks/<uuid:check_id>/", needs.health_check, name="health_check"),
    path("health-checks/<uuid:check_id>/edit/", needs.health_check_edit, name="health_check_edit"),
    path(
        "health-checks/<uuid:check_id>/suggest/",
        needs.health_check_suggest,
        name="health_check_suggest",
    ),
    path(
        "health-checks/<uuid:check_id>/submit/",
        needs.health_check_submit,
        name="health_check_submit",
    ),
    path(
        "health-checks/<uuid:check_id>/return/",
        needs.health_check_return,
        name="health_check_return",
    ),
    path(
        "health-checks/<uuid:check_id>/start-review/",
        needs.health_check_start_review,
        name="health_check_start_review",
    ),
    path(
        "health-checks/<uuid:check_id>/opinion/",
        needs.health_check_opinion,
        name="health_check_opinion",
    ),
    path(
        "health-checks/<uuid:check_id>/confirm/",
        needs.health_check_confirm,
        name="health_check_confirm",
    ),
    path("need-lists/", needs.need_list_list, name="need_list_list"),
    path("need-lists/issue/", needs.need_lists_issue, name="need_lists_issue"),
    path("need-lists/<uuid:need_list_id>/", needs.need_list, name="need_list"),
    path("need-lists/<uuid:need_list_id>/edit/", needs.need_list_edit, name="need_list_edit"),
    path("need-lists/<uuid:need_list_id>/issue/", needs.need_list_issue, name="need_list_issue"),
    path("pool/", pool.pool_list, name="pool_list"),
    path("pool/recommend/", pool.pool_recommend, name="pool_recommend"),
    path("pool/review/", pool.pool_review_many, name="pool_review_many"),
    path("pool/<uuid:entry_id>/", pool.pool_entry, name="pool_entry"),
    path("pool/<uuid:entry_id>/edit/", pool.pool_entry_edit, name="pool_entry_edit"),
    path("pool/<uuid:entry_id>/review/", pool.pool_entry_review, name="pool_entry_review"),
    path("pool/<uuid:entry_id>/admit/", pool.pool_entry_admit, name="pool_entry_admit"),
    path("pool/<uuid:entry_id>/return/", pool.pool_entry_return, name="pool_entry_return"),
    path("pool/<uuid:entry_id>/remove/", pool.pool_entry_remove, name="pool_entry_remove"),
    path("pool/<uuid:entry_id>/evidence/", pool.evidence_add, name="evidence_add"),
    path("evidence/<uuid:proof_id>/verify/", pool.evidence_verify, name="evidence_verify"),
    path("my-portrait/", pool.my_portrait, name="my_portrait"),
]


def _step(address: str, act: str) -> URLPattern:
    """The page of one step of a round."""
    return path(
        f"rounds/<uuid:round_id>/{address}/",
        rounds.round_step,
        {"act": act},
        name=f"round_{address.replace('-', '_')}",
    )


ROUND_PATTERNS = [
    path("rounds/", rounds.round_list, name="round_list"),
    path("rounds/new/", rounds.round_open, name="round_open"),
    path("rounds/<uuid:round_id>/", rounds.round_detail, name="round_detail"),
    path("rounds/<uuid:round_id>/villages/", rounds.round_villages, name="round_villages"),
    path(
        "rounds/<uuid:round_id>/villages/add/",
        rounds.round_villages_add,
        name="round_villages_add",
    ),
    path(
        "rounds/<uuid:round_id>/villages/remove/",
        rounds.round_villages_remove,
        name="round_villages_remove",
    ),
    path("rounds/<uuid:round_id>/people/", rounds.round_people, name="round_people"),
    path("rounds/<uuid:round_id>/people/add/", rounds.round_people_add, name="round_people_add"),
    path(
        "rounds/<uuid:round_id>/people/remove/",
        rounds.round_people_remove,
        name="round_people_remove",
    ),
    path(
        "round-people/<uuid:round_person_id>/withdraw/",
        rounds.round_person_withdraw,
        name="round_person_withdraw",
    ),
    path(
        "rounds/<uuid:round_id>/needs.xlsx",
        rounds.round_workbook,
        {"book": "needs"},
        name="round_needs_workbook",
    ),
    path(
        "rounds/<uuid:round_id>/people.xlsx",
        rounds.round_workbook,
        {"book": "people"},
        name="round_people_workbook",
    ),
    path("rounds/<uuid:round_id>/notice/", rounds.round_notice, name="round_notice"),
    path(
        "rounds/<uuid:round_id>/notice/objections/",
        notices.notice_objection_list,
        name="notice_objection_list",
    ),
    path(
        "rounds/<uuid:round_id>/notice/objections/add/",
        notices.notice_objection_add,
        name="notice_objection_add",
    ),
    path(
        "notice-objections/<uuid:notice_objection_id>/settle/",
        notices.notice_objection_settle,
        name="notice_objection_settle",
    ),
    path("rounds/<uuid:round_id>/objections/", objections.objection_list, name="objection_list"),
    path("rounds/<uuid:round_id>/objections/add/", objections.objection_add, name="objection_add"),
    path(
        "rounds/<uuid:round_id>/objections/<uuid:objection_id>/lift/",
        objections.objection_lift,
        name="objection_lift",
    ),
    _step("close-demand", "lock_needs"),
    _step("open-wishes", "open_wishes"),
    _step("open-intentions", "open_intentions"),
    _step("compute", "compute"),
    path("rounds/<uuid:round_id>/stable-best/", rounds.round_stable_best, name="round_stable_best"),
    _step("deliberate", "deliberate"),
    _step("send-back", "send_back"),
    _step("announce", "announce"),
    _step("issue", "issue"),
    _step("cancel", "cancel"),
    path("plans/<uuid:plan_id>/", rounds.plan_detail, name="plan_detail"),
    path("plans/<uuid:plan_id>/choose/", rounds.plan_choose, name="plan_choose"),
]
CHOICE_PATTERNS = [
    path("wishes/", wishes.wish_list, name="wish_list"),
    path("wishes/<uuid:round_person_id>/", wishes.wish_edit, name="wish_edit"),
    path("wishes/<uuid:round_person_id>/save/", wishes.wish_save, name="wish_save"),
    path("wishes/<uuid:round_person_id>/add/<uuid:village_id>/", wishes.wish_add, name="wish_add"),
    path(
        "wishes/<uuid:round_person_id>/refuse/<uuid:village_id>/",
        wishes.wish_refuse,
        name="wish_refuse",
    ),
    path("unit-wishes/", wishes.unit_wish_list, name="unit_wish_list"),
    path("unit-wishes/<uuid:round_person_id>/", wishes.unit_wish_detail, name="unit_wish_detail"),
    path(
        "unit-wishes/<uuid:round_person_id>/confirm/",
        wishes.unit_wish_confirm,
        name="unit_wish_confirm",
    ),
    path(
        "unit-wishes/<uuid:round_person_id>/return/",
        wishes.unit_wish_return,
        name="unit_wish_return",
    ),
    path("intentions/", wishes.intention_list, name="intention_list"),
    path("intentions/<uuid:round_village_id>/", wishes.intention_edit, name="intention_edit"),
    path("intentions/<uuid:round_village_id>/save/", wishes.intention_save, name="intention_save"),
    path(
        "intentions/<uuid:round_village_id>/add/<slug:role>/<uuid:round_person_id>/",
        wishes.intention_add,
        name="intention_add",
    ),
    path(
        "intentions/<uuid:round_village_id>/veto/<uuid:round_person_id>/",
        wishes.intention_veto,
        name="intention_veto",
    ),
]
POSTING_PATTERNS = [
    path("postings/", postings.posting_list, name="posting_list"),
    path("postings/<uuid:posting_id>/", postings.posting_detail, name="posting_detail"),
    path(
        "postings/<uuid:posting_id>/hand-over/",
        postings.posting_hand_over,
        name="posting_hand_over",
    ),
    path(
        "postings/<uuid:posting_id>/complete/",
        postings.posting_complete,
        name="posting_complete",
    ),
]
PLAN = "plans/<uuid:plan_id>"
VILLAGE = f"{PLAN}/workbench/villages/<uuid:village_id>"
WORKBENCH_PATTERNS = [
    path("rounds/<uuid:round_id>/workbench/", workbench.workbench_round, name="workbench_round"),
    path(f"{PLAN}/workbench/", workbench.workbench, name="workbench"),
    path(f"{VILLAGE}/", workbench.workbench_village, name="workbench_village"),
    path(f"{VILLAGE}/<slug:role>/", workbench.workbench_prices, name="workbench_prices"),
    path(
        f"{VILLAGE}/<slug:role>/people/<str:number>/",
        workbench.workbench_pair,
        name="workbench_pair",
    ),
    path(
        f"{PLAN}/workbench/people/<str:number>/",
        workbench.workbench_person,
        name="workbench_person",
    ),
    path(f"{PLAN}/change/", workbench.plan_change, name="plan_change"),
    path(f"{PLAN}/price/", workbench.plan_price, name="plan_price"),
    path(f"{PLAN}/undo/", workbench.plan_undo, name="plan_undo"),
    path(f"{PLAN}/shortages/", workbench.plan_shortages, name="plan_shortages"),
    path(f"{PLAN}/compare/", workbench.plan_compare, name="plan_compare"),
    path(f"{PLAN}/compare/<uuid:other_id>/", workbench.plan_compare, name="plan_compare_with"),
    path(f"{PLAN}/verification/", workbench.plan_verification, name="plan_verification"),
    path(f"{PLAN}/plan.xlsx", workbench.plan_workbook, name="plan_workbook"),
    path(f"{PLAN}/plan.json", workbench.plan_json, name="plan_json"),
    path(f"{PLAN}/print/", workbench.plan_print, name="plan_print"),
]

DIARY = "diary/<uuid:diary_id>"
REPORT = "postings/<uuid:posting_id>/reports/<slug:kind>/<slug:since>"

DIARY_PATTERNS = [
    path("diary/", diary.diary_list, name="diary_list"),
    path("diary/sign-in/", diary.sign_in, name="sign_in"),
    path("diary/write/", diary.diary_write, name="diary_write"),
    path("diary/offline/", diary.diary_offline, name="diary_offline"),
    path("diary/worker.js", diary.diary_worker, name="diary_worker"),
    path("diary/sync/", diary.diary_sync_view, name="diary_sync"),
    path("diary/conflicts/<uuid:conflict_id>/", diary.diary_conflict, name="diary_conflict"),
    path("diary/photos/<uuid:photo_id>/<slug:size>.jpg", diary.diary_photo, name="diary_photo"),
    path(
        "diary/photos/<uuid:photo_id>/remove/", diary.diary_photo_remove, name="diary_photo_remove"
    ),
    path(f"{DIARY}/", diary.diary_entry, name="diary_entry"),
    path(f"{DIARY}/edit/", diary.diary_edit, name="diary_edit"),
    path(f"{DIARY}/withdraw/", diary.diary_withdraw, name="diary_withdraw"),
    path(f"{DIARY}/photos/", diary.diary_photo_add, name="diary_photo_add"),
    path("postings/<uuid:posting_id>/diary/", diary.posting_diary, name="posting_diary"),
    path("reports/", reports.report_list, name="report_list"),
    path(f"{REPORT}/", reports.report_detail, name="report_detail"),
    path(f"{REPORT}/confirm/", reports.report_confirm, name="report_confirm"),
    path("problems/", problems.problem_list, name="problem_list"),
    path("problems/add/", problems.problem_add, name="problem_add"),
    path("problems/<uuid:problem_id>/", problems.problem_detail, name="problem_detail"),
    path("problems/<uuid:problem_id>/<slug:act>/", problems.problem_step, name="problem_step"),
]

urlpatterns = [
    *APPRAISAL_PATTERNS,
    *DIARY_PATTERNS,
    *NEEDS_PATTERNS,
    *ROUND_PATTERNS,
    *CHOICE_PATTERNS,
    *POSTING_PATTERNS,
    *LIFE_PATTERNS,
    *SUPPORT_PATTERNS,
    *LIAISON_PATTERNS,
    *RECALL_PATTERNS,
    *WORKBENCH_PATTERNS,
]
