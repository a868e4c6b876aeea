from django.apps import AppConfig


class OrganizationConfig(AppConfig):
    name = "lingyan.organization"
    label = "organization"
    verbose_name = "组织建设"
