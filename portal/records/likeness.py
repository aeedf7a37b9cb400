"""What tells one name from another: all of it but the words that half of the names have."""

from rapidfuzz import utils

# A place of work by its kind, and whose it is.
COMMON = """
    hospital hospitals clinic clinics center centre university college school institute medical medicine health
    healthcare national central general regional republican state city ministry department agency of the and for
    병원 의원 의료원 대학교 대학 국립 중앙 보건부
    больница клиника клинический центр университет институт медицинский центральный областной краевой республиканский
    национальный государственный городской министерство здравоохранения имени
    эмнэлэг төв нэгдсэн улсын их сургууль яам эрүүл мэндийн
"""
_COMMON = frozenset(COMMON.split())


def telling(name):
    """The name without case, signs and common words; whole, where it is made of nothing else."""
    words = utils.default_process(name).split()
    return " ".join([word for word in words if word not in _COMMON] or words)
