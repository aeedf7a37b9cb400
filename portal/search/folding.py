"""Writing made comparable: one case, no marks, Cyrillic in Latin letters, Hangul by its letters, no doubled letters.

The same folding stands here twice, made of the same tables: as a Python function for what somebody types, and as an
SQL function for what is kept. A test holds them against each other.
"""

import re
import unicodedata

# One letter for one, in small and capital: Russian, Mongolian, Kazakh, Kyrgyz, Uzbek, Tajik, Ukrainian.
_CYRILLIC = dict(
    zip("абвгдежзиклмнопрстуфхыэөүәғқңұіһҳґҷљњј", "abvgdejziklmnoprstufhieouagknuihhgjlnj", strict=True)
)
# One letter for several, or for none.
_CYRILLIC_LONG = {
    "х": "kh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ю": "iu",
    "я": "ia",
    "є": "ie",
    "ъ": "",
    "ь": "",
}
# Taken apart into е and two dots it would lose its sound.
_WHOLE = {"ё": "ио", "Ё": "ио"}
# Latin letters that are no letter with a mark; y and i are one.
_LATIN = {"ı": "i", "đ": "d", "ł": "l", "ø": "o", "ə": "a", "y": "i"}
_LATIN_LONG = {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "x": "ks"}

_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
_SHORT = {**{letter: letter for letter in _ALPHABET}, **_CYRILLIC, **_LATIN}
for _letter in _CYRILLIC_LONG:
    _SHORT.pop(_letter, None)
_SHORT = {**_SHORT, **{letter.upper(): to for letter, to in _SHORT.items() if len(letter.upper()) == 1}}
_SHORT = {letter: to for letter, to in _SHORT.items() if letter != to}
_LONG = {**_CYRILLIC_LONG, **_LATIN_LONG}
_CAPITALS = {
    letter.upper(): letter for letter in _LONG if letter.upper() != letter and len(letter.upper()) == 1
}

# Marks that Unicode takes apart from their letter, and what stands for an apostrophe: nothing at all.
_MARKS = "[\\u0300-\\u036f'’ʻʼ‘`´]"
# Whatever is no letter and no digit parts words. A line parts names.
_BETWEEN = (
    "[^a-z0-9\\n\\u00aa-\\u02af\\u0370-\\u1fff\\u2c00-\\u2dff\\u3041-\\ud7ff\\uf900-\\ufdcf\\ufe70-\\ufefc"
    "\\U00010000-\\U0001cfff\\U00020000-\\U0003ffff]+"
)
_DOUBLED = "([a-z])\\1+"

_python_marks, _python_between = re.compile(_MARKS), re.compile(_BETWEEN)
_python_doubled = re.compile(_DOUBLED)
_python_letters = str.maketrans(
    {**_SHORT, **_LONG, **{capital: _LONG[letter] for capital, letter in _CAPITALS.items()}}
)

LONGEST = 200  # letters of what is typed; longer is no name


def fold(written):
    """The words of a text, folded, parted by single spaces; lines stay lines."""
    for letter, to in _WHOLE.items():
        written = written.replace(letter, to)
    letters = _python_marks.sub("", unicodedata.normalize("NFKD", written)).translate(_python_letters)
    return _python_doubled.sub(r"\1", _python_between.sub(" ", letters))


def words(typed):
    """What is looked for, as folded words, the longest first; none where nothing typed is a letter or a digit."""
    return sorted(dict.fromkeys(fold(typed[:LONGEST]).split()), key=len, reverse=True)[:8]


def squashed(typed):
    """What is looked for as one word."""
    return _python_doubled.sub(r"\1", "".join(fold(typed[:LONGEST]).split()))


def entry(names):
    """The text of an entry about these names, as the database makes it."""
    spaced = fold("\n".join(names))
    joined = _python_doubled.sub(r"\1", spaced.replace(" ", ""))
    return f" {spaced} {joined} ".replace("\n", " ")


# The same in SQL -------------------------------------------------------------------------------------


def _quoted(text):
    return "'" + text.replace("'", "''") + "'"


def _undouble():
    """Doubled letters made one. A regular expression that refers back to what it found takes ten times as long."""
    pairs, single = [letter * 2 for letter in _ALPHABET], "written"
    for pair in pairs:
        single = f"replace({single}, '{pair}', '{pair[0]}')"
    return f"""
CREATE OR REPLACE FUNCTION search_undouble(written text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  WHILE written ~ '{"|".join(pairs)}' LOOP
    written := {single};
  END LOOP;
  RETURN written;
END
$$;
"""


def _sql():
    capitals = "".join(_CAPITALS)
    whole = "written"
    for letter, to in _WHOLE.items():
        whole = f"replace({whole}, {_quoted(letter)}, {_quoted(to)})"
    letters = f"regexp_replace(normalize({whole}, NFKD), {_quoted(_MARKS)}, '', 'g')"
    # In the collation C the small letters are those of ASCII on every machine; the fewer are left, the faster.
    short = {letter: to for letter, to in _SHORT.items() if not (letter.isascii() and letter.isupper())}
    short_from = "".join(short) + capitals
    short_to = "".join(short.values()) + "".join(_CAPITALS.values())
    letters = f'translate(lower({letters} COLLATE "C"), {_quoted(short_from)}, {_quoted(short_to)})'
    for letter, to in _LONG.items():
        letters = f"replace({letters}, {_quoted(letter)}, {_quoted(to)})"
    parted = f"regexp_replace({letters}, {_quoted(_BETWEEN)}, ' ', 'g')"
    return f"""
CREATE OR REPLACE FUNCTION search_fold(written text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN search_undouble({parted});
END
$$;
CREATE OR REPLACE FUNCTION search_entry(names text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  spaced text := search_fold(names);
BEGIN
  RETURN replace(' ' || spaced || ' ' || search_undouble(replace(spaced, ' ', '')) || ' ', E'\\n', ' ');
END
$$;
"""


SQL = _undouble() + _sql()
