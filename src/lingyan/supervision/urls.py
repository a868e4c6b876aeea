"""Which pages does this part offer?"""

from __future__ import annotations

from django.urls import path

from lingyan.supervision.views import evidence, gates, interviews, tasks

TASK = "tasks/<uuid:task_id>"
PHOTO = "tasks/photos/<uuid:task_photo_id>"
INTERVIEW = "interviews/<uuid:interview_id>"

urlpatterns = [
    path("tasks/", tasks.supervision_task_list, name="supervision_task_list"),
    path("tasks/export.xlsx", tasks.supervision_task_export, name="supervision_task_export"),
    path("tasks/raise/", tasks.supervision_task_raise, name="supervision_task_raise"),
    path(f"{PHOTO}/<slug:size>.jpg", evidence.supervision_photo, name="supervision_photo"),
    path(f"{PHOTO}/remove/", evidence.supervision_photo_remove, name="supervision_photo_remove"),
    path(f"{TASK}/", tasks.supervision_task_detail, name="supervision_task_detail"),
    path(f"{TASK}/<slug:act>/", tasks.supervision_task_step, name="supervision_task_step"),
    path("interviews/", interviews.interview_list, name="interview_list"),
    path("interviews/plan/", interviews.interview_plan, name="interview_plan"),
    path(f"{INTERVIEW}/", interviews.interview_detail, name="interview_detail"),
    path(f"{INTERVIEW}/<slug:act>/", interviews.interview_step, name="interview_step"),
    path("gates/", gates.gate_list, name="gate_list"),
    path("report/", gates.supervision_report, name="supervision_report"),
    path("report/export.xlsx", gates.supervision_report_export, name="supervision_report_export"),
]
