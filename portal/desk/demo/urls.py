from django.urls import path

from . import views

app_name = "demo"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("mails/", views.mail_list, name="mail-list"),
    path("mails/<str:name>/", views.mail_detail, name="mail-detail"),
    path("mails/<str:name>/html/", views.mail_html, name="mail-html"),
    path("mails/<str:name>/attachments/<int:number>/", views.mail_attachment, name="mail-attachment"),
]
