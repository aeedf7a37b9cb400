"""Names across scripts and spellings, folded until Оюунчимэг, Oyunchimeg and 오윤치멕 can be compared.

A folded word is for comparing only, never shown. Its `skeleton` (consonants by class) is what an index finds:
spellings differ in their vowels first. What is lost is similarity, so `alike` looks at the folded words again.
"""

import re
import unicodedata
from functools import lru_cache

from rapidfuzz import fuzz

# Cyrillic by sound: Russian, Ukrainian, Mongolian, Kazakh, Kyrgyz, Uzbek, Tajik.
CYRILLIC = {
    "а": "a", "ә": "a", "б": "b", "в": "v", "г": "g", "ғ": "g", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ё": "io",
    "ж": "j", "җ": "j", "ҷ": "j", "з": "z", "и": "i", "і": "i", "ї": "i", "й": "i", "ӣ": "i", "к": "k", "қ": "k",
    "л": "l", "м": "m", "н": "n", "ң": "ng", "о": "o", "ө": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u",
    "ү": "u", "ұ": "u", "ў": "o", "ӯ": "u", "ф": "f", "х": "h", "ҳ": "h", "һ": "h", "ц": "z", "ч": "ch", "ш": "sh",
    "щ": "sh", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "iu", "я": "ia",
}  # fmt: skip
# Latin letters whose mark is a sound of its own; every other mark is dropped.
LATIN = {
    "ž": "j", "č": "ch", "š": "sh", "ş": "sh", "ș": "sh", "ç": "ch", "ğ": "g", "ı": "i", "ə": "a", "đ": "d",
    "ø": "o", "ł": "l", "ß": "ss", "æ": "e", "þ": "t", "ñ": "n",
}  # fmt: skip
# Hangul is arithmetic: initial, vowel and final of a syllable, by the Revised Romanization.
INITIALS = [
    "g",
    "kk",
    "n",
    "d",
    "tt",
    "r",
    "m",
    "b",
    "pp",
    "s",
    "ss",
    "",
    "j",
    "jj",
    "ch",
    "k",
    "t",
    "p",
    "h",
]
VOWELS = [
    "a", "ae", "ia", "iae", "eo", "e", "ieo", "ie", "o", "ua", "uae", "oe", "io", "u", "uo", "ue", "ui", "iu", "eu",
    "eui", "i",
]  # fmt: skip
FINALS = [
    "", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p", "t", "t", "ng", "t",
    "t", "k", "t", "p", "t",
]  # fmt: skip
FIRST_SYLLABLE, LAST_SYLLABLE = 0xAC00, 0xD7A3
KOREAN_NAME = 3  # syllables of a Korean name written without a space: the first is the family's

# Spellings of one sound, in this order. After them: C is ch, everything else is itself.
SPELLINGS = [
    (re.compile(pattern), sound)
    for pattern, sound in [
        ("shch|sch|sh", "s"),
        ("dzh|zh|dj|dz", "j"),
        ("tsch|tch|ch", "C"),
        ("tz|ts", "z"),
        ("kh|ks|x", "h"),
        ("gh", "g"),
        ("ph", "f"),
        ("th", "t"),
        ("ck|q", "k"),
        ("c(?=[eiy])", "z"),
        ("c", "k"),
        ("w", "v"),
        ("(?<=[aeiou])j(?![aeiou])", "i"),  # Andrej, Sergej
        ("y", "i"),
        ("oo", "u"),
        (r"(.)\1+", r"\1"),
        ("i(?=[aeou])", ""),
        (r"(.)\1+", r"\1"),
    ]
]
# How one Korean family name is spelled.
FAMILIES = {"gim": "kim", "bak": "pak", "park": "pak", "i": "li", "ri": "li", "le": "li", "lhe": "li", "zoi": "Coi",
            "Coe": "Coi", "Cung": "jeong", "jung": "jeong", "gang": "kang"}  # fmt: skip
# “of Dorj”, “son of”: what is left names the same father.
PARENT = re.compile(r"(?<=...)(?:oviC|eviC|iC|ovna|evna|iCna|uli|kizi|in|ogli|oglu)$")
PARTICLES = {"uli", "kizi", "ogli", "oglu", "ugli", "bin", "binti", "ibn"}
CLASSES = str.maketrans("bvfdgrjC", "ppptklzz")
VOWEL = re.compile("[aeiou]")

# From here on two folded words are spellings of one name.
ALIKE = 84
# Two words with one skeleton may differ more: 도르지 is toreuji, Dorj is dorj.
ALIKE_BY_SKELETON = 55
LONG_SKELETON = 3


def _romanized(syllable):
    number = ord(syllable) - FIRST_SYLLABLE
    return INITIALS[number // 588] + VOWELS[number % 588 // 28] + FINALS[number % 28]


def _in_latin(text):
    """The text in small Latin letters; the letters of no known script are dropped."""
    found = []
    for sign in text:
        if FIRST_SYLLABLE <= ord(sign) <= LAST_SYLLABLE:
            found.append(_romanized(sign))
        elif sign in CYRILLIC:
            found.append(CYRILLIC[sign])
        else:
            found.append(LATIN.get(sign) or unicodedata.normalize("NFD", sign)[0])
    return re.sub("[^a-z0-9]", "", "".join(found))


def _parts(name):
    """The words of a name as written; a hyphen joins, an apostrophe and a comma are nothing."""
    text = unicodedata.normalize("NFKC", name).casefold().replace("-", "")
    text = unicodedata.normalize("NFC", text)
    text = re.sub("[’'ʻʼ`´‘]", "", text)
    for word in re.findall(r"[^\W_]+", text):
        hangul = all(FIRST_SYLLABLE <= ord(sign) <= LAST_SYLLABLE for sign in word)
        if hangul and len(word) == KOREAN_NAME and word == text.strip():
            yield from (word[0], word[1:])
        else:
            yield word


@lru_cache(maxsize=50_000)
def _folded_word(word):
    word = _in_latin(word)
    for pattern, sound in SPELLINGS:
        word = pattern.sub(sound, word)
    if word in PARTICLES:
        return ""
    return PARENT.sub("", FAMILIES.get(word, word))


@lru_cache(maxsize=50_000)
def folded(name):
    """The words of a name, folded, each once, in the order written; a tuple."""
    return tuple(dict.fromkeys(filter(None, map(_folded_word, _parts(name)))))


@lru_cache(maxsize=50_000)
def skeleton(word):
    """The consonants of a folded word by class, after a mark where it begins with a vowel."""
    found = re.sub(r"(.)\1+", r"\1", VOWEL.sub("", word.translate(CLASSES)))
    return f"a{found}" if VOWEL.match(word) else found


def keys(*names):
    """What an index finds a person by: the skeletons of every word of their names; an initial finds nobody."""
    found = {skeleton(word) for name in names for word in folded(name or "") if len(word) > 1}
    return sorted(key[:40] for key in found if key)


@lru_cache(maxsize=500_000)
def _words_alike(one, other):
    """How alike two folded words are, 0 to 100; an initial is as good as the word it begins."""
    if one == other:
        return 100
    if one.isdigit() or other.isdigit():
        return 0
    if len(one) == 1 or len(other) == 1:
        return ALIKE if one[0] == other[0] else 0
    score = fuzz.ratio(one, other, score_cutoff=ALIKE_BY_SKELETON)
    if score >= ALIKE or not score:
        return score
    own = skeleton(one)
    by_skeleton = own == skeleton(other) and len(own) >= LONG_SKELETON and score >= ALIKE_BY_SKELETON
    return ALIKE if by_skeleton else 0


def alike(one, other):
    """How alike two names are in any order of their words: 100 for the same, 0 for another name.

    Every word of the shorter has its fellow in the longer, so that a father's name may be left out; one word
    alone is no name to go by, unless it is all there is of both.
    """
    short, long = folded(one), folded(other)
    if len(short) > len(long):
        short, long = long, short
    if not short or (len(short) == 1 and len(long) > 1):
        return 0
    left, scores = list(long), []
    for word in sorted(short, key=len, reverse=True):
        score, fellow = max([(_words_alike(word, fellow), fellow) for fellow in left])
        if not score:
            return 0
        left.remove(fellow)
        scores.append(score)
    if all(len(word) == 1 for word in short):
        return 0
    return sum(scores) / len(scores)
