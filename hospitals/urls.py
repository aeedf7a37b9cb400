from django.urls import path

app_name = "hospitals"
urlpatterns = []
