"""Lingyan 领雁: the platform with which a county runs 抓党建促乡村振兴."""

__version__ = "0.1.0"
