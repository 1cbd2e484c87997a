"""An oracle of Vietnamese order written down letter by letter, with no Unicode arithmetic."""

from hypothesis import strategies as st

VOWELS = [
    "aàảãáạ", "ăằẳẵắặ", "âầẩẫấậ", "eèẻẽéẹ", "êềểễếệ", "iìỉĩíị",
    "oòỏõóọ", "ôồổỗốộ", "ơờởỡớợ", "uùủũúụ", "ưừửữứự", "yỳỷỹýỵ",
]  # fmt: skip
ORDER = list("aăâbcdđeêghiklmnoôơpqrstuưvxy")
PLACE = {letter: (ORDER.index(letter), 0) for letter in ORDER}
for row in VOWELS:
    for tone, vowel in enumerate(row):
        PLACE[vowel] = (ORDER.index(row[0]), tone)


def syllable_rank(syllable: str) -> tuple[list[int], int]:
    """Letters first, then the tone."""
    places = [PLACE[letter] for letter in syllable.lower()]
    return [letter for letter, _tone in places], max(tone for _letter, tone in places)


def name_rank(name: str) -> list[tuple[list[int], int]]:
    """Given, family, middle names."""
    words = name.split()
    return [syllable_rank(word) for word in [words[-1], *words[:-1]]]


CONSONANTS = [
    "",
    "b",
    "c",
    "ch",
    "d",
    "đ",
    "g",
    "gh",
    "h",
    "kh",
    "l",
    "ng",
    "ngh",
    "nh",
    "th",
    "tr",
]
ENDS = ["", "c", "ch", "m", "n", "ng", "nh", "p", "t"]
SYLLABLES = st.builds(
    lambda start, vowel, end: (start + vowel + end).capitalize(),
    st.sampled_from(CONSONANTS),
    st.sampled_from("".join(VOWELS)),
    st.sampled_from(ENDS),
)
NAMES = st.lists(SYLLABLES, min_size=1, max_size=4).map(" ".join)
