"""Spellings of one name, and names that are two."""

import pytest

from participants.transliteration import alike, keys

ONE_NAME = [
    ("Dorjiin Oyunchimeg", "Oyunchimeg Dorj"),
    ("Доржийн Оюунчимэг", "Oyunchimeg Dorj"),
    ("도르지 오윤치멕", "Dorj Oyunchimeg"),
    ("D. Oyunchimeg", "Dorj Oyunchimeg"),
    ("Цэцэгмаа Бат", "Tsetsegmaa Bat"),
    ("Cecegmaa Bat", "Tsetsegmaa Bat"),
    ("Ölziisaikhan Bat-Erdene", "Ulziisaikhan Baterdene"),
    ("Ганболдын Сарнай", "Sarnai Ganbold"),
    ("Alexander Khan", "Aleksandr Han"),
    ("Хасанов Бахтиёр Абдуллаевич", "Bakhtiyor Khasanov"),
    ("Xasanov Baxtiyor Abdulla oʻgʻli", "Bakhtiyor Khasanov"),
    ("Жанар Нұрланқызы", "Zhanar Nurlan"),
    ("Жумабек кызы Айгүл", "Aigul Jumabek"),
    ("Юлия Щербакова", "Yulia Scherbakova"),
    ("Сергей Иванов", "Sergej Ivanov"),
    ("Евгений Петров", "Yevgeniy Petrov"),
    ("Цой Елена", "Tsoi Elena"),
    ("김민수", "Minsoo Kim"),
    ("NGUYỄN Văn An", "Nguyen Van An"),
]
TWO_NAMES = [
    ("Batbayar Dorj", "Batbold Dorj"),
    ("Ivanova Anna", "Ivanov Anton"),
    ("Kim Anna", "Kim Anton"),
    ("Dorj", "Oyunchimeg Dorj"),  # one word is no name to go by
    ("D. O.", "Dorj Oyunchimeg"),
    ("Trainee 1", "Trainee 2"),
    ("", ""),
]


@pytest.mark.parametrize(("one", "other"), ONE_NAME)
def test_spellings_of_one_name_are_alike_both_ways_round(one, other):
    assert alike(one, other) >= 84
    assert alike(one, other) == alike(other, one)


@pytest.mark.parametrize(("one", "other"), ONE_NAME)
def test_an_index_finds_one_spelling_by_the_other(one, other):
    assert set(keys(one)) & set(keys(other))


@pytest.mark.parametrize(("one", "other"), TWO_NAMES)
def test_two_names_are_not_alike(one, other):
    assert alike(one, other) == 0
