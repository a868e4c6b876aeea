"""Where are the pages of support: overview, payments, funds, help requests, honours?"""

from __future__ import annotations

from django.urls import path

from lingyan.posting.views import help_requests, honors, payments, support, work_funds

POSTING = "postings/<uuid:posting_id>"

SUPPORT_PATTERNS = [
    path("support/", support.support_list, name="support_list"),
    path("support/export/", support.support_export, name="support_export"),
    path("support/mine/", support.support_mine, name="support_mine"),
    path(f"{POSTING}/support/", support.support_person, name="support_person"),
    path(f"{POSTING}/support/add/", support.support_add, name="support_add"),
    path(
        "support/records/<uuid:record_id>/void/", support.support_void, name="support_record_void"
    ),
    path(f"{POSTING}/insurance/add/", support.insurance_add, name="insurance_add"),
    path(f"{POSTING}/insurance/waive/", support.insurance_waive, name="insurance_waive"),
    path("insurance/<uuid:policy_id>/void/", support.insurance_void, name="insurance_void"),
    path("funds/", work_funds.fund_list, name="fund_list"),
    path("funds/give/", work_funds.fund_give, name="fund_give"),
    path(f"{POSTING}/fund/", work_funds.fund_set, name="fund_set"),
    path("funds/<uuid:budget_id>/", work_funds.fund_ledger, name="fund_ledger"),
    path(
        "funds/entries/<uuid:fund_entry_id>/correct/",
        work_funds.fund_correct,
        name="fund_correct",
    ),
    path("payments/", payments.payment_list, name="payment_list"),
    path("payments/make/", payments.payment_make, name="payment_make"),
    path("payments/<uuid:payment_id>/", payments.payment_detail, name="payment_detail"),
    path("payments/<uuid:payment_id>/export/", payments.payment_export, name="payment_export"),
    path("payments/<uuid:payment_id>/check/", payments.payment_check, name="payment_check"),
    path("payments/<uuid:payment_id>/pay/", payments.payment_pay, name="payment_pay"),
    path("payments/<uuid:payment_id>/return/", payments.payment_return, name="payment_return"),
    path(
        "payments/lines/<uuid:line_id>/correct/", payments.payment_correct, name="payment_correct"
    ),
    path(
        "payments/corrections/<uuid:correction_id>/void/",
        payments.correction_void,
        name="correction_void",
    ),
    path("help/", help_requests.help_list, name="help_list"),
    path("help/ask/", help_requests.help_ask, name="help_ask"),
    path("help/<uuid:help_id>/", help_requests.help_detail, name="help_detail"),
    path("help/<uuid:help_id>/<slug:act>/", help_requests.help_step, name="help_step"),
    path("honors/", honors.honor_list, name="honor_list"),
    path("honors/eligible/", honors.honor_eligible, name="honor_eligible"),
    path("honors/<uuid:honor_id>/", honors.honor_detail, name="honor_detail"),
    path(f"{POSTING}/honors/nominate/", honors.honor_nominate, name="honor_nominate"),
    path("careers/", honors.career_list, name="career_list"),
    path("careers/<uuid:career_id>/", honors.career_detail, name="career_detail"),
    path(f"{POSTING}/careers/nominate/", honors.career_nominate, name="career_nominate"),
]
