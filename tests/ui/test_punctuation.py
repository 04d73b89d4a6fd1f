"""Full-width marks where Chinese is written."""

import pytest

from tongshan_portal.ui.punctuation import full_width


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("接收来件,研判轻重缓急", "接收来件，研判轻重缓急"),
        ("为什么需要查看?", "为什么需要查看？"),
        ("王小燕(演示)", "王小燕（演示）"),
        ("共 %(n)s 条, 已完成 %(m)s 条", "共 %(n)s 条，已完成 %(m)s 条"),
        ("%(who)s: %(reason)s", "%(who)s: %(reason)s"),
        ("%(who)s查看了密封信息: %(reason)s", "%(who)s查看了密封信息：%(reason)s"),
        ("网址: https://a.example/b?c=1,2", "网址：https://a.example/b?c=1,2"),
        ("时间 09:00 至 17:30", "时间 09:00 至 17:30"),
        ("共 1,640 个网格", "共 1,640 个网格"),
        ("文件过大(最大 100 MB),请拆分", "文件过大（最大 100 MB），请拆分"),
        ("GCJ-02 (火星坐标)", "GCJ-02（火星坐标）"),
        ("JSON, CSV", "JSON, CSV"),
        ("支持 CSV, XLSX", "支持 CSV, XLSX"),
        ("已是全角，不变。", "已是全角，不变。"),
        ('<a href="?a=1;b">查看</a>;返回', '<a href="?a=1;b">查看</a>；返回'),
    ],
)
def test_marks_follow_the_text_around_them(given, expected):
    assert full_width(given) == expected
    assert full_width(expected) == expected
