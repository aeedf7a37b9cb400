from django.http import Http404
from django.urls import path


def verify_code(request, code):
    raise Http404


app_name = "public"
urlpatterns = [path("verify/<str:code>/", verify_code, name="verify-code")]
