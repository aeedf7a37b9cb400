from . import closures, coordinators, departments, entries, specialties

__all__ = ["closures", "coordinators", "departments", "entries", "specialties"]
