from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "lingyan.platform.accounts"
    label = "accounts"
    verbose_name = "账号"
