"""The portal's addresses as the demo profile has them."""

from django.urls import include, path

from portal.urls import urlpatterns as portal

urlpatterns = [*portal, path("demo/", include("portal.desk.demo.urls"))]
