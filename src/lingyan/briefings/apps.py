from django.apps import AppConfig


class BriefingsConfig(AppConfig):
    name = "lingyan.briefings"
    label = "briefings"
    verbose_name = "数据与简报"
