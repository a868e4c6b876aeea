"""What does each form ask, what does the system know where it is asked, and on which pages?

Declared once. A form that asks for what is known fails `tests/posting/test_burden.py`; the burden
meter counts by the same table (减负: 系统已有的不再填).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

# --- what the system knows, by the place where a form stands ------------------------------------

ALWAYS = frozenset({"填表人姓名", "填表人身份", "填表人单位", "今天"})
PERSON = ALWAYS | {"姓名", "人员编号", "单位", "职务", "性别", "出生日期", "政治面貌", "入党日期"}
POSTING = PERSON | {
    "派驻村", "派驻类别", "派驻日期", "任期最后一天", "选派文号", "在村天数", "请假天数",
    "保险单号", "保险起止", "岗前培训学时", "未解决的问题",
}  # fmt: skip
VISIT = POSTING | {"走访日期", "走访人", "走访方"}
REPORT = POSTING | {"工作纪实", "走访户数合计"}
VILLAGE = ALWAYS | {"村名", "乡镇", "村类型", "村干部"}
PAIR = VILLAGE | {"单位", "派驻村", "结对起止", "协议内容"}
ROUND = ALWAYS | {"批次名称", "派驻起始日", "参加的人", "参加的村"}

# --- what a field asks ---------------------------------------------------------------------------

# Field names that mean the same fact wherever they stand.
FACT_OF_FIELD = {
    "name": "姓名", "person_number": "人员编号", "unit": "单位", "job_title": "职务",
    "gender": "性别", "birth_on": "出生日期", "political_status": "政治面貌",
    "party_joined_on": "入党日期", "village": "派驻村", "term_starts_on": "派驻起始日",
    "starts_on": "派驻起始日", "days": "在村天数", "policy_number": "保险单号",
    "insured_since": "保险起止", "insured_last_day": "保险起止", "village_types": "村类型",
    "found_on": "走访日期", "training_hours": "岗前培训学时", "person": "姓名", "town": "乡镇",
}  # fmt: skip
# What only whoever fills it in can say: words, decisions, days on which something was done.
NEW = frozenset({
    "text", "reason", "answer", "outcome", "on", "since", "until", "last_day", "kind", "back_on",
    "happened_on", "right_amount", "document_number", "decision", "decided_on", "decided_by",
    "due_on", "owner",
    "raised", "about", "form", "by_head", "met_person", "with_whom", "households", "need",
    "photos", "duty",
    "statement", "substitute", "party_relation_on", "remark", "summary", "note", "file", "option",
    "purpose",
    "holder", "target", "amount", "year", "month", "item", "level", "title", "position", "key",
    "clause", "paid_on", "voucher_number", "receipt_number", "handled_by", "by_whom", "grade",
    "ground", "source", "months", "number", "papers", "counters", "slips", "code", "priority",
    "quarter", "waive_reason", "removal_reason", "capability", "severity", "capabilities", "weight",
    "latitude", "longitude", "radius_m", "system", "is_workday", "day", "relation", "other",
    "kept", "what", "subject", "access", "assignment", "place", "delegate", "username", "role",
    "post", "category", "password", "old_password", "new_password1", "new_password2", "remember",
    "first", "second", "counted_slips", "is_open",
})  # fmt: skip
HIDDEN = frozenset({"entry", "base", "version"})


@dataclass(frozen=True, slots=True)
class FormAsks:
    """One form: what is known where it stands, on which pages, and what of it is special.

    `shown`: what is known stands in the field already and may be corrected, with the reason.
    `own`: fields whose name means something else here, or that have a meaning only here; all new.
    """

    form: str
    knows: frozenset[str]
    pages: tuple[str, ...] = ()
    shown: Mapping[str, str] | None = None
    own: tuple[str, ...] = ()

    def asks_again(self, fields: tuple[str, ...]) -> list[str]:
        """The fields of which the system knows the answer, and which do not show it."""
        return [
            name
            for name in fields
            if name not in self.own
            and name not in (self.shown or {})
            and FACT_OF_FIELD.get(name) in self.knows
        ]

    def unnamed(self, fields: tuple[str, ...]) -> list[str]:
        """Fields of which nobody has said what they ask."""
        said = {*self.own, *(self.shown or {}), *FACT_OF_FIELD, *NEW, *HIDDEN}
        return [name for name in fields if name not in said]


def _asks(
    module: str, knows: frozenset[str], forms: Mapping[str, tuple[str, ...]]
) -> Iterator[FormAsks]:
    """Plain forms of a module: name and pages."""
    for name, pages in forms.items():
        yield FormAsks(f"{module}.{name}", knows, pages)


PUT_RIGHT = "登记簿里的内容，显示出来供更正"
REGISTER = ("name", "short_name", "number", "unit", "village", "job_title", "rank", "gender",
            "birth_on", "political_status", "party_joined_on", "work_started_on", "education",
            "ethnicity", "native_place", "household_place", "grown_up_place", "residence_place",
            "id_number", "conflict_reason", "phone", "village_kind", "code_edition", "edition",
            "credit_code", "sector", "industry", "headcount")  # fmt: skip

POSTING_FORMS: tuple[FormAsks, ...] = (
    *_asks("posting.life", POSTING, {
        "SuspendForm": ("posting_suspend",),
        "TextForm": ("posting_resume", "posting_continue", "posting_appraise_term"),
        "CeaseForm": ("posting_cease",),
        "ExtendForm": ("posting_extend",),
        "AnswerForm": ("step_decide", "leave_decide", "absence_settle"),
        "LeaveForm": ("leave_ask",),
        "BackForm": ("leave_return",),
        "AbsenceForm": ("absence_add",),
        "StatementForm": ("absence_state",),
        "TodayForm": (),
    }),
    FormAsks("posting.life.TrainForm", POSTING - {"岗前培训学时"}, ("posting_train",)),
    # Asked only where nobody has entered a policy for the whole term yet.
    FormAsks("posting.life.ArriveForm", POSTING, ("posting_arrive",),
             own=("policy_number", "insured_since", "insured_last_day")),
    FormAsks("posting.life.TransferForm", POSTING, ("posting_transfer",), own=("village",)),
    FormAsks("posting.life.MonthForm", POSTING, ("presence_month",),
             shown={"days": "按记录算好，村里认为不对的改，并写明情况"}),
    FormAsks("posting.rounds.HandOverForm", POSTING, ("posting_hand_over",),
             shown={"text": "未解决的问题已列在里面，其他交接事项接着写"}),
    *_asks("posting.diary", POSTING, {
        "EntryForm": ("diary_write", "diary_edit"),
        "WithdrawForm": ("diary_withdraw",),
        "ProblemTextForm": ("problem_step",),
        "ProblemAgainForm": ("problem_step",),
    }),
    FormAsks("posting.diary.ProblemForm", POSTING, ("problem_add",)),
    FormAsks("posting.diary.RemarkForm", REPORT, ("report_confirm",)),
    *_asks("posting.liaison", VISIT, {
        "RaisedForm": ("visit_raise",),
        "VisitRecordForm": ("visit_add",),
        "VisitWithdrawForm": ("visit_withdraw",),
    }),
    FormAsks("posting.liaison.LiaisonForm", ALWAYS, ("liaison_add",)),
)  # fmt: skip

SELECTION_FORMS: tuple[FormAsks, ...] = (
    *_asks("posting.rounds", ROUND, {
        "DecisionForm": ("round_deliberate",),
        "WaiveForm": ("round_open_intentions",),
        "ReasonForm": ("round_cancel", "round_send_back", "plan_choose", "objection_lift",
                       "round_person_withdraw", "wish_refuse", "unit_wish_return",
                       "intention_veto"),
        "SettleObjectionForm": ("notice_objection_settle",),
        "NothingForm": ("round_stable_best",),
        "NoticeObjectionForm": ("notice_objection_add",),
        "ObjectionForm": ("objection_add",),
    }),
    FormAsks("posting.rounds.RoundForm", ALWAYS, ("round_open",),
             own=("name", "term_starts_on", "term_months", "unit_limit", "town_min", "town_max",
                  "goal_order", "score_slack", "own_town", "seed")),
    FormAsks("posting.rounds.IssueForm", ROUND, ("round_issue",),
             shown={"starts_on": "按批次拟定的日期，发文改了的再改"}),
    *_asks("posting.needs", VILLAGE, {
        "OpinionForm": ("health_check_opinion",),
        "ReasonForm": ("health_check_return",),
    }),
    FormAsks("posting.needs.ConfirmForm", VILLAGE, ("health_check_confirm",),
             shown={"village_types": "按体检结果算好，由县里认定"}),
    FormAsks("posting.needs.HealthCheckForm", VILLAGE, ("health_check_edit",),
             own=("first_secretary_seats", "member_seats", "profile_remark")),
    FormAsks("posting.needs.NeedForm", VILLAGE, ("need_list_edit",)),
    FormAsks("posting.needs.NeedListForm", VILLAGE, ("need_list_edit",),
             shown={"village_types": "按体检或上次清单填好"},
             own=("priority_class", "first_secretary_seats", "first_secretary_lower",
                  "member_seats", "member_lower", "language", "rank_wanted")),
    *(FormAsks(f"posting.pool.{name}", PERSON, pages, own=(
        "person", "category", "health", "discipline", "sanction_until", "full_member_since",
        "retires_on", "source", "grassroots_years", "result_1", "result_2", "result_3",
        "languages", "distance_minutes_max", "hardship", "wanted_kinds", "posted_elsewhere",
        "last_posting_until", "recalled_on", "recall_village", "recall_ground",
        "relatives_named", "refused_villages", "refusal_reason", "business_villages",
    )) for name, pages in (("DeclarationForm", ("pool_entry_edit",)),
                           ("RecommendForm", ("pool_recommend",)))),
    *_asks("posting.pool", PERSON, {
        "EvidenceForm": ("evidence_add",),
        "RemoveForm": ("pool_entry_remove",),
    }),
    *_asks("posting.workbench", ROUND, {
        "ChangeForm": ("plan_change",),
        "UndoForm": ("plan_undo",),
    }),
)  # fmt: skip

REGISTER_FORMS: tuple[FormAsks, ...] = (
    FormAsks("directory.records.PersonForm", PERSON, ("person_edit", "person_create"),
             shown=dict.fromkeys(REGISTER, PUT_RIGHT)),
    FormAsks("directory.records.PlaceForm", VILLAGE, ("place_edit",),
             shown=dict.fromkeys(REGISTER, PUT_RIGHT)),
    FormAsks("directory.records.NewPlaceForm", ALWAYS, ("place_create",), own=REGISTER),
    FormAsks("directory.records.UnitForm", ALWAYS, ("unit_edit", "unit_create"), own=REGISTER),
    FormAsks("directory.settings.SettingForm", ALWAYS, ("county_settings",)),
    FormAsks("directory.records.DepartureForm", PERSON, ("person_depart",), own=("document",)),
    FormAsks("directory.records.OfficerForm", ALWAYS, ("officer_create",)),
    *_asks("directory.records", ALWAYS, {
        "AdjoiningForm": ("adjoining_list",),
        "CalendarForm": ("calendar",),
        "EndOfficeForm": ("officer_end",),
        "RelativeForm": ("relative_add",),
    }),
    FormAsks("directory.place_changes.PlaceChangeForm", ALWAYS, ("place_change_create",), own=(
        "source", "sources", "goes_on", "ends", "parts", "name", "town", "edition",
        "effective_on")),
    *_asks("directory.place_changes", ALWAYS, {"UndoForm": ("place_change_undo",)}),
    *_asks("directory.people", PERSON, {
        "NotTheSameForm": ("duplicate_tell_apart",),
        "RevealForm": ("person_reveal",),
        "UndoMergeForm": ("merge_undo",),
    }),
    FormAsks("directory.people.MergeForm", PERSON, ("duplicate",), own=("confirmed",)),
    FormAsks("directory.accounts.AccountForm", ALWAYS, ("account_create",)),
    FormAsks("directory.accounts.GrantForm", ALWAYS, ("granted_list",)),
    FormAsks("directory.accounts.RoleForm", ALWAYS, ("account",)),
    *_asks("directory.accounts", ALWAYS, {
        "DelegationForm": ("delegation_list",),
        "IdentityForm": ("account_identity",),
        "OwnPasswordForm": ("own_password",),
        "ReasonForm": ("account_set_active", "account_unlock", "account_reset_factor",
                       "account_sign_out", "role_end", "granted_end", "delegation_end"),
    }),
    *_asks("platform.exchange", ALWAYS, {
        "ExportForm": ("exchange_export",),
        "UploadForm": ("exchange_upload",),
    }),
    FormAsks("api.TokenForm", ALWAYS, ("token_create",), own=("name",)),
    FormAsks("api.RevokeForm", ALWAYS, ("all_tokens_revoke",)),
)  # fmt: skip

DUTY_FORMS: tuple[FormAsks, ...] = (
    *_asks("posting.appraisal", POSTING, {
        "AppealForm": ("appraisal_appeal",),
        "CodeForm": ("ballot_vote", "ballot_cast"),
        "DecisionForm": ("appraisal_deliberate",),
        "DueForm": ("appraisal_open",),
        "GradeForm": ("appraisal_grade",),
        "PapersForm": ("ballot_papers",),
        "ReasonForm": ("appraisal_leave_out",),
        "ReviewForm": ("appraisal_review",),
        "SendBackForm": ("appraisal_send_back",),
    }),
    FormAsks("posting.appraisal.OpenForm", ALWAYS, ("appraisal_open",)),
    FormAsks("posting.appraisal.SchemeForm", ALWAYS, ("appraisal_scheme_new",), own=(
        "kinds", "valid_from", "town", "mass", "county", "unit", "town_items", "county_items",
        "unit_items", "excellent", "competent", "basic", "excellent_max")),
    FormAsks("posting.appraisal.VillageSlipsForm", VILLAGE, ("ballot_list",), own=("households",)),
    *_asks("posting.recall", POSTING, {
        "AnswerForm": ("replacement_step",),
        "DayForm": ("recall_step",),
        "DecideForm": ("recall_step",),
        "NoForm": (),
        "OpenForm": ("recall_open",),
        "TextForm": ("recall_step",),
        "WarnForm": ("recall_step",),
    }),
    # Whom it is about is not known here: somebody is looked for.
    FormAsks("posting.recall.IssueForm", ROUND, ("replacement_step",), own=("starts_on",)),
    FormAsks("posting.recall.NominateForm", VILLAGE, ("vacancy_nominate",)),
    FormAsks("posting.recall.ProposeForm", VILLAGE, ("vacancy_propose",)),
    *_asks("posting.support", POSTING, {
        "AcceptForm": ("help_step",),
        "BudgetForm": ("fund_set",),
        "CareerForm": ("career_nominate",),
        "CorrectionForm": ("payment_correct",),
        "HelpForm": ("help_ask",),
        "HelpTextForm": ("help_step",),
        "HonorForm": ("honor_nominate",),
        "MakeListForm": ("payment_make",),
        "PassOnForm": ("help_step",),
        "PayForm": ("payment_pay",),
        "ReasonForm": ("support_record_void", "insurance_void", "fund_correct", "payment_return",
                       "correction_void"),
        "RecordForm": ("support_add",),
        "SettleForm": ("honor_detail", "career_detail"),
        "SpendForm": ("fund_ledger",),
        "WaiveForm": ("insurance_waive",),
    }),
    # The policy itself is entered here, once; no other page asks for it.
    FormAsks("posting.support.PolicyForm", POSTING - {"保险单号", "保险起止"}, ("insurance_add",)),
)  # fmt: skip

PAIRING_FORMS: tuple[FormAsks, ...] = (
    # Which of the own pairs it is for is ticked already where there is only one.
    FormAsks("pairing.activities.ActivityForm", PAIR,
             ("activity_add", "activity_correct", "activity_hold"), own=(
        "version", "state", "pairings", "has_oath", "mode", "hours", "people", "online", "names",
        "villagers", "venue", "beneficiaries", "goals", "is_another")),
    *_asks("pairing.activities", PAIR, {
        "CancelForm": ("activity_cancel",),
        "CheckForm": ("activity_check",),
    }),
    FormAsks("pairing.invitations.AnswerForm", PAIR, ("pair_invitation",), own=("answer",)),
    FormAsks("pairing.assessments.EvaluateForm", PAIR, ("pair_assessment_evaluate",),
             own=("points",)),
    FormAsks("pairing.assessments.ReturnForm", PAIR, ("pair_assessment_decide",)),
    *_asks("pairing.ledgers", PAIR, {
        "AcceptForm": ("pair_problem_step",),
        "JoinForm": ("pair_problem_join",),
        "ReasonForm": ("pair_fund_correct", "pair_fund_drop", "pair_problem_drop"),
        "SplitForm": ("pair_fund_split",),
        "StepTextForm": ("pair_problem_step",),
        "TodayForm": (),
    }),
    FormAsks("pairing.ledgers.ClaimForm", PAIR, ("pair_fund_claim", "pair_problem_claim"),
             own=("pairing",)),
    FormAsks("pairing.ledgers.ConfirmForm", PAIR, ("pair_problem_step",),
             own=("beneficiaries", "confirmed_on")),
    FormAsks("pairing.ledgers.EntryForm", PAIR, ("pair_fund_entry",), own=("stage", "evidence")),
    FormAsks("pairing.ledgers.OfPairsForm", PAIR, own=("pairings", "is_another")),
    FormAsks("pairing.ledgers.FundForm", PAIR, ("pair_fund_add",), own=(
        "pairings", "is_another", "project", "village", "shared_project", "stage", "evidence")),
    FormAsks("pairing.ledgers.ProblemForm", PAIR, ("pair_problem_add",), own=(
        "pairings", "is_another", "channel", "raised_by", "raised_on")),
    FormAsks("pairing.ledgers.RevokeForm", PAIR, ("site_revoke",), own=("revoked_on",)),
    FormAsks("pairing.ledgers.SiteForm", ALWAYS, ("site_name",), own=(
        "name", "zone", "pairings", "named_on")),
    *_asks("pairing.pairings", PAIR, {
        "AgreeUnitForm": ("pairing_agree_unit",),
        "DissolveForm": ("pairing_dissolve",),
        "EndForm": ("pairing_end",),
        "ReasonForm": ("pairing_decline", "pairing_withdraw"),
    }),
    FormAsks("pairing.pairings.AgreeVillageForm", PAIR, ("pairing_agree_village",),
             own=("meeting_on",)),
    FormAsks("pairing.pairings.ApproveForm", PAIR, ("pairing_approve",), own=("points_seen",)),
    FormAsks("pairing.pairings.RenewForm", PAIR, ("pairing_renew",), own=("term_months",)),
    FormAsks("pairing.pairings.AgreementForm", PAIR - {"协议内容"}, ("pairing_draft",), own=(
        "goals", "plan_text", "unit_contact", "village_contact", "term_months")),
    # What was written into the agreement stands in the fields.
    FormAsks("pairing.pairings.StartForm", PAIR, ("pairing_start",), own=(
        "goals", "plan_text", "unit_contact", "village_contact", "term_months", "signed_on")),
    # Who is to be paired is what is asked here.
    FormAsks("pairing.pairings.ProposeForm", ALWAYS, ("pairing_propose",), own=(
        "village", "unit", "is_lead")),
    FormAsks("pairing.pairings.RepairForm", PAIR, ("repair_detail",), own=("unit",)),
    *_asks("pairing.rounds", ROUND, {
        "ChangeForm": ("pair_plan_change",),
        "DecisionForm": ("pair_round_step",),
        "FixForm": ("pair_round_fix",),
        "NothingForm": (),
        "ReasonForm": ("pair_round_step",),
        "UndoForm": ("pair_plan_undo",),
    }),
    FormAsks("pairing.rounds.RoundForm", ALWAYS, ("pair_round_open",), own=(
        "name", "seat", "middle", "large", "seed")),
    FormAsks("pairing.rounds._StatementForm", ROUND, own=("words",)),
    FormAsks("pairing.rounds.UnitStatementForm", ROUND, ("pair_unit_statement",), own=("words",)),
    FormAsks("pairing.rounds.VillageStatementForm", ROUND, ("pair_village_statement",),
             own=("words",)),
    *_asks("pairing.year", PAIR, {
        "WithdrawForm": ("deed_withdraw", "meeting_withdraw", "path_withdraw", "youth_withdraw"),
        "YearPlanForm": ("year_plan_write",),
    }),
    FormAsks("pairing.year.ApprovePathForm", PAIR, ("path_approve",),
             own=("approved_on", "meeting")),
    FormAsks("pairing.year.CloseProjectForm", PAIR, ("project_close",), own=("state", "closed_on")),
    FormAsks("pairing.year.ConfirmDeedForm", PAIR, ("deed_confirm",),
             own=("names", "means", "confirmed_on")),
    FormAsks("pairing.year.Correction", PAIR, own=("number", "version", "pairings")),
    FormAsks("pairing.year.CorrectDeedForm", PAIR, ("deed_correct",),
             own=("number", "version", "pairings", "done_on", "beneficiaries")),
    FormAsks("pairing.year.CorrectMeetingForm", PAIR, ("meeting_correct",),
             own=("number", "version", "pairings", "mode", "topics", "agreed")),
    FormAsks("pairing.year.DeedForm", PAIR, ("deed_add",),
             own=("pairings", "done_on", "beneficiaries")),
    FormAsks("pairing.year.MeetingForm", PAIR, ("meeting_add",),
             own=("pairings", "mode", "topics", "agreed")),
    FormAsks("pairing.year.MilestoneForm", PAIR, ("milestone_add",), own=("name",)),
    FormAsks("pairing.year.OfPairsForm", PAIR, own=("pairings",)),
    FormAsks("pairing.year.PathForm", PAIR, ("path_add",), own=("drafted_on",)),
    FormAsks("pairing.year.ProjectForm", PAIR, ("project_add",),
             own=("pairings", "name", "milestones")),
    FormAsks("pairing.year.ReachForm", PAIR, ("milestone_reach",), own=("reached_on",)),
    FormAsks("pairing.year.YouthForm", PAIR, ("youth_add",),
             own=("youth", "trained_on", "content", "mentor")),
)  # fmt: skip

RECTIFICATION_FORMS: tuple[FormAsks, ...] = (
    # Who is asked and who is talked to is chosen among all; no page knows it beforehand.
    *_asks("supervision.tasks", ALWAYS, {
        "RemarkForm": ("supervision_task_step",),
        "NoteForm": ("supervision_task_step",),
        "PlainForm": ("supervision_task_step",),
    }),
    FormAsks("supervision.tasks.RaiseForm", ALWAYS, ("supervision_task_raise",),
             own=("is_evidence_required",)),
    FormAsks("supervision.tasks.AnswerForm", ALWAYS, ("supervision_task_step",),
             own=("evidence", "links")),
    FormAsks("supervision.interviews.PlanForm", ALWAYS, ("interview_plan",),
             own=("rule", "interviewer", "planned_on")),
    *_asks("supervision.interviews", ALWAYS, {
        "HoldForm": ("interview_step",),
        "ImproveForm": ("interview_step",),
        "ReviewForm": ("interview_step",),
        "VoidForm": ("interview_step",),
        "PlainForm": ("interview_step",),
    }),
    *_asks("organization.rectification", VILLAGE, {
        "ConfirmForm": ("rect_case_step",),
        "DismissForm": ("rect_case_step",),
        "FindingsForm": ("rect_screen", "rect_situation_add"),
        "NothingForm": ("rect_case_step", "rect_support"),
        "PassForm": ("rect_screen",),
        "PlanForm": ("rect_case_step",),
        "RanksForm": ("rect_ranks",),
        "TodayForm": (),
        "WithdrawForm": ("rect_case_step",),
    }),
    FormAsks("organization.rectification.AnswerForm", VILLAGE, ("rect_answer",), own=("opinion",)),
    FormAsks("organization.rectification.LeaderForm", VILLAGE, ("rect_support",), own=(
        "leader", "job_title", "is_standing_committee")),
    FormAsks("organization.rectification.ProblemForm", VILLAGE, ("rect_problem_add",), own=(
        "situation", "description", "cause", "measure")),
    *_asks("organization.rect_work", VILLAGE, {
        "OptionalTextForm": ("rect_step",),
        "PressForm": ("rect_step",),
        "RectDayForm": (),
        "RectEvidenceForm": ("rect_problem_step",),
        "RectReportForm": ("rect_report_add",),
        "RectTextForm": ("rect_step", "rect_problem_step"),
        "ChildForm": ("rect_step",),
        "ExtendRectForm": ("rect_step",),
        "RectCodeForm": ("rect_vote", "rect_vote_cast"),
    }),
    *_asks("organization.reviews", VILLAGE, {
        "ReasonForm": ("duty_list", "duty_list_step", "target_step", "review_result"),
        "RoundForm": ("review_open",),
    }),
    FormAsks("organization.reviews.DutyItemForm", VILLAGE, ("duty_list", "duty_list_step"), own=(
        "topic", "duty", "measure", "due_on", "indicator")),
    FormAsks("organization.reviews.ReportRemarkForm", VILLAGE, ("review_result",), own=(
        "remark",)),
    FormAsks("organization.reviews.VotesForm", VILLAGE, ("review_result",)),
    FormAsks("organization.reviews.GradeForm", VILLAGE, ("review_result",), own=(
        "grade", "is_weak", "reason")),
    FormAsks("organization.reviews.ReviewProblemForm", VILLAGE, ("review_result",), own=(
        "text", "due_on")),
    FormAsks("organization.reviews.TargetForm", ALWAYS, ("target",)),
    FormAsks("organization.committees.SourcesForm", VILLAGE),
    FormAsks("organization.committees.SeatForm", VILLAGE, ("committee_seat",), own=(
        "person", "post", "method", "full_time", "local_prosperous", "returnee", "local_graduate",
        "veteran")),
    FormAsks("organization.committees.LeaveForm", VILLAGE, ("committee_post_leave",), own=(
        "reason",)),
    FormAsks("organization.committees.TermForm", VILLAGE, ("term_begin",)),
    FormAsks("organization.committees.OrganizationForm", VILLAGE, ("organization_prepare",), own=(
        "name", "domain", "parent", "member_count")),
    FormAsks("organization.committees.OrganizationStepForm", VILLAGE, ("organization_step",),
             own=("merged_into", "text")),
    FormAsks("organization.committees.CountForm", VILLAGE, ("organization_count",), own=(
        "member_count",)),
    FormAsks("organization.committees.ReserveForm", VILLAGE, ("reserve_find",), own=(
        "person", "local_prosperous", "returnee", "local_graduate", "veteran")),
    FormAsks("organization.committees.ReserveStepForm", VILLAGE, ("reserve_step",), own=("text",)),
    *(FormAsks(f"organization.term_changes.{name}", VILLAGE, pages, own=(
        "planned_on", "party_secretary", "party_deputy", "party_committee_member", "director",
        "deputy", "member", "village",
    )) for name, pages in (("PlanForm", ("term_change_redraft",)),
                           ("NewPlanForm", ("term_change_open",)))),
    *_asks("organization.term_changes", VILLAGE, {
        "NothingForm": (),
        "TodayForm": (),
        "RemarkForm": ("term_change_approve_plan", "term_change_confirm",
                       "term_change_look_back"),
        "AnalysisForm": ("term_change_assess",),
        "ReasonForm": ("term_change_replace", "candidate_drop"),
        "FileForm": ("term_change_file",),
    }),
    FormAsks("organization.term_changes.RescheduleForm", VILLAGE, ("term_change_reschedule",),
             own=("planned_on",)),
    FormAsks("organization.term_changes.AgainForm", VILLAGE, ("term_change_again",),
             own=("planned_on",)),
    FormAsks("organization.term_changes.FailForm", VILLAGE, ("term_change_fail",), own=("body",)),
    FormAsks("organization.term_changes.PublishForm", VILLAGE, ("term_change_publish",),
             own=("published_on",)),
    FormAsks("organization.term_changes.ApprovePostsForm", VILLAGE, ("term_change_approve_posts",),
             own=("approved_on",)),
    FormAsks("organization.term_changes.HandoverForm", VILLAGE, ("term_change_hand_over",), own=(
        "items", "handed_by", "received_by", "supervised_by", "late_reason")),
    # Whom it is about is not known here: somebody is chosen.
    *(FormAsks(f"organization.term_changes.{name}", VILLAGE, pages, own=(
        "person", "posts", "consented_on", "resume", "relatives_declared", "local_prosperous",
        "returnee", "local_graduate", "veteran",
    )) for name, pages in (("PapersForm", ("candidate_edit",)),
                           ("CandidateForm", ("candidate_add",)))),
    FormAsks("organization.term_changes.MeetingForm", VILLAGE, ("term_change_meeting",), own=(
        "held_on", "voters_listed_on", "due", "attended", "issued", "returned", "valid",
        "vacancy_reason")),
    FormAsks("organization.term_changes.CheckForm", VILLAGE, ("lookback_check",), own=(
        "result", "evidence", "officer")),
    FormAsks("organization.term_changes.MendForm", VILLAGE, ("lookback_step",), own=(
        "mended_on",)),
    FormAsks("organization.term_changes.ExemptForm", VILLAGE),
    FormAsks("organization.joint_reviews.AnswerForm", PERSON, ("joint_review_answer",), own=(
        "result", "items", "answered_on", "letter_number")),
    *_asks("organization.joint_reviews", PERSON, {"ReviewExemptForm": ("joint_review_exempt",)}),
    FormAsks("organization.joint_reviews.YearlyForm", ALWAYS, ("joint_review_yearly",)),
    # Who answers is chosen among the units; a line stands where it was settled.
    FormAsks("organization.joint_reviews.DepartmentsForm", ALWAYS, ("joint_review_departments",),
             own=("discipline", "organization", "social_work", "political_legal", "petitions",
                  "court", "procuratorate", "public_security", "justice", "civil_affairs",
                  "agriculture")),
    FormAsks("organization.rect_work.RectVisitForm", VILLAGE, ("rect_visit_add",), own=(
        "places", "talked_to", "problems_text", "instructions", "listed")),
    FormAsks("organization.rect_work.CheckupForm", VILLAGE, ("rect_checkup_add",), own=(
        "seen-team_run", "seen-members", "seen-govern", "seen-economy", "found-team_run",
        "found-members", "found-govern", "found-economy")),
    FormAsks("organization.rect_work.ScoreForm", VILLAGE, ("rect_step",), own=(
        "team_run", "members", "govern", "economy")),
    FormAsks("organization.rect_work.GroupForm", VILLAGE, ("rect_step",), own=("members",)),
    FormAsks("organization.rect_work.MeasureForm", VILLAGE, ("rect_problem_step",), own=(
        "measure",)),
    FormAsks("organization.rect_work.RectSlipsForm", VILLAGE, ("rect_vote_manage",)),
    FormAsks("organization.rect_work.CloseVoteForm", VILLAGE, ("rect_vote_close",), own=(
        "no_cadres",)),
    FormAsks("organization.rect_work.RectPapersForm", VILLAGE, ("rect_papers",), own=(
        "satisfied", "basic", "unsatisfied", "no_cadres")),
    FormAsks("organization.rect_work.RectFollowUpForm", VILLAGE, ("rect_follow_up",), own=(
        "visited_on",)),
)  # fmt: skip

FIGURE_FORMS: tuple[FormAsks, ...] = (
    *_asks("briefings.figures", ALWAYS, {"PurposeForm": ("figure_export",)}),
)  # fmt: skip

BRIEFING_FORMS: tuple[FormAsks, ...] = (
    # What is written by hand is words; every number comes from the records.
    FormAsks("briefings.briefings.WritingForm", ALWAYS, ("briefing_preview", "briefing_pick")),
    FormAsks("briefings.briefings.DraftForm", ALWAYS, ("briefing_new",), own=(
        "template", "period")),
    FormAsks("briefings.briefings.EditForm", ALWAYS, (
        "briefing_edit",), own=(
        "period", "series", "issuer", "editor_note", "to_report", "to_send", "to_distribute",
        "printer", "copies", "is_supplement", "is_internal", "total_no")),
    FormAsks("briefings.briefings.TemplateForm", ALWAYS, (
        "briefing_template_new", "briefing_template_edit"), own=("name", "series")),
    *_asks("briefings.briefings", ALWAYS, {
        "PlainForm": ("briefing_step",),
        "NoteForm": ("briefing_step", "briefing_let_through"),
        "RecallForm": ("briefing_step",),
    }),
)  # fmt: skip

MONTHLY_FORMS: tuple[FormAsks, ...] = (
    FormAsks("briefings.monthly.ItemForm", ALWAYS, ("monthly_form_edit",),
             own=("name", "unit", "time", "why")),
    FormAsks("briefings.monthly.OpenForm", ALWAYS, ("monthly_open",), own=("towns",)),
    FormAsks("briefings.monthly.ChangeForm", ALWAYS, ("monthly_change",), own=("towns",)),
    # What is asked is a matter of the county; what the system has is refused there.
    *_asks("briefings.monthly", VILLAGE, {
        "FillForm": ("monthly_fill",),
        "PlainForm": ("monthly_step",),
        "ReasonForm": ("monthly_step",),
        "TableForm": ("monthly_table",),
    }),
)  # fmt: skip

FORMS: tuple[FormAsks, ...] = (
    *FIGURE_FORMS,
    *BRIEFING_FORMS,
    *MONTHLY_FORMS,
    *POSTING_FORMS, *DUTY_FORMS, *SELECTION_FORMS, *REGISTER_FORMS, *PAIRING_FORMS,
    *RECTIFICATION_FORMS,
)  # fmt: skip
# Signing in, and searching a list, fill nothing in.
NOT_FORMS = ("platform.accounts.", "platform.audit.HistoryForm")
PAGES: dict[str, tuple[FormAsks, ...]] = {}
for _one in FORMS:
    for _page in _one.pages:
        PAGES[_page] = (*PAGES.get(_page, ()), _one)
