from django.urls import path

from .views import imports

app_name = "records"
urlpatterns = [
    path("imports/", imports.importbatch_list, name="importbatch-list"),
    path("imports/create/<slug:kind>/", imports.importbatch_create, name="importbatch-create"),
    path("imports/template/<slug:kind>/", imports.importbatch_template, name="importbatch-template"),
    path("imports/<int:pk>/", imports.importbatch_detail, name="importbatch-detail"),
    path("imports/<int:pk>/columns/", imports.importbatch_columns, name="importbatch-columns"),
    path("imports/<int:pk>/check/", imports.importbatch_check, name="importbatch-check"),
    path("imports/<int:pk>/row/<int:number>/", imports.importbatch_row, name="importbatch-row"),
    path("imports/<int:pk>/write/", imports.importbatch_write, name="importbatch-write"),
    path("imports/<int:pk>/revert/", imports.importbatch_revert, name="importbatch-revert"),
    path("imports/<int:pk>/abandon/", imports.importbatch_abandon, name="importbatch-abandon"),
    path("imports/<int:pk>/left-out/", imports.importbatch_left_out, name="importbatch-left-out"),
    path("imports/<int:pk>/download/", imports.importbatch_download, name="importbatch-download"),
]
