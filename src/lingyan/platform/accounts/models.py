"""Who may sign in, with which password, and who has tried in vain?"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from lingyan.common import clock


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """One person's account. What it may do comes from role assignments in the directory."""

    username = models.CharField("账号", max_length=60, unique=True)
    name = models.CharField("姓名", max_length=60)
    is_active = models.BooleanField("启用", default=True)
    is_demo = models.BooleanField("演示账号", default=False)
    created_at = models.DateTimeField("建立时间", default=clock.now)
    must_change_password = models.BooleanField("须修改密码", default=False)
    # From when on the account counts as idle where nobody signs in: made, or opened again.
    opened_at = models.DateTimeField("启用时间", default=clock.real_now)
    # Programs that work under the account keep it in use, though nobody signs in.
    program_used_at = models.DateTimeField("最近由程序使用", null=True, blank=True)
    # Measured by the real clock: a password ages whatever day an act is dated.
    password_set_at = models.DateTimeField("密码设定时间", null=True, blank=True)
    # Which wording of the notice on personal data its person has read, and when.
    notice_version = models.CharField("已阅告知版本", max_length=40, blank=True)
    notice_read_at = models.DateTimeField("阅知时间", null=True, blank=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()

    class Meta:
        verbose_name = "账号"

    def __str__(self) -> str:
        return self.name

    @property
    def used_at(self) -> datetime | None:
        """When anybody or any program was last let in under this account."""
        return max(filter(None, (self.last_login, self.program_used_at)), default=None)


class UsedPassword(models.Model):
    """A password that was replaced, as its hash, so that it is not taken again at once."""

    user = models.ForeignKey(User, models.CASCADE, related_name="used_passwords")
    password = models.CharField("密码散列", max_length=128)
    replaced_at = models.DateTimeField("替换时间")

    class Meta:
        verbose_name = "用过的密码"
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.user} {self.replaced_at}"


class SignInGuard(models.Model):
    """How often signing in has failed lately, for one account name or one address.

    The name is kept as a keyed digest: people type their password into the wrong field.
    """

    class Kind(models.TextChoices):
        ACCOUNT = "account", "账号"
        ADDRESS = "address", "地址"

    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    key = models.CharField("对象", max_length=64)
    failures = models.PositiveIntegerField("连续失败", default=0)
    last_tried_at = models.DateTimeField("最近一次")
    locked_until = models.DateTimeField("锁定至", null=True, blank=True)

    class Meta:
        verbose_name = "登录防护"
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "key"),
                name="one_guard_each",
                violation_error_message="同一账号或地址只有一条登录防护",
            ),
        )

    def __str__(self) -> str:
        return f"地址 {self.key}" if self.kind == self.Kind.ADDRESS else "未登记的账号"
