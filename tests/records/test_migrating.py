from django.apps import apps as installed
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from portal.records.migrating import AtOnce

KEY = {"primary_key": True}
CREATE = AtOnce(
    [
        migrations.CreateModel("Ward", [("id", models.BigAutoField(**KEY))]),
        migrations.CreateModel(
            "Bed",
            [("id", models.BigAutoField(**KEY)), ("ward", models.ForeignKey("records.Ward", models.CASCADE))],
        ),
    ]
)


def test_operations_done_at_once_leave_the_models_that_they_leave_one_by_one():
    at_once, one_by_one = ProjectState(), ProjectState()
    CREATE.state_forwards("records", at_once)
    for operation in CREATE.operations:
        operation.state_forwards("records", one_by_one)
    assert at_once == one_by_one


def test_models_that_were_rendered_before_are_rendered_anew():
    state = ProjectState()
    assert list(state.apps.get_models()) == []
    CREATE.state_forwards("records", state)
    assert {model.__name__ for model in state.apps.get_models()} == {"Ward", "Bed"}


def test_what_was_done_at_once_is_taken_back(db):
    before, after = ProjectState(), ProjectState()
    CREATE.state_forwards("records", after)
    with connection.schema_editor() as editor:
        CREATE.database_forwards("records", editor, before, after)
    tables = {"records_ward", "records_bed"}
    assert tables <= set(connection.introspection.table_names())
    with connection.schema_editor() as editor:
        CREATE.database_backwards("records", editor, after, before)
    assert not tables & set(connection.introspection.table_names())


def test_a_new_checkout_has_every_model_after_the_first_migrations():
    state = MigrationLoader(None).project_state()
    ours = {model._meta.label_lower for model in installed.get_models() if not model._meta.proxy}
    assert ours <= {f"{app}.{name}" for app, name in state.models}
