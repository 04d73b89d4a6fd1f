"""Addresses of the exchange."""

from django.urls import path, re_path

from .views import exports, imports

app_name = "exchange"
_RUN = r"(?P<run_id>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"

urlpatterns = [
    path("", imports.index, name="index"),
    path("imports/new/<slug:name>/", imports.new_import, name="new_import"),
    path("imports/blank/<slug:name>/", imports.blank, name="blank"),
    path("imports/<uuid:run_id>/", imports.show_import, name="import"),
    path("imports/<uuid:run_id>/check/", imports.check_import, name="check_import"),
    path("imports/<uuid:run_id>/bad-rows/", imports.import_bad_rows, name="import_bad_rows"),
    path("imports/<uuid:run_id>/results/", imports.import_results, name="import_results"),
    re_path(rf"^imports/{_RUN}/(?P<verb>start|pause|resume|stop)/$", imports.step_import, name="step_import"),
    path("exports/new/<slug:name>/", exports.new_export, name="new_export"),
    path("exports/<uuid:run_id>/", exports.show_export, name="export"),
    path("exports/<uuid:run_id>/file/", exports.export_file, name="export_file"),
    re_path(rf"^exports/{_RUN}/(?P<verb>resume|stop)/$", exports.step_export, name="step_export"),
]
