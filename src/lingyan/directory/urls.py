"""Which pages does this part offer?"""

from __future__ import annotations

from django.urls import path

from lingyan.directory.views import (
    as_at,
    duplicates,
    people,
    place_changes,
    places,
    searching,
    secrets,
    settings,
)

urlpatterns = [
    path("places/", places.place_list, name="place_list"),
    path("places/new/", places.place_create, name="place_create"),
    path("places/<uuid:place_id>/", places.place, name="place"),
    path("places/<uuid:place_id>/edit/", places.place_edit, name="place_edit"),
    path("place-changes/", place_changes.place_change_list, name="place_change_list"),
    path("place-changes/new/", place_changes.place_change_create, name="place_change_create"),
    path("place-changes/<int:change_id>/", place_changes.place_change, name="place_change"),
    path(
        "place-changes/<int:change_id>/undo/",
        place_changes.place_change_undo,
        name="place_change_undo",
    ),
    path("adjoining-towns/", places.adjoining_list, name="adjoining_list"),
    path("adjoining-towns/<int:pair_id>/remove/", places.adjoining_remove, name="adjoining_remove"),
    path("settings/", settings.county_settings, name="county_settings"),
    path("calendar/", places.calendar, name="calendar"),
    path("calendar/<int:day_id>/remove/", places.calendar_remove, name="calendar_remove"),
    path("units/", people.unit_list, name="unit_list"),
    path("units/new/", people.unit_create, name="unit_create"),
    path("units/<uuid:unit_id>/", people.unit, name="unit"),
    path("units/<uuid:unit_id>/edit/", people.unit_edit, name="unit_edit"),
    path("people/", people.person_list, name="person_list"),
    path("people/new/", people.person_create, name="person_create"),
    path("people/<uuid:person_id>/", people.person, name="person"),
    path("people/<uuid:person_id>/reveal/", secrets.person_reveal, name="person_reveal"),
    path("people/<uuid:person_id>/depart/", people.person_depart, name="person_depart"),
    path("people/<uuid:person_id>/edit/", people.person_edit, name="person_edit"),
    path("people/<uuid:person_id>/relatives/", people.relative_add, name="relative_add"),
    path("relatives/", people.relative_list, name="relative_list"),
    path("relatives/<uuid:relative_id>/remove/", people.relative_remove, name="relative_remove"),
    path("duplicates/", duplicates.duplicate_list, name="duplicate_list"),
    path("duplicates/<uuid:first_id>/<uuid:second_id>/", duplicates.duplicate, name="duplicate"),
    path(
        "duplicates/<uuid:first_id>/<uuid:second_id>/tell-apart/",
        duplicates.duplicate_tell_apart,
        name="duplicate_tell_apart",
    ),
    path("merges/", duplicates.merge_list, name="merge_list"),
    path("merges/<uuid:merge_id>/undo/", duplicates.merge_undo, name="merge_undo"),
    path("as-at/", as_at.as_at_list, name="as_at"),
    path("as-at/export.xlsx", as_at.as_at_export, name="as_at_export"),
    path("search/", searching.search_page, name="search"),
    path("officers/", people.officer_list, name="officer_list"),
    path("officers/new/", people.officer_create, name="officer_create"),
    path("officers/<uuid:officer_id>/end/", people.officer_end, name="officer_end"),
]
