"""Masks show what a colleague needs to recognise something, and no more."""

import pytest

from tongshan_portal.kernel.sealed import Purpose, mask


@pytest.mark.parametrize(
    ("purpose", "text", "shown"),
    [
        (Purpose.PHONE, "13812341234", "138****1234"),
        (Purpose.PHONE, "+86 138 1234 1234", "138****1234"),
        (Purpose.PHONE, "0516-83501234", "051****1234"),
        (Purpose.PHONE, "96110", "****10"),
        (Purpose.PHONE, "110", "****"),
        (Purpose.IDENTITY_NUMBER, "32031219491231002X", "320***********002X"),
        (Purpose.IDENTITY_NUMBER, "123", "****"),
        (Purpose.NAME, "张三", "张*"),
        (Purpose.NAME, "张小丰", "张**"),
        (Purpose.NAME, "欧阳娜娜", "欧阳**"),
        (Purpose.NAME, "司马", "司*"),
        (Purpose.NAME, "王", "王*"),
        (Purpose.NAME, "Maria Silva", "M*** S***"),
        (Purpose.NAME, "", ""),
        (Purpose.ADDRESS, "江苏省徐州市铜山区柳新镇阳光小区3号楼201", "江苏省徐州市铜山区柳新镇****"),
        (Purpose.ADDRESS, "铜山区铜山街道北京南路12号", "铜山区铜山街道****"),
        (Purpose.ADDRESS, "徐州市铜山区黄河路5号", "徐州市铜山区****"),
        (Purpose.ADDRESS, "3号楼201", "****"),
        (Purpose.TEXT, "anything", "****"),
        (Purpose.TEXT, "", ""),
    ],
)
def test_mask(purpose, text, shown):
    assert mask(purpose, text) == shown
