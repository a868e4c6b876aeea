from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "lingyan.platform.jobs"
    label = "jobs"
    verbose_name = "后台作业"
