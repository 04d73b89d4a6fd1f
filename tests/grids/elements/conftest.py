"""One element of each kind in the first grid, recorded by its worker."""

import pytest

from grids.elements import dictionary
from grids.elements.actions import recording as actions
from tests.conftest import GRID, VILLAGE
from tongshan_portal.accounts.enums import Role

PHONE, CONTACT = "13800001234", "王秀英"
CREDIT_CODE = "91320312MA1MXXXX1X"
WHERE = {"area_code": GRID, "address": "柳新镇试验村3组12号楼2单元301室", "lon": 117.05, "lat": 34.05}


@pytest.fixture(autouse=True)
def _no_terms_kept():
    dictionary.forget()
    yield
    dictionary.forget()


@pytest.fixture
def village_officer(person):
    return person("village_officer", Role.VILLAGE_OFFICER, VILLAGE)


@pytest.fixture
def director(person):
    return person("director", Role.DIRECTOR)


@pytest.fixture
def held(cast, actor):
    """By the word of their kind."""
    worker = actor(cast["worker"])

    def make(element, **fields):
        return actions.record_element(actor=worker, element=element, **WHERE, **fields)

    return {
        "household": make("household", contact=CONTACT, phone=PHONE, size=3, needs=[], needs_agreed_on=None),
        "place": make("place", name="北望超市", kind="shop"),
        "facility": make("facility", name="3号消火栓", kind="hydrant", sensor_id="S-1"),
        "organisation": make("organisation", name="示例商贸有限公司", kind="enterprise", credit_code=None),
    }
