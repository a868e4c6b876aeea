from django.apps import AppConfig


class PairingConfig(AppConfig):
    name = "lingyan.pairing"
    label = "pairing"
    verbose_name = "组织联建"
