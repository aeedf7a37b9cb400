"""Where recorded facts were published, for pages that show many of them: one query for all."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.utils.translation import gettext as _

from .models import Source


def with_source_ids(queryset):
    """The rows with `source_ids`, the keys of their sources, read in the same query."""
    through = queryset.model.sources.through
    owner = queryset.model.sources.field.m2m_field_name()
    keys = through.objects.filter(**{owner: OuterRef("pk")}).order_by("pk").values("source")
    return queryset.annotate(source_ids=ArraySubquery(keys))


def citations(rows):
    """A dict from each row (read by `with_source_ids`) to its sources in words; no words for none. One query."""
    rows = list(rows)
    sources = Source.objects.in_bulk({key for row in rows for key in row.source_ids})
    return {row: cite(sources[key] for key in row.source_ids) for row in rows}


def cite(sources):
    """“Source: Medical Gyeonggi e-News, 28 November 2022”; nothing where no source is kept."""
    names = "; ".join(str(source) for source in sources)
    return _("Source: %(source)s") % {"source": names} if names else ""
