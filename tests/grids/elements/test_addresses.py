"""Standard addresses: one place, one row, down to the room; found by a part of them."""

import pytest

from grids.elements.actions import recording as actions
from grids.elements.addresses import Parts, normal_form, parts_of
from grids.elements.models import Address
from grids.elements.search import with_words
from tests.conftest import GRID, NEXT_GRID


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("江苏省徐州市铜山区柳新镇示例村3组12号", "柳新镇示例村3组12号"),
        ("徐州市铜山区 柳新镇 示例村３组１２号", "柳新镇示例村3组12号"),
        ("柳新镇，示例村3组12号", "柳新镇示例村3组12号"),
        ("小区路5号", "小区路5号"),
        ("  ", ""),
    ],
)
def test_two_spellings_of_one_address_share_a_form(text, key):
    assert normal_form(text) == key


@pytest.mark.parametrize(
    ("key", "parts"),
    [
        ("北京路12号阳光花园3号楼2单元501室", Parts("3", "2", "501")),
        ("阳光花园A栋1203室", Parts("A", "", "1203")),
        ("阳光花园5幢2单元-301", Parts("5", "2", "301")),
        ("示例村3组12号", Parts("", "", "")),
    ],
)
def test_building_unit_and_room_are_read(key, parts):
    assert parts_of(key) == parts


@pytest.mark.django_db
def test_the_same_place_typed_twice_is_one_row_and_keeps_its_position(areas):
    first = actions.standard_address(area_code=GRID, text="铜山区柳新镇3组12号")
    again = actions.standard_address(area_code=GRID, text="柳新镇 3组12号", lon=117.05, lat=34.05)
    other = actions.standard_address(area_code=NEXT_GRID, text="柳新镇3组12号")
    assert (first.pk == again.pk, other.pk == first.pk) == (True, False)
    assert Address.objects.values_list("lon", "lat").get(pk=first.pk) == (117.05, 34.05)


@pytest.mark.django_db
def test_a_batch_is_matched_to_the_rows_that_are_there(areas):
    held = actions.standard_address(area_code=GRID, text="3组12号")
    found = actions.match_addresses(
        [(GRID, "3组 12号", None, None), (GRID, "3组13号", 117.0, 34.0), (GRID, "3组13号", None, None), (GRID, "", None, None)]
    )
    assert (len(found), found[GRID, "3组12号"], Address.objects.count()) == (2, held.pk, 2)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "count"),
    [("阳光", 2), ("阳光花园3号楼", 1), ("3号楼2单元", 1), ("花阳", 0), ("北", 1), ("阳%", 0), ("铜山区北京路", 1), ("", 0)],
)
def test_addresses_are_found_by_a_part(areas, words, count):
    for text in ("北京路阳光花园3号楼2单元", "南京路阳光花园5号楼", "示例村3组12号"):
        actions.standard_address(area_code=GRID, text=text)
    assert with_words(Address.objects.all(), words).count() == count
