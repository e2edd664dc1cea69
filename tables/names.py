"""Names of companies, folded so that two spellings of one name meet: case, accents, punctuation, legal form."""

import re
import unicodedata

# Words that say how a company is incorporated, not which one it is. Ambiguity is harmless: they only stop counting.
LEGAL_FORMS = frozenset({
    "ab", "ag", "amba", "aps", "as", "asbl", "bv", "bvba", "co", "company", "corp", "corporation", "cv", "cvba",
    "doo", "ead", "eg", "ei", "eirl", "ek", "eood", "etablissements", "ets", "eurl", "ev", "gbr", "gesellschaft",
    "gesmbh", "ggmbh", "gie", "gmbh", "inc", "incorporated", "kft", "kg", "kgaa", "ks", "lda", "limited", "llc",
    "llp", "lp", "ltd", "ltda", "mbh", "nv", "nyrt", "ohg", "oo", "ood", "oy", "oyj", "partg", "partgmbb", "plc",
    "pte", "pty", "sa", "sapa", "sarl", "sas", "sasu", "sc", "sca", "sci", "scop", "scrl", "se", "sel", "selarl",
    "sia", "sl", "slu", "snc", "sp", "spa", "srl", "srls", "sro", "ste", "sv", "ug", "vof", "vzw", "z", "zrt",
})  # fmt: skip
# "S.A.R.L." and "S. A. R. L." are one word; so is "Sp. z o.o." once its dots are gone.
_INITIALS = re.compile(r"\b(?:\w\.\s?){2,}")
_WORDS = re.compile(r"[^\W_]+")
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})


def fold_name(name: str) -> str:
    """Return the words of a name that tell it from others, sorted, each in plain lower-case letters.

    A name that consists of legal forms alone keeps them: it has nothing else.

    >>> fold_name("Müller & Söhne G.m.b.H. Co. KG")
    'muller sohne'
    """
    decomposed = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter)).translate(_LETTERS)
    joined = _INITIALS.sub(lambda found: re.sub(r"[.\s]", "", found.group()) + " ", plain)
    words = _WORDS.findall(joined)
    distinctive = [word for word in words if word not in LEGAL_FORMS]
    return " ".join(sorted(distinctive or words))
