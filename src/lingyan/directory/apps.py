from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "lingyan.directory"
    label = "directory"
    verbose_name = "名录"
