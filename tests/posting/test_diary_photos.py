"""Photos of an entry: what is one, what is none, and what the camera wrote into it."""

from __future__ import annotations

import io
import uuid
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from lingyan.common import clock
from lingyan.common.photos import PHOTO_BYTES_MAX
from lingyan.common.refusals import Refused
from lingyan.platform.audit.models import AuditEntry
from lingyan.posting.actions import diary
from lingyan.posting.models import DiaryEntry, DiaryPhoto
from lingyan.posting.rules import diary as rules
from tests.posting.duty_scene import TODAY, Duty, on_duty, said
from tests.posting.scene import codes
from tests.world import World

PLACE = 34853  # the tag under which a camera writes where it stood


@pytest.fixture
def duty(world: World, settings: Any, tmp_path: Any) -> Any:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        },
    }
    with clock.at(TODAY):
        yield on_duty(world)


@pytest.fixture
def entry(duty: Duty) -> DiaryEntry:
    return duty.write().entry


def picture(kind: str = "JPEG", size: tuple[int, int] = (2000, 1000), colour: int = 90) -> bytes:
    image = Image.new("RGB", size, (colour, 120, 60))
    exif = Image.Exif()
    exif[PLACE] = {1: "N", 2: (31.0, 22.0, 7.5)}
    exif[271] = "某牌手机"
    exif[274] = 6  # held upright: to be turned
    out = io.BytesIO()
    image.save(out, kind, exif=exif)
    return out.getvalue()


def add(duty: Duty, entry: DiaryEntry, data: bytes, number: uuid.UUID | None = None) -> DiaryPhoto:
    return diary.add_photo(entry, number=number or uuid.uuid4(), data=data, actor=duty.actor)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_made_smaller_upright_and_forgets_place_and_camera(
    duty: Duty, entry: DiaryEntry, kind: str
) -> None:
    photo = add(duty, entry, picture(kind))

    client = duty.world.client(duty.actor)
    shown = client.get(reverse("diary_photo", args=[photo.pk, "full"]))
    image = Image.open(io.BytesIO(shown.content))
    assert (photo.width, photo.height) == image.size == (800, 1600)
    assert not image.getexif()
    assert "某牌手机".encode() not in shown.content
    assert (shown.headers["Content-Type"], image.format) == ("image/jpeg", "JPEG")
    small = client.get(reverse("diary_photo", args=[photo.pk, "small"])).content
    assert max(Image.open(io.BytesIO(small)).size) == 240


def test_what_lies_on_the_disk_is_no_picture(duty: Duty, entry: DiaryEntry) -> None:
    photo = add(duty, entry, picture())

    with default_storage.open(photo.stored_name) as file:
        stored = file.read()
    assert b"JFIF" not in stored
    with pytest.raises(OSError, match="cannot identify"):
        Image.open(io.BytesIO(stored))


def test_the_same_photo_three_times_is_one(duty: Duty, entry: DiaryEntry) -> None:
    data, number = picture(), uuid.uuid4()

    photos = {add(duty, entry, data, number).pk for _ in range(2)} | {add(duty, entry, data).pk}

    assert photos == {number}
    assert AuditEntry.objects.filter(action="posting.diary.photo_added").count() == 1


@pytest.mark.parametrize(
    "data",
    [b"MZ" + bytes(2000), b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", picture()[:600],
     b"\xff\xd8\xff\xe0" + bytes(500), b"GIF89a" + bytes(100)],
    ids=["program", "nothing", "svg", "half a photo", "head only", "gif"],
)  # fmt: skip
def test_what_is_no_photo_is_refused_whatever_it_is_called(
    duty: Duty, entry: DiaryEntry, data: bytes
) -> None:
    with pytest.raises(Refused) as refused:
        add(duty, entry, data)

    assert codes(refused) == ["photo.unreadable"]
    assert not DiaryPhoto.objects.exists()


def test_a_picture_of_too_many_points_is_refused_before_it_is_unfolded(
    duty: Duty, entry: DiaryEntry
) -> None:
    out = io.BytesIO()
    Image.new("1", (9000, 6000)).save(out, "PNG")

    with pytest.raises(Refused) as refused:
        add(duty, entry, out.getvalue())

    assert codes(refused) == ["photo.pixels"]


def test_forty_megabytes_are_refused_before_they_are_read(duty: Duty, entry: DiaryEntry) -> None:
    client = duty.world.client(duty.actor)

    class Unread(io.BytesIO):
        def read(self, *size: Any) -> bytes:
            raise AssertionError("the body was read")

    answer = client.generic(
        "POST", reverse("diary_photo_add", args=[entry.pk]), b"",
        content_type="multipart/form-data; boundary=x",
        **{"CONTENT_LENGTH": str(40 * 1024 * 1024), "wsgi.input": Unread()},
    )  # fmt: skip

    assert answer.status_code == 409
    assert "照片有 40 MB，最多 10 MB，请压缩后再传" in answer.content.decode()
    with pytest.raises(Refused) as refused:
        add(duty, entry, bytes(PHOTO_BYTES_MAX + 1))
    assert codes(refused) == ["photo.large"]


def test_a_sending_without_its_token_is_not_taken(duty: Duty, entry: DiaryEntry) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = duty.world.client(duty.actor).cookies

    for address in (reverse("diary_write"), reverse("diary_photo_add", args=[entry.pk])):
        assert strict.post(address, {}).status_code == 403

    assert DiaryEntry.objects.count() == 1


def test_with_a_plain_form_the_words_stand_whatever_becomes_of_the_photo(duty: Duty) -> None:
    number = str(uuid.uuid4())
    files = [
        SimpleUploadedFile("照片.jpg", b"MZ" + bytes(2000), "image/jpeg"),
        SimpleUploadedFile("渠.jpg", picture(), "image/jpeg"),
    ]
    client = duty.world.client(duty.actor)

    answer = client.post(
        reverse("diary_write"),
        {"number": number, "entry": number, "base": "", **said("修水渠"), "photos": files},
        follow=True,
    )

    assert DiaryEntry.objects.get().photos.count() == 1
    assert "照片.jpg：这不是照片" in answer.content.decode()


def test_nine_photos_are_enough(duty: Duty, entry: DiaryEntry) -> None:
    for colour in range(rules.PHOTOS_MAX):
        add(duty, entry, picture(size=(40, 40), colour=colour * 20))

    with pytest.raises(Refused) as refused:
        add(duty, entry, picture(size=(40, 40), colour=250))

    assert codes(refused) == ["photo.full"]


def test_a_removed_photo_is_gone_from_the_disk_and_the_trail_keeps_its_digest(
    duty: Duty, entry: DiaryEntry, django_capture_on_commit_callbacks: Any
) -> None:
    photo = add(duty, entry, picture())
    client = duty.world.client(duty.actor)
    address = reverse("diary_photo_remove", args=[photo.pk])
    assert client.get(address).status_code == 200

    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(address).status_code == 302

    assert not default_storage.exists(photo.stored_name)
    assert not DiaryPhoto.objects.exists()
    [trace] = AuditEntry.objects.filter(action="posting.diary.photo_removed")
    assert trace.changes["digest"] == [photo.digest, None]


def test_only_those_who_answer_for_the_posting_see_a_photo(duty: Duty, entry: DiaryEntry) -> None:
    address = reverse("diary_photo", args=[add(duty, entry, picture()).pk, "small"])

    answers = {
        name: duty.world.client(getattr(duty.world, name)).get(address).status_code
        for name in ("officer", "pine_secretary", "south_org", "stranger", "agri")
    }
    assert answers == {
        "officer": 200, "pine_secretary": 200, "south_org": 404, "stranger": 404, "agri": 403,
    }  # fmt: skip
    assert Client().get(address).status_code == 302
