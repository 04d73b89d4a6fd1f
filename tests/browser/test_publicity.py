"""Posters on paper: one sheet each, of the size that was chosen, nothing cut off, nothing of the page around it."""

import re

from antifraud.publicity.models import Advice

POINTS = {"a4": (595, 842), "a3": (842, 1191)}
"""Width and height of the paper in points (1/72 inch)."""
MEASURE = """() => [...document.querySelectorAll('.sheet')].map((sheet) => {
  const body = sheet.querySelector('.sheet__body'), box = sheet.getBoundingClientRect();
  const inside = [...sheet.querySelectorAll('*')].every((one) => {
    const own = one.getBoundingClientRect();
    return own.left >= box.left - 1 && own.right <= box.right + 1 && own.top >= box.top - 1 && own.bottom <= box.bottom + 1;
  });
  return [inside, body.scrollHeight <= body.clientHeight + 1, Math.round(box.width / 96 * 25.4), Math.round(box.height / 96 * 25.4)];
})"""


def test_every_poster_fits_on_one_sheet_of_its_paper(portal):
    codes = list(Advice.objects.filter(in_use=True).values_list("code", flat=True))
    portal.page.emulate_media(media="print")
    found, wanted = {}, {}
    for size, (width, height) in {"a4": (210, 296), "a3": (297, 419)}.items():
        for code in codes if size == "a4" else codes[:1]:
            portal.open(f"/antifraud/types/{code}/poster/?size={size}&language=both")
            found[code, size] = portal.page.evaluate(MEASURE)
            wanted[code, size] = [[True, True, width, height]] * 2
        hidden = portal.page.evaluate(
            "['.public__top', '.public__foot', '.filters'].map((one) => document.querySelector(one).offsetHeight)"
        )
        paper = portal.page.pdf(prefer_css_page_size=True, print_background=True)
        boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", paper)
        assert (hidden, [(round(float(w)), round(float(h))) for w, h in boxes]) == ([0, 0, 0], [POINTS[size]] * 2)
    assert found == wanted
