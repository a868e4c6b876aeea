"""Where are the pages of area contact, visits and talks, tasks by level and the burden meter?"""

from __future__ import annotations

from django.urls import path

from lingyan.posting.views import burden, liaison, tasks

LIAISON_PATTERNS = [
    path("liaisons/", liaison.liaison_list, name="liaison_list"),
    path("liaisons/add/<slug:kind>/", liaison.liaison_add, name="liaison_add"),
    path("liaisons/<uuid:liaison_id>/end/", liaison.liaison_end, name="liaison_end"),
    path("visits/", liaison.visit_list, name="visit_list"),
    path("visits/due/", liaison.visit_due, name="visit_due"),
    path("visits/list.xlsx", liaison.visit_export, name="visit_export"),
    path("postings/<uuid:posting_id>/visits/add/", liaison.visit_add, name="visit_add"),
    path("visits/<uuid:visit_id>/", liaison.visit_detail, name="visit_detail"),
    path("visits/<uuid:visit_id>/raise/", liaison.visit_raise, name="visit_raise"),
    path("visits/<uuid:visit_id>/withdraw/", liaison.visit_withdraw, name="visit_withdraw"),
    path("burden/", burden.burden, name="burden"),
    path("tasks/", tasks.task_list, name="task_list"),
    path("tasks/<slug:task>/", tasks.task_detail, name="task_detail"),
]
