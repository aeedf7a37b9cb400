from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "portal.search"
    label = "search"
    verbose_name = _("Search")

    def ready(self):
        from .triggers import install  # needs the models

        # Each app names what can be found in its `search.py`.
        autodiscover_modules("search")
        post_migrate.connect(install, sender=self)
