from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "lingyan.platform.ui"
    label = "ui"
    verbose_name = "界面"
