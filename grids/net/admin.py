"""Drawing the ground of an area in Django's admin, with django-leaflet's widget. Saving is the action; nothing is added or deleted here."""

import json
from typing import Any

import shapely
from django import forms
from django.contrib import admin
from django.contrib.gis.forms import GeometryField
from django.contrib.gis.geos import GEOSGeometry
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from leaflet.forms.widgets import LeafletWidget

from grids.areas.codes import Level, parent_of
from grids.areas.models import AreaShape
from grids.areas.names import kept as names
from grids.areas.shapes.validation import Fault, mended
from tongshan_portal.accounts.admin_pages import ActingAdmin, ByRight

from . import actions, context, findings


class GroundWidget(LeafletWidget):
    """The widget of django-leaflet with a script of our own in place of its inline ones, which the policy forbids."""

    template_name = "net/ground_widget.html"
    geom_type = "GEOMETRY"
    include_media = True
    about: dict[str, Any] = {}

    class Media:
        js = ("js/ground.js",)
        css = {"screen": ("css/ground.css",)}

    @property
    def media(self) -> forms.Media:
        return super().media + forms.Media(js=self.Media.js, css=self.Media.css)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        return {**super().get_context(name, value, attrs), "about": self.about}


class GroundForm(forms.ModelForm):
    """What was drawn, and whether findings are mended or accepted. Findings stand on the map and in the list before anything is saved."""

    ground = GeometryField(label=gettext_lazy("Ground"), srid=4326, widget=GroundWidget())
    mend = forms.BooleanField(label=gettext_lazy("Mend a border that crosses itself"), required=False)
    accept = forms.BooleanField(label=gettext_lazy("Save in spite of overlaps, gaps or ground beyond the area above"), required=False)

    class Meta:
        model = AreaShape
        fields = ["source"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        code = self.instance.pk
        self.initial["ground"] = GEOSGeometry(json.dumps(self.instance.geometry), srid=4326)
        self.widget = self.fields["ground"].widget
        above = parent_of(code) or ""
        level = Level(len(code)).name.lower().replace("_", "-")
        self.widget.about = {**context.map_settings(at=code), "under": above, "siblingLevel": level}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        drawn = given.get("ground")
        if drawn is None:
            return given
        shape = shapely.from_wkb(bytes(drawn.wkb))
        found = findings.findings_of(self.instance.pk, shape)
        if given.get("mend") and any(one.mendable for one in found):
            shape = mended(shape)
            found = findings.findings_of(self.instance.pk, shape)
        severe = [one for one in found if one.fault in findings.BLOCKING or one.fault in (Fault.SELF_CROSSING, Fault.HEIGHT)]
        if severe or (found and not given.get("accept")):
            known = names.get()
            for one in found[:20]:
                self.add_error("ground", findings.sentence(one, known))
            self.widget.about["findings"] = findings.as_geojson(found, known)
        given["shape"] = shape
        return given


@admin.register(AreaShape)
class AreaShapeAdmin(ByRight, ActingAdmin):
    """The grounds of the net: system administrators draw, nobody adds or deletes."""

    right, adds = "areas.change", False
    form = GroundForm
    fields = ["area", "ground", "mend", "accept", "source"]
    readonly_fields = ["area"]
    list_display = ["pk", "area", "source", "changed_at"]
    search_fields = ["=area__code", "area__name"]
    ordering = ["pk"]
    list_select_related = ["area"]

    def save_model(self, request: HttpRequest, obj: AreaShape, form: Any, change: bool) -> None:
        actions.redraw_area(
            actor=request.actor,  # type: ignore[attr-defined]
            code=obj.pk,
            shape=form.cleaned_data["shape"],
            source=form.cleaned_data["source"] or _("drawn by hand"),
        )
