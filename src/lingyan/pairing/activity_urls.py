"""Where are the pages of activities?"""

from __future__ import annotations

from django.urls import path

from lingyan.pairing.views import activities

ONE = "activities/<uuid:activity_id>"
PHOTO = "activities/photos/<uuid:activity_photo_id>"

ACTIVITY_PATTERNS = [
    path("activities/", activities.activity_list, name="activity_list"),
    path("activities/export.xlsx", activities.activity_export, name="activity_export"),
    path("activities/add/", activities.activity_add, name="activity_add"),
    path(f"{PHOTO}/<slug:size>.jpg", activities.activity_photo, name="activity_photo"),
    path(f"{PHOTO}/remove/", activities.activity_photo_remove, name="activity_photo_remove"),
    path(f"{ONE}/", activities.activity_detail, name="activity_detail"),
    path(f"{ONE}/hold/", activities.activity_hold, name="activity_hold"),
    path(f"{ONE}/correct/", activities.activity_correct, name="activity_correct"),
    path(f"{ONE}/cancel/", activities.activity_cancel, name="activity_cancel"),
    path(f"{ONE}/check/", activities.activity_check, name="activity_check"),
    path(f"{ONE}/photos/", activities.activity_photo_add, name="activity_photo_add"),
    path("samples/", activities.sample_list, name="sample_list"),
    path("samples/<uuid:place_id>/draw/", activities.sample_draw, name="sample_draw"),
]
