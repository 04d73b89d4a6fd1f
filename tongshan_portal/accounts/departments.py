"""Departments that most districts have, as labelled defaults: an administrator confirms or renames each."""

from .models import Department

DEPARTMENTS = {
    "police": "公安局",
    "justice": "司法局",
    "civil-affairs": "民政局",
    "housing": "住房和城乡建设局",
    "urban-management": "城市管理局",
    "human-resources": "人力资源和社会保障局",
    "natural-resources": "自然资源和规划局",
    "ecology": "生态环境局",
    "transport": "交通运输局",
    "water": "水务局",
    "agriculture": "农业农村局",
    "health": "卫生健康委员会",
    "emergency": "应急管理局",
    "market-supervision": "市场监督管理局",
    "education": "教育局",
    "petitions": "信访局",
    "court": "人民法院",
    "procuratorate": "人民检察院",
}


def seed_departments() -> None:
    """Write the defaults, where an installation begins; a department that is there stays as it is."""
    rows = [Department(code=code, name=name, is_default=True) for code, name in DEPARTMENTS.items()]
    Department.objects.bulk_create(rows, ignore_conflicts=True)
