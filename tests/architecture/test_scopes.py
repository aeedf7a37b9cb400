"""The second lock: every model that a page can take an object out of knows who may see which rows."""

import inspect

import pytest
from django.apps import apps

from tests.architecture.test_arrows import OURS

# Read through their owner, in the admin, or not by people at all; each with the reason.
WITHOUT_SCOPE = {
    "accounts.Grant": "the register of roles: shown with its user, whose scope it has",
    "records.AccessRecord": "read as a whole, by who reviews them",
    "records.AccessReview": "read as a whole, by who reviews them",
    "records.ColumnMapping": "what a heading means: used by the next file of its sender",
    "records.Event": "the trail: shown with its subject, whose scope it has",
    "records.PrivateFile": "served through its owner, whose scope it has",
    "records.Source": "published articles: public",
    "search.SearchEntry": "folded names: a hit is read through its record’s own scope",
    "mail.Sweep": "a time, for /health/",
    "hospitals.Specialty": "a public tree of names",
    "hospitals.Closure": "shown with its department",
    "hospitals.Coordinator": "shown with its hospital",
    "partners.MouParty": "shown with its MOU",
    "partners.MouScan": "shown with its MOU",
    "mail.BouncedAddress": "shown with the person whose address it is",
    "programs.HeadCount": "shown with its cohort",
    "programs.Reviewer": "shown with its cohort",
    "programs.Score": "shown with its review, whose scope it has",
    "programs.Exemption": "shown with its enrollment",
    "programs.ObjectiveRating": "shown with its objective, whose scope it has",
    "programs.Waiver": "shown with its enrollment",
    "programs.ScheduleRelease": "shown with its cohort",
    "programs.ScheduleLook": "a time, read with one's own schedule",
    "programs.HostingSeats": "shown with its offer, whose scope it has",
    "programs.ProposedLine": "shown with its proposal, whose scope it has",
    "programs.Quota": "shown with its cohort",
    "programs.Brand": "shown with its program",
    "programs.Criterion": "shown with its program",
    "programs.SignatoryMark": "shown with its signatory, whose scope it has",
    "programs.CertificateCounter": "a number, for the issuing transaction",
    "programs.WithdrawnBadge": "a public list that names nobody",
}
MODELS = [
    model for config in OURS for model in config.get_models() if not hasattr(model, "pgh_tracked_model")
]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_model_says_who_sees_which_rows(model):
    scoped = hasattr(model._default_manager.all(), "visible_to")
    assert scoped != (model._meta.label in WITHOUT_SCOPE)


def test_the_exceptions_still_exist():
    for label in WITHOUT_SCOPE:
        assert inspect.isclass(apps.get_model(label))


@pytest.mark.parametrize(
    "model", [m for m in MODELS if m._meta.label not in WITHOUT_SCOPE], ids=lambda model: model._meta.label
)
def test_somebody_without_a_role_sees_nothing_but_themselves(model, db):
    from tests import factories

    nobody = factories.make_user([])
    rows = model._default_manager.all().visible_to(nobody)
    assert list(rows.exclude(pk=nobody.pk) if model._meta.label == "accounts.User" else rows) == []
