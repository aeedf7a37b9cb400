"""The one way in for spreadsheets: upload, check, look, write all or nothing, revert.

An app that takes spreadsheets of its records puts an importer into `<app>/imports.py`:

    @importer
    class SpecialtyImport(RecordImporter):
        key = "specialties"                       # in addresses: /records/imports/create/specialties/
        label = _("Specialties")
        model = Specialty
        permission = Permission.EDIT_HOSPITALS    # who may upload, write and revert
        columns = [
            TextColumn("name", _("Name"), synonyms=["specialty", "진료과", "специальность"], required=True),
            TextColumn("name_ko", _("Name in Korean"), synonyms=["korean name", "한글명"]),
        ]

        def prepare(self, rows):                  # once for all rows: what is needed to read and match them
            self.names = NameIndex.of(Specialty.objects.all(), ["name", "name_ko"])

        def match(self, rows):                    # in bulk: which record each row is about, with the evidence
            for row in rows:
                self.names.settle(row, row.text("name"))

`records.RecordImporter` compares, writes and reverts rows of one model. What is no plain row of one (a nomination: a
person, an enrollment, mails) derives from `importers.Importer` and says itself how rows are compared, written and
put back. An importer whose `parent_model` is set is bound to an object; the parent's app gives the upload an
address of its own and hands over with `views.uploading.upload(request, key, parent=…)`.

The modules: `child` and `reading` (bytes to cells, safely) · `headings` (which column is which) · `columns` (text to
values) · `rows`, `importers`, `records`, `names` (what a row means) · `checking` (the long work, by task or at once) ·
`workflow` (the verbs) · `sheets` (the template, and what was left out) · `presentation` (a row as the preview says it).
"""
