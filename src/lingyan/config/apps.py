from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "lingyan.config"
    label = "config"
    verbose_name = "配置"

    def ready(self) -> None:
        from lingyan.config import wiring

        wiring.connect()
