from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "lingyan.platform.audit"
    label = "audit"
    verbose_name = "操作留痕"
