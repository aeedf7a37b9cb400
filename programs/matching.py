"""Whether a trainee and a department suit each other: specialty by the tree of specialties, and a common language."""

from hospitals.models import Specialty


class SpecialtyTree:
    """The specialties by key, each with what it is part of. One query."""

    def __init__(self):
        self.above = dict(Specialty.objects.values_list("pk", "parent"))

    def path(self, key):
        """The specialty and all it is a part of, from the inside out."""
        found = []
        while key is not None and key not in found:
            found.append(key)
            key = self.above.get(key)
        return found

    def related(self, one, other):
        """Whether they are the same, or one is a part of the other. None is no specialty and suits every other."""
        return one is None or other is None or one in self.path(other) or other in self.path(one)


def common_languages(trainee, department):
    """The languages that both speak; None where either side has not told any."""
    if not trainee.languages or not department.languages:
        return None
    return [code for code in department.languages if code in trainee.languages]
