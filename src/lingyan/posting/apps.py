from django.apps import AppConfig


class PostingConfig(AppConfig):
    name = "lingyan.posting"
    label = "posting"
    verbose_name = "精准选派"
