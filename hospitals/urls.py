from django.urls import path

from . import views

app_name = "hospitals"
urlpatterns = [
    path("hospitals/", views.hospital_list, name="hospital-list"),
    path("hospitals/<int:pk>/", views.hospital_detail, name="hospital-detail"),
]
