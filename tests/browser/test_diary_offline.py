"""The diary without signal, in a real browser whose network is really switched off.

What is written stays on the phone when the app is closed, is sent in order when the signal is
back, and stands in the county's books exactly once.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, expect
from pytest_django.live_server_helper import LiveServer

from lingyan.common import clock
from lingyan.posting.actions import diary
from lingyan.posting.models import DiaryConflict, DiaryEntry, DiaryPhoto, DiaryReceipt
from lingyan.posting.rules.diary_sync import Sent
from tests.browser.conftest import ARGUMENTS, WIDTHS
from tests.browser.hands import overflow, serious_findings
from tests.posting.duty_scene import Duty, acting, on_duty, posted
from tests.world import World

DIARY = "/posting/diary/"


@pytest.fixture
def duty(county: World) -> Duty:
    return on_duty(county)


class Phone:
    """A phone with a folder of its own: closing it leaves only what lies on its disk."""

    def __init__(self, kind: BrowserType, folder: Path, server: LiveServer, duty: Duty) -> None:
        self.kind, self.folder, self.server, self.duty = kind, folder, server, duty
        self.context: BrowserContext
        self.page: Page
        self.open()

    def open(self) -> Page:
        self.context = self.kind.launch_persistent_context(
            str(self.folder),
            executable_path=os.environ.get("LINGYAN_CHROMIUM") or "/usr/bin/chromium",
            args=ARGUMENTS,
            viewport={"width": 390, "height": 844},
            locale="zh-CN",
        )
        self.page = self.context.pages[0] if self.context.pages else self.context.new_page()
        self.page.set_default_timeout(30_000)
        return self.page

    def sign_in(self) -> Page:
        self.hold_session()
        return self.go(DIARY)

    def hold_session(self) -> None:
        cookie = self.duty.world.client(self.duty.actor).cookies[settings.SESSION_COOKIE_NAME]
        self.context.add_cookies(
            [{"name": cookie.key, "value": cookie.value, "url": self.server.url}]
        )

    def go(self, address: str) -> Page:
        self.page.goto(self.server.url + address)
        return self.page

    def signal(self, *, on: bool) -> None:
        """Over the debugging protocol, for every page and for the service worker."""
        self.context.set_offline(not on)

    def ready(self) -> None:
        """The service worker holds the page that works without signal."""
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        self.page.wait_for_function(
            "caches.match('/posting/diary/offline/').then((found) => !!found)"
        )
        self.page.reload()
        self.page.wait_for_function("navigator.serviceWorker.controller !== null")

    def close(self) -> None:
        self.context.close()


@pytest.fixture
def phone(tmp_path: Path, live_server: LiveServer, duty: Duty, browser: Browser) -> Iterator[Phone]:
    phone = Phone(browser.browser_type, tmp_path / "phone", live_server, duty)
    yield phone
    phone.close()


def write(page: Page, text: str, duty: str = "推进强村富民") -> None:
    # After a press the form is emptied; only then can it be pressed again.
    expect(page.locator("#diary-form button").first).to_be_enabled()
    page.get_by_label("做了什么").fill(text)
    page.get_by_label(duty, exact=True).check()


def picture(path: Path, size: tuple[int, int] = (2400, 1800)) -> Path:
    Image.effect_noise(size, 60).convert("RGB").save(path, "JPEG", quality=70)
    return path


def test_written_without_signal_closed_and_sent_once_in_order(phone: Phone, tmp_path: Path) -> None:
    page = phone.sign_in()
    phone.ready()
    phone.signal(on=False)

    phone.go(DIARY + "write/")
    expect(page.get_by_role("heading", name="没有信号，先记在手机上")).to_be_visible()
    for number in (1, 2, 3):
        write(page, f"没有信号时写的第 {number} 条")
        if number == 2:
            page.get_by_label("照片").set_input_files(picture(tmp_path / "渠.jpg"))
        page.get_by_role("button", name="存在手机上").click()
        expect(page.locator("#backlog-count")).to_have_text(f"{number} 条")
    expect(page.locator("#backlog")).to_contain_text("没有信号")
    assert overflow(page) <= 0
    assert not serious_findings(page)
    phone.close()
    assert not DiaryEntry.objects.exists()

    page = phone.open()
    phone.signal(on=False)
    phone.go(DIARY)
    expect(page.locator("#backlog-count")).to_have_text("3 条")
    phone.signal(on=True)
    expect(page.locator("#backlog")).to_contain_text("请先登录")
    phone.sign_in()
    expect(page.locator(".entry")).to_have_count(3)
    expect(page.locator("#backlog")).to_be_hidden()

    entries = list(DiaryEntry.objects.order_by("created_at"))
    assert [one.text for one in entries] == [f"没有信号时写的第 {one} 条" for one in (1, 2, 3)]
    assert [one.photos.count() for one in entries] == [0, 1, 0]
    photo = DiaryPhoto.objects.get()
    assert max(photo.width, photo.height) == 1600
    page.reload()
    expect(page.locator(".entry")).to_have_count(3)
    assert DiaryReceipt.objects.count() == 3


def test_an_answer_that_never_arrives_leads_to_no_second_entry(phone: Phone) -> None:
    """The server has taken it in, the signal goes before its answer: the phone sends again."""
    page = phone.sign_in()
    phone.ready()
    lost: list[int] = []

    def lose(route: Any) -> None:
        if lost:
            route.continue_()
            return
        lost.append(1)
        route.fetch()
        route.abort()

    phone.context.route("**/posting/diary/sync/", lose)
    phone.go(DIARY + "write/")
    write(page, "答复丢了的一条")
    page.get_by_role("button", name="记下").click()
    page.wait_for_url("**/posting/diary/")
    expect(page.locator("#backlog")).to_be_hidden()

    assert lost
    assert DiaryEntry.objects.get().text == "答复丢了的一条"
    assert DiaryReceipt.objects.count() == 1


def test_two_places_change_the_same_entry_and_the_person_chooses(phone: Phone) -> None:
    entry = phone.duty.write("原来写的").entry
    page = phone.sign_in()
    phone.ready()
    phone.signal(on=False)
    phone.go(DIARY)
    page.locator("#diary-recent-list").get_by_role("button", name="修改").first.click()
    write(page, "手机上改的", duty="为民办事服务")
    page.get_by_role("button", name="存在手机上").click()
    expect(page.locator("#backlog-count")).to_have_text("1 条")

    change_at_the_desk(phone.duty, entry, "电脑上改的")
    phone.signal(on=True)
    phone.go(DIARY)
    expect(page.locator("#backlog")).to_be_hidden()
    page.reload()
    page.get_by_role("link", name="去选一下").click()
    expect(page.locator("fieldset.clash")).to_have_count(1)
    assert overflow(page) <= 0
    assert not serious_findings(page)
    page.get_by_text("两段都留下").click()
    page.get_by_role("button", name="就用选定的").click()
    expect(page.locator(".said")).to_contain_text("手机上改的")

    entry.refresh_from_db()
    assert entry.text == "电脑上改的\n手机上改的"
    assert entry.duty == "D5"
    assert DiaryConflict.objects.get().settled_at is not None


def change_at_the_desk(duty: Duty, entry: DiaryEntry, text: str) -> None:
    values = {name: value for name, value in entry.values.items() if name != "withdrawn"}
    sent = Sent(str(uuid.uuid4()), str(entry.pk), values | {"text": text}, values)
    diary.receive_entry(sent, actor=duty.actor)


def test_without_https_the_open_page_keeps_and_sends(
    duty: Duty, browser: Browser, live_server: LiveServer, settings: Any
) -> None:
    """Plain http at an intranet address: no service worker, no random UUID; the queue works."""
    settings.ALLOWED_HOSTS = ["county.test"]
    port = live_server.url.rsplit(":", 1)[1]
    here = f"http://county.test:{port}"
    plain = browser.browser_type.launch(
        executable_path=os.environ.get("LINGYAN_CHROMIUM") or "/usr/bin/chromium",
        args=[*ARGUMENTS, "--host-resolver-rules=MAP county.test 127.0.0.1"],
    )
    try:
        context = plain.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
        cookie = duty.world.client(duty.actor).cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": here}])
        page = context.new_page()
        page.goto(f"{here}{DIARY}write/")
        assert not page.evaluate("isSecureContext || navigator.serviceWorker || crypto.randomUUID")

        context.set_offline(True)
        write(page, "内网上写的")
        page.get_by_role("button", name="记下").click()
        expect(page.locator("#backlog-count")).to_have_text("1 条")
        expect(page.locator("#diary-form")).to_be_hidden()
        context.set_offline(False)
        expect(page.locator(".entry")).to_contain_text("内网上写的")
    finally:
        plain.close()

    assert DiaryEntry.objects.get().text == "内网上写的"


def test_what_is_refused_stays_on_the_phone_until_it_is_mended(phone: Phone) -> None:
    page = phone.sign_in()
    phone.ready()
    phone.signal(on=False)
    phone.go(DIARY)
    write(page, "到岗以前的事")
    page.get_by_label("日期").fill("2025-12-31")
    page.get_by_role("button", name="存在手机上").click()
    phone.signal(on=True)
    phone.go(DIARY)

    expect(page.locator("#backlog-list")).to_contain_text("早于您的派驻日期")
    assert not DiaryEntry.objects.exists()
    page.get_by_role("button", name="修改后再发").click()
    expect(page.locator("#diary-editing")).to_be_visible()
    page.get_by_label("日期").fill(str(clock.today()))
    page.get_by_role("button", name="存在手机上").click()
    page.wait_for_url("**/posting/diary/")
    expect(page.locator("#backlog")).to_be_hidden()

    assert DiaryEntry.objects.get().text == "到岗以前的事"


def test_a_renamed_program_and_a_day_to_come_are_told_on_the_phone(
    phone: Phone, tmp_path: Path
) -> None:
    page = phone.sign_in()
    phone.go(DIARY + "write/")
    program = tmp_path / "照片.jpg"
    program.write_bytes(b"MZ" + bytes(4000))

    write(page, "带了一张假照片")
    page.get_by_label("照片").set_input_files(program)
    page.get_by_role("button", name="记下").click()

    expect(page.locator(".phone-says")).to_contain_text("打不开，不是照片")
    assert not DiaryEntry.objects.exists()
    page.get_by_label("照片").set_input_files([])
    page.get_by_role("button", name="记下").click()
    page.wait_for_url("**/posting/diary/")
    expect(page.locator(".entry")).to_have_count(1)


def test_the_backlog_of_another_account_is_not_shown_and_not_sent(phone: Phone) -> None:
    page = phone.sign_in()
    phone.ready()
    phone.signal(on=False)
    phone.go(DIARY)
    write(page, "李甲一写的")
    page.get_by_role("button", name="存在手机上").click()
    expect(page.locator("#backlog-count")).to_have_text("1 条")
    posted(phone.duty.world.wang, phone.duty.world.pine, "team_member")
    first = phone.duty.actor
    phone.duty.actor = acting(phone.duty.world.wang, "team_member", phone.duty.world.pine)  # type: ignore[arg-type]  # a role by its code

    phone.hold_session()
    phone.signal(on=True)
    expect(page.locator("#backlog")).to_contain_text("另一个账号")
    phone.go(DIARY)
    expect(page.locator("#backlog")).to_be_hidden()
    assert not DiaryEntry.objects.exists()
    phone.duty.actor = first
    phone.sign_in()
    expect(page.locator(".entry")).to_have_count(1)

    assert DiaryEntry.objects.get().posting.person == phone.duty.world.li


def test_new_pages_are_clean_at_every_width(
    duty: Duty, open_as: Callable[..., Page], live_server: LiveServer
) -> None:
    entry = duty.write().entry
    pages = (
        DIARY, f"{DIARY}write/", f"{DIARY}{entry.pk}/", f"{DIARY}{entry.pk}/edit/",
        f"{DIARY}{entry.pk}/withdraw/", "/posting/problems/add/", "/posting/reports/",
        f"/posting/postings/{duty.posting.pk}/reports/month/{clock.today():%Y-%m}-01/",
        f"/posting/postings/{duty.posting.pk}/diary/",
    )  # fmt: skip
    for width in WIDTHS:
        page = open_as(duty.actor, width=width)
        for address in pages:
            page.goto(live_server.url + address)
            assert overflow(page) <= 0, f"{address} at {width}"
            assert width == 1920 or not serious_findings(page), f"{address} at {width}"


def test_an_entry_takes_four_presses(duty: Duty, open_as: Callable[..., Page]) -> None:
    """Under a minute: open, type, one duty, save."""
    page = open_as(duty.actor, DIARY, width=390)

    page.get_by_role("link", name="写一条").click()
    write(page, "帮张大娘代办高龄补贴", duty="为民办事服务")
    page.get_by_role("button", name="记下").click()

    page.wait_for_url("**/posting/diary/")
    expect(page.locator(".entry")).to_contain_text("帮张大娘代办高龄补贴")
