from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "lingyan.platform.access"
    label = "access"
    verbose_name = "权限表"
