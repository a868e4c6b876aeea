from django.apps import AppConfig


class ChecksConfig(AppConfig):
    name = "lingyan.platform.checks"
    label = "checks"
    verbose_name = "数据体检"
