from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "lingyan.platform.exchange"
    label = "exchange"
    verbose_name = "表格导入导出"
