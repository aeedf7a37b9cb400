"""The columns of a ministry's list of nominees, by their names in English, Korean and Russian."""

import re
from dataclasses import dataclass, field
from functools import cache

from babel import Locale
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from participants import passports
from portal.accounts.models import READING_LANGUAGES
from portal.records import clock
from portal.records.imports.columns import (
    CodesColumn,
    Column,
    DayColumn,
    EmailColumn,
    NumberColumn,
    ReferenceColumn,
    TextColumn,
)
from portal.records.imports.headings import plain
from portal.ui.countries import country_name

# What the template prints above each column, in three languages at once: any of them is understood, and all three.
HEADINGS = {
    "passport_name": ("Name as in the passport", "여권상 영문 성명", "Имя и фамилия латиницей"),
    "surname": ("Surname", "성", "Фамилия латиницей"),
    "given_name": ("Given name", "이름", "Имя латиницей"),
    "local_name": ("Name in the local script", "현지어 성명", "ФИО"),
    "birth_date": ("Date of birth", "생년월일", "Дата рождения"),
    "nationality": ("Nationality", "국적", "Гражданство"),
    "passport_number": ("Passport number", "여권번호", "Номер паспорта"),
    "passport_expires": ("Passport valid until", "여권 만료일", "Срок действия паспорта"),
    "institution": ("Home institution", "소속 기관", "Место работы"),
    "profession": ("Profession", "직종", "Профессия"),
    "position": ("Position", "직위", "Должность"),
    "specialty": ("Specialty", "전문 분야", "Специальность"),
    "practicing_since": ("Years of practice", "경력(년)", "Стаж работы"),
    "languages": ("Languages", "구사 언어", "Языки"),
    "email": ("E-mail", "이메일", "Электронная почта"),
    "phone": ("Phone", "전화번호", "Телефон"),
    "needs": ("Dietary and religious needs", "식이 및 종교 관련 요청", "Особые потребности"),
    "recommended_by_organization": ("Recommending organization", "추천 기관", "Рекомендующая организация"),
    "recommended_by_person": ("Recommended by", "추천인", "Кем рекомендован"),
    "recommended_on": ("Date of recommendation", "추천일", "Дата рекомендации"),
    "wishes": ("Wishes for the training", "희망 연수 내용", "Пожелания"),
}
PROFESSIONS = {
    "physician": ["doctor", "md", "medical doctor", "surgeon", "의사", "врач", "доктор", "эмч"],
    "nurse": ["registered nurse", "rn", "간호사", "медсестра", "медицинская сестра", "сувилагч"],
    "dentist": ["치과의사", "стоматолог", "шүдний эмч"],
    "pharmacist": ["약사", "фармацевт", "провизор", "эм зүйч"],
    "medical technician": ["technician", "의료기사", "медицинский техник", "лаборант"],
    "administrator": ["manager", "행정", "행정직", "администратор"],
}
LANGUAGE_WORDS = {
    "en": ["english", "eng", "영어", "английский", "англи"],
    "ko": ["korean", "kor", "한국어", "корейский", "солонгос"],
    "mn": ["mongolian", "몽골어", "монгольский", "монгол"],
    "ru": ["russian", "rus", "러시아어", "русский", "орос"],
}
# How the specialties that are recorded in English are called by a ministry that writes Russian.
SPECIALTIES_RU = {
    "anesthesiology": ["анестезиология"],
    "cardiology": ["кардиология"],
    "cardiovascular surgery": ["сердечно-сосудистая хирургия", "кардиохирургия"],
    "dermatology": ["дерматология"],
    "emergency medicine": ["неотложная медицина", "скорая помощь"],
    "endocrinology": ["эндокринология"],
    "gastroenterology": ["гастроэнтерология"],
    "internal medicine": ["терапия", "внутренние болезни"],
    "neurology": ["неврология"],
    "neurosurgery": ["нейрохирургия"],
    "nursing": ["сестринское дело"],
    "obstetrics and gynecology": ["акушерство и гинекология", "гинекология"],
    "oncology": ["онкология"],
    "ophthalmology": ["офтальмология"],
    "orthopedics": ["ортопедия", "травматология и ортопедия"],
    "otolaryngology": ["оториноларингология", "лор"],
    "pediatrics": ["педиатрия"],
    "psychiatry": ["психиатрия"],
    "radiology": ["рентгенология", "лучевая диагностика"],
    "rehabilitation medicine": ["реабилитация", "медицинская реабилитация"],
    "robotic surgery": ["роботизированная хирургия"],
    "surgery": ["хирургия", "общая хирургия"],
    "urology": ["урология"],
}
OLDEST, YOUNGEST = 100, 16
LONGEST_PRACTICE = 70


def heading(name):
    """What the template prints above a column."""
    return " / ".join(HEADINGS[name])


def spellings(name, *more):
    """Everything a heading may say for this column."""
    return [*HEADINGS[name], heading(name), *more]


@dataclass(frozen=True)
class BirthColumn(DayColumn):
    """The day somebody was born: in the past, and of somebody who can have learned a profession."""

    def read(self, text, importer):
        day, today = super().read(text, importer), clock.today()
        if not today.year - OLDEST <= day.year <= today.year - YOUNGEST:
            raise ValidationError(
                _("Somebody born on %(value)s would be too young or too old. Is it another date?"),
                params={"value": day.isoformat()},
            )
        return day


@dataclass(frozen=True)
class CountryColumn(Column):
    """A country by its name in some language, or its two letters; kept as these."""

    def read(self, text, importer):
        code = _countries().get(plain(text))
        if code is None:
            raise ValidationError(_("“%(value)s” is no country we know."), params={"value": text})
        return code

    def show(self, value):
        return str(country_name(value))


@cache
def _countries():
    """{name in any of these languages: code}."""
    found = {}
    for language in ("en", "ko", "ru", "mn", "uz", "kk", "ky"):
        for code, name in Locale.parse(language).territories.items():
            if len(code) == 2 and code.isalpha():
                found.setdefault(plain(name), code)
                found[plain(code)] = code
    more = {
        "russian federation": "RU",
        "рф": "RU",
        "republic of korea": "KR",
        "korea": "KR",
        "киргизия": "KG",
    }
    return found | more


@dataclass(frozen=True)
class ProfessionColumn(TextColumn):
    """A profession: one word for one thing, also where it was written in another language; others as they stand."""

    max_length: int = field(default=80, kw_only=True)

    @property
    def options(self):
        return list(PROFESSIONS)

    def read(self, text, importer):
        text, wanted = super().read(text, importer), plain(text)
        return next((word for word, others in PROFESSIONS.items() if wanted in (word, *others)), text)


@dataclass(frozen=True)
class PracticeColumn(NumberColumn):
    """Since when somebody has practiced; a ministry may write the year, or for how many years."""

    def read(self, text, importer):
        digits = re.sub(r"\s*(years?|년|лет|года?|жил)\.?$", "", text.strip(), flags=re.IGNORECASE)
        year = super().read(digits, importer)
        if year <= LONGEST_PRACTICE:
            return clock.today().year - year
        if not clock.today().year - LONGEST_PRACTICE <= year <= clock.today().year:
            raise ValidationError(
                _("“%(value)s” is neither a number of years nor a year."), params={"value": text}
            )
        return year


@dataclass(frozen=True)
class PassportColumn(Column):
    """A passport number in its one spelling. Wherever it is kept or printed by accident, it is its mask."""

    secret: bool = field(default=True, kw_only=True)

    def read(self, text, importer):
        return passports.normalize(text)

    def keep(self, value):
        return str(value)


COLUMNS = [
    TextColumn(
        "passport_name", _("Name as in the passport"),
        spellings("passport_name", "name", "full name", "passport name", "name in latin", "name in english",
                  "surname and name", "영문 성명", "영문명", "имя латиницей", "имя латиницей как в паспорте",
                  "фио латиницей", "имя и фамилия"),
        max_length=160, needed_when_new=True, example="BOLORMAA DORJ",
        help=_("In Latin letters. Surname and given name may also stand in two columns."),
    ),
    TextColumn("surname", _("Surname"), spellings("surname", "family name", "last name", "영문 성", "фамилия"),
               max_length=80),
    TextColumn("given_name", _("Given name"),
               spellings("given_name", "first name", "given names", "영문 이름", "имя"), max_length=80),
    TextColumn("local_name", _("Name in the local script"),
               spellings("local_name", "local name", "name in cyrillic", "ф и о", "фамилия имя отчество", "овог нэр",
                         "현지어명"),
               max_length=160, example="Болормаа Дорж"),
    BirthColumn("birth_date", _("Birth date"),
                spellings("birth_date", "birth date", "dob", "born", "birthday", "출생일", "дата рожд", "төрсөн огноо"),
                needed_when_new=True, example="1985-02-28", help=_("Year, month, day.")),
    CountryColumn("nationality", _("Nationality"),
                  spellings("nationality", "citizenship", "country", "국가", "страна", "иргэншил"),
                  example="Mongolia"),
    PassportColumn("passport_number", _("Passport number"),
                   spellings("passport_number", "passport", "passport no", "passport №", "여권 번호", "паспорт",
                             "загранпаспорт", "№ паспорта", "серия и номер паспорта", "паспортын дугаар"),
                   help=_("Letters and digits as in the passport; kept sealed.")),
    DayColumn("passport_expires", _("Passport valid until"),
              spellings("passport_expires", "passport expiry", "expiry date", "date of expiry", "유효기간",
                        "паспорт действителен до")),
    ReferenceColumn("institution", _("Home institution"),
                    spellings("institution", "institution", "workplace", "hospital", "organization", "place of work",
                              "소속", "근무처", "учреждение", "организация", "ажлын газар"),
                    needed_when_new=True, help=_("An institution that is known here, by any of its names.")),
    ProfessionColumn("profession", _("Profession"), spellings("profession", "occupation", "직업", "мэргэжил")),
    TextColumn("position", _("Position"), spellings("position", "job title", "title", "직책", "албан тушаал"),
               max_length=120),
    ReferenceColumn("specialty", _("Specialty"),
                    spellings("specialty", "speciality", "field", "department", "전공", "진료과", "специализация",
                              "нарийн мэргэжил")),
    PracticeColumn("practicing_since", _("In practice since"),
                   spellings("practicing_since", "practicing since", "in practice since", "experience",
                             "work experience", "경력", "стаж", "опыт работы", "ажилласан жил"),
                   maximum=2100, help=_("For how many years, or since which year.")),
    CodesColumn("languages", _("Languages"),
                spellings("languages", "language", "언어", "외국어", "язык", "знание языков", "гадаад хэл"),
                choices=READING_LANGUAGES, words=LANGUAGE_WORDS, help=_("Several are parted by commas.")),
    EmailColumn("email", _("E-mail"), spellings("email", "email", "e-mail address", "mail", "전자우편", "почта",
                                                "эл почта", "имэйл"), max_length=254),
    TextColumn("phone", _("Phone"), spellings("phone", "mobile", "telephone", "연락처", "휴대전화", "утас"),
               max_length=40),
    TextColumn("needs", _("Dietary and religious needs"), spellings("needs", "diet", "питание"),
               max_length=300),
    TextColumn("recommended_by_organization", _("Recommending organization"),
               spellings("recommended_by_organization", "nominated by", "nominating organization",
                         "направляющая организация"), max_length=200),
    TextColumn("recommended_by_person", _("Recommending person"),
               spellings("recommended_by_person", "recommending person", "signed by"), max_length=160),
    DayColumn("recommended_on", _("Date of the recommendation"),
              spellings("recommended_on", "letter date", "date of letter", "дата письма")),
    TextColumn("wishes", _("Wishes"), spellings("wishes", "wishes", "training wishes", "remarks", "비고", "примечание"),
               max_length=300),
]  # fmt: skip
