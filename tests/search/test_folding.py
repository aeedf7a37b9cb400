"""Writing made comparable, in Python and in the database alike."""

import pytest
from django.db import connection

from portal.search.folding import entry, fold, squashed, words

SAMPLES = [
    "Soon Chun Hyang University Hospital",
    "Дархан-Уул аймаг",
    "ДАРХАН-УУЛ АЙМАГ",
    "Щербакова Юлия Яковлевна",
    "Цогтбаяр Ёндон",
    "Қазақстан Ұлттық Ғылым",
    "순천향대학교 부속 부천병원",
    "O‘zbekiston Respublikasi Sog‘liqni saqlash vazirligi",
    "Ｆｕｌｌ　ｗｉｄｔｈ",
    "Łódź, Ærø & Straße",
    "GG-2026-0011",
    "x=1; y=2 'quoted' \"and\" 100 % _ \\",
    "日本 病院",
    "emoji 🏥 here",
    "person@example.org",
    "Aaaaaaaaaaa bbbbbbbbb ccc Yyyiiiy ббббб",
    "",
    "   ",
]


def in_database(function, text):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [text])
        return cursor.fetchone()[0]


@pytest.mark.django_db
@pytest.mark.parametrize("text", SAMPLES)
def test_python_and_the_database_fold_alike(text):
    assert in_database("search_fold", text) == fold(text)
    assert in_database("search_entry", text) == entry([text])


@pytest.mark.django_db
def test_several_names_are_several_lines():
    names = ["Wiltse Memorial Hospital", "Leon Wiltse", "윌스기념병원"]
    assert in_database("search_entry", "\n".join(names)) == entry(names)
    assert " wiltse memorial hospital leon wiltse " in entry(names)
    assert " wiltsememorialhospital leonwiltse " in entry(names)


@pytest.mark.django_db
def test_python_and_the_database_fold_every_letter_alike():
    blocks = [
        (0x20, 0x250),
        (0x2B0, 0x300),
        (0x370, 0x530),
        (0x1E00, 0x2100),
        (0x3041, 0x3100),
        (0xAC00, 0xAC80),
    ]
    text = " ".join(chr(code) for first, last in blocks for code in range(first, last) if code != 0x7F)
    assert fold(text).split() == in_database("search_fold", text).split()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Дархан", "Darkhan"),
        ("soon chun hyang", "Soonchunhyang"),
        ("Хабаровск", "Khabarovsk"),
        ("Приморский", "Primorskiy"),
        ("Улаанбаатар", "Ulanbatar"),
        ("Кыргызстан", "Kyrgyzstan"),
        ("Nomin Erdene", "Номин-Эрдэнэ"),
        ("Tsogt", "Цогт"),
        ("Хоёрдугаар", "Khoyordugaar"),
        ("O'zbek", "Oʻzbek"),
        ("Muñoz", "Munoz"),
        ("명지 병원", "명지병원"),
        ("ＧＧ２０２６", "GG-2026"),
    ],
)
def test_spellings_of_one_name_fold_to_one_word(one, other):
    assert squashed(one) == squashed(other)


@pytest.mark.parametrize(
    ("typed", "whole"), [("Dark", "Дархан"), ("Khab", "Хабаровск"), ("명", "명지"), ("지", "직")]
)
def test_whoever_is_still_typing_finds_it_already(typed, whole):
    assert squashed(whole).startswith(squashed(typed))


@pytest.mark.parametrize("typed", ["", " ", "%", "_", "'", '"', "\\", "🏥", "\x00", "—", "%_%"])
def test_what_has_no_letter_and_no_digit_is_no_word(typed):
    assert words(typed) == []


def test_the_longest_words_come_first_and_no_more_than_eight():
    assert words("of the Hospital hospital OF") == ["hospital", "the", "of"]
    assert len(words(" ".join(f"w{number}" for number in range(30)))) == 8
    assert words("a" * 300) == ["a"]
    assert len(words("ab" * 150)[0]) == 200
