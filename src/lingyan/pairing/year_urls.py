"""Where are the pages of a pair's year: the five, deeds, meetings, projects?"""

from __future__ import annotations

from django.urls import path

from lingyan.pairing.views import year

PAIR = "pairings/<uuid:pairing_id>"
DEED = "deeds/<uuid:deed_id>"
MEETING = "meetings/<uuid:meeting_id>"
PROJECT = "projects/<uuid:project_id>"
PATH = "paths/<uuid:path_id>"

YEAR_PATTERNS = [
    path("five-ones/", year.five_one_list, name="five_one_list"),
    path("five-ones/export.xlsx", year.five_one_export, name="five_one_export"),
    path(f"{PAIR}/calendar/<int:year>/", year.pair_year, name="pair_year"),
    path(f"{PAIR}/calendar/<int:year>/plan/", year.year_plan_write, name="year_plan_write"),
    path("deeds/", year.deed_list, name="deed_list"),
    path("deeds/export.xlsx", year.deed_export, name="deed_export"),
    path("deeds/add/", year.deed_add, name="deed_add"),
    path(f"{DEED}/", year.deed_detail, name="deed_detail"),
    path(f"{DEED}/confirm/", year.deed_confirm, name="deed_confirm"),
    path(f"{DEED}/correct/", year.deed_correct, name="deed_correct"),
    path(f"{DEED}/withdraw/", year.deed_withdraw, name="deed_withdraw"),
    path("meetings/", year.meeting_list, name="meeting_list"),
    path("meetings/export.xlsx", year.meeting_export, name="meeting_export"),
    path("meetings/add/", year.meeting_add, name="meeting_add"),
    path(f"{MEETING}/", year.meeting_detail, name="meeting_detail"),
    path(f"{MEETING}/correct/", year.meeting_correct, name="meeting_correct"),
    path(f"{MEETING}/withdraw/", year.meeting_withdraw, name="meeting_withdraw"),
    path("projects/", year.project_list, name="project_list"),
    path("projects/export.xlsx", year.project_export, name="project_export"),
    path("projects/add/", year.project_add, name="project_add"),
    path(f"{PROJECT}/", year.project_detail, name="project_detail"),
    path(f"{PROJECT}/milestones/add/", year.milestone_add, name="milestone_add"),
    path(f"{PROJECT}/close/", year.project_close, name="project_close"),
    path("milestones/<uuid:milestone_id>/reach/", year.milestone_reach, name="milestone_reach"),
    path(f"{PAIR}/youth/add/", year.youth_add, name="youth_add"),
    path("youth/<uuid:youth_id>/withdraw/", year.youth_withdraw, name="youth_withdraw"),
    path(f"{PAIR}/paths/add/", year.path_add, name="path_add"),
    path(f"{PATH}/", year.path_detail, name="path_detail"),
    path(f"{PATH}/approve/", year.path_approve, name="path_approve"),
    path(f"{PATH}/withdraw/", year.path_withdraw, name="path_withdraw"),
]
