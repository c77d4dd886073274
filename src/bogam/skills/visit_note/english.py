"""English of a dialogue into English of a note: fillers out, first person to third, a question with its answer.

The rules change form only. They never touch a number, a side or a denial: a sentence they cannot turn is left as said.
The word lists are transcribed from general knowledge of English.
"""

from __future__ import annotations

import re
from typing import Final

_TOKENS: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r" (n't|'[a-z]{1,2})\b"), r"\1"),
    (re.compile(r" n['’]t\b"), "n't"),
    (re.compile(r"\bwan na\b", re.I), "want to"),
    (re.compile(r"\bgon na\b|\bgonna\b", re.I), "going to"),
    (re.compile(r"\bgot ta\b|\bgotta\b", re.I), "have to"),
    (re.compile(r"(?<!\w)'cause\b", re.I), "because"),
    (re.compile(r"’"), "'"),
    (re.compile(r"\b(?:[Dd]octor|dr\.|Dr) (?=[A-Z])"), "Dr. "),
    (re.compile(r"\s+([,.?!;:])"), r"\1"),
    (re.compile(r"\b\w{1,4}- (?=\w)"), ""),
    (re.compile(r"\bX rays?\b|\bx rays?\b"), "x-ray"),
)
_SPELLED: Final = re.compile(r"\b[A-Z](?: [A-Z]\b)+(?! ?')")
"""Letters said one by one: "C T"."""
_FILLER: Final = re.compile(
    r"(?<![\w'])(?:u+[hm]+|er+m?|h+m+|mm-?hmm+|uh-?huh|you know|i mean|sort of|kind of|kinda|basically|actually|"
    r"obviously|honestly|anyway|really|just|as you know|as i said|like i said|let's see|i guess|pretty much|oh|"
    r"definitely|literally|yeah|okay|ok|alright|all right|please|doctor|doc|ma'am|sir|miss)(?![\w'-])",
    re.I,
)
_BETWEEN: Final = re.compile(r"(?<=\w)\s*,\s*(?:u+[hm]+|er+m?|you know|i mean|like)\s*,(?= ?\w)", re.I)
"""A pause within a clause, with its commas."""
_OPENING: Final = re.compile(
    r"^(?:(?:and|so|well|but|yes|yep|yup|sure|right|correct|great|good|perfect|thanks?|thank you|hello|hi|hey|now|then|"
    r"or|also|because|absolutely|of course|exactly|gotcha|got it|i see|no problem|that's (?:right|correct|good|great)|"
    r"dragon|plus|first|sorry|i'm sorry|hey dragon)\b[\s,.]*)+",
    re.I,
)
_LIKE: Final = re.compile(r",\s*like\s*,|(?<=\w), like(?= )|\blike,", re.I)
_REPEAT: Final = re.compile(r"\b(\w+(?: \w+)?)(?:[\s,]+\1\b)+", re.I)
_SPACES: Final = re.compile(r"\s*,(?:\s*,)+|\s{2,}")


def clean(said: str) -> str:
    """Return what was said without fillers, false starts and the blanks of tokenised text, on one line."""
    text = " ".join(said.split())
    for pattern, put in _TOKENS:
        text = pattern.sub(put, text)
    text = _SPELLED.sub(lambda found: found[0].replace(" ", ""), text)
    text = _LIKE.sub(" ", text)
    text = _BETWEEN.sub(" ", text)
    text = _FILLER.sub(" ", text)
    text = _SPACES.sub(lambda m: "," if "," in m[0] else " ", text)
    text = re.sub(r"\s+([,.?!;])", r"\1", text)
    text = re.sub(r",(?=[.?!])", "", text).strip(" ,;-.")
    text = _OPENING.sub("", text).strip(" ,;-")
    text = _REPEAT.sub(r"\1", text)
    return text.strip(" ,;-")


_PAST: Final = frozenset(
    [
        "had",
        "was",
        "were",
        "did",
        "went",
        "got",
        "took",
        "felt",
        "saw",
        "came",
        "made",
        "said",
        "told",
        "thought",
        "knew",
        "began",
        "started",
        "stopped",
        "quit",
        "threw",
        "wore",
        "drove",
        "spoke",
        "sat",
        "bled",
        "fainted",
        "lost",
        "gave",
        "fell",
        "broke",
        "hurt",
        "cut",
        "kept",
        "left",
        "found",
        "woke",
        "ate",
        "drank",
        "ran",
        "slept",
        "noticed",
        "became",
        "grew",
        "let",
        "put",
        "read",
        "met",
        "held",
        "heard",
        "brought",
        "caught",
        "could",
        "would",
        "should",
        "might",
        "must",
        "can",
        "will",
        "may",
        "shall",
        "cannot",
        "couldn't",
        "wouldn't",
        "shouldn't",
        "won't",
        "can't",
        "used",
    ]
)
_S: Final = {
    "have": "has",
    "haven't": "has not",
    "do": "does",
    "don't": "does not",
    "am": "is",
    "go": "goes",
    "was": "was",
}
_ADVERB: Final = frozenset(
    [
        "also",
        "never",
        "always",
        "usually",
        "sometimes",
        "only",
        "still",
        "already",
        "often",
        "recently",
        "currently",
        "occasionally",
        "not",
        "now",
        "ever",
        "normally",
        "mostly",
        "generally",
        "probably",
    ]
)


def _third(verb: str) -> str:
    low = verb.lower()
    if low in _S:
        return _S[low]
    if low in _PAST or low.endswith(("ed", "ing")) or not low.isalpha():
        return low
    if low.endswith(("s", "sh", "ch", "x", "z", "o")):
        return low + "es"
    if low.endswith("y") and low[-2:-1] not in "aeiou":
        return low[:-1] + "ies"
    return low + "s"


_I: Final = re.compile(
    r"\b(?:(i) (am|was)|(i)('m|'ve|'d|'ll)|(i)((?: (?:also|never|always|usually|sometimes|only|still|already|often|"
    r"recently|currently|occasionally|now|ever|normally|mostly|generally|probably))*) ([a-z']+))\b",
    re.I,
)
_FEMALE: Final = re.compile(r"\b(?:ma'am|madam|miss|mrs|ms|female|woman|lady|girl|pregnan\w*|menstrua\w*)\b", re.I)
_MALE: Final = re.compile(r"\b(?:sir|mr|mister|male|gentleman|man|boy|prostate)\b", re.I)


def gender_in(text: str) -> str:
    """Return male or female where a dialogue addresses the patient so and never otherwise, else nothing."""
    she, he = len(_FEMALE.findall(text)), len(_MALE.findall(text))
    return "female" if she and not he else "male" if he and not she else ""


_SHORT: Final = {"'m": " is", "'ve": " has", "'d": " would", "'ll": " will"}
_OWN: Final = (
    (re.compile(r"\bmy\b", re.I), "their"),
    (re.compile(r"\bmine\b", re.I), "theirs"),
    (re.compile(r"\bmyself\b", re.I), "themselves"),
    (re.compile(r"\bme\b", re.I), "the patient"),
)
_GENDERED: Final = {
    "male": {"their": "his", "theirs": "his", "themselves": "himself", "the patient": "him"},
    "female": {"their": "her", "theirs": "hers", "themselves": "herself", "the patient": "her"},
}


def of_patient(text: str, gender: str = "") -> str:
    """Turn the patient's first person to the third. ``text`` is clean; ``gender`` is male, female or not known."""
    count = 0

    def subject(found: re.Match[str]) -> str:
        nonlocal count
        he = {"male": "he", "female": "she"}.get(gender, "the patient")
        who = he if count else "the patient"
        count += 1
        if found[1]:
            return f"{who} {'is' if found[2].lower() == 'am' else 'was'}"
        if found[3]:
            return who + _SHORT[found[4].lower()]
        return f"{who}{found[6]} {_third(found[7])}"

    def own(word: str) -> str:
        return _GENDERED.get(gender, {}).get(word, word)

    text = _I.sub(subject, text)
    text = re.sub(r"\bi\b", "the patient", text) if re.search(r"\bi\b(?!')", text) else text
    text = re.sub(r"\bI\b(?!')", "the patient", text)
    for pattern, put in _OWN:
        text = pattern.sub(own(put), text)
    return text


_WILL: Final = re.compile(
    r"\b(?:so )?(?:i'm going to|i am going to|i'd like to|i would like to|i want to|i'll|i will|we're going to|we'll|"
    r"we want to|let's|let me|we'd like to|we can|i think we should|we should)"
    r"(?: go ahead and| also| try to| start by| have you| get you)*",
    re.I,
)
_YOU: Final = (
    (re.compile(r"\b(?:i|we)(?:'d| would)? (?:want|need|like) you to\b", re.I), "the patient is to"),
    (re.compile(r"\byou (?:are|'re)\b|\byou're\b", re.I), "the patient is"),
    (re.compile(r"\byou've\b|\byou have\b", re.I), "the patient has"),
    (re.compile(r"\byou do n[o']t\b|\byou don't\b", re.I), "the patient does not"),
    (re.compile(r"\byou'll\b", re.I), "the patient will"),
    (re.compile(r"\byour\b", re.I), "the patient's"),
    (re.compile(r"\byou\b", re.I), "the patient"),
)


def of_doctor(text: str) -> str:
    """Turn what the doctor says to the patient into what a note says: "I want to order" becomes "Will order"."""
    text = _WILL.sub("will", text, count=1) if not re.search(r"\bwill (?:take a look|see|look)", text) else text
    for pattern, put in _YOU:
        text = pattern.sub(put, text)
    return re.sub(
        r"\b(the patient) (are|were|do|have)\b", lambda m: f"{m[1]} {_AGREES[m[2].lower()]}", text, flags=re.I
    )


_AGREES: Final = {"are": "is", "were": "was", "do": "does", "have": "has"}


NO: Final = re.compile(
    r"^(?:(?:oh|um|uh|well|okay|so|hmm|,|\s)*)(?:no|nope|nah|none|never|not really|not at all|negative|"
    r"i (?:do|have|am|did)"
    r"(?: not|n't| n't)|i haven't|i'm not)\b",
    re.I,
)
YES: Final = re.compile(
    r"^(?:(?:oh|um|uh|well|okay|so|hmm|,|\s)*)(?:yes|yeah|yep|yup|correct|that's (?:right|correct)|right|sure|uh-huh|"
    r"mm-?hmm|i do|i have|i am|i did|absolutely|of course|definitely|exactly)\b",
    re.I,
)
_HAVE: Final = re.compile(
    r"(?:^|\b)(?:do you (?:currently |still |ever )?(?:have|feel|get|experience|notice)|have you (?:had|"
    r"noticed|experienced|felt|been having"
    r"|ever had|been experiencing)|did you (?:have|notice|experience|feel)|are you (?:having|experiencing)|"
    r"are there|is there|"
    r"were there|was there|how about|what about|any|any other)\s+(?P<what>.+)$",
    re.I,
)
_ASK: Final = re.compile(
    r"(?:^|[,.]\s*)(?P<aux>do|did|have|are|were|can|could|will|would)\s+you\s+(?P<rest>[^?]+)$", re.I
)
_LIST: Final = re.compile(
    r"(?:or |and )?(?!(?:is|was|does|did|has|can|what|how|that|this|it|he|she|"
    r"your)\b)[a-z-]+(?: [a-z-]+){0,3}(?:,? (?:or |and )?[a-z-]+){0,8}",
    re.I,
)
_ANY: Final = re.compile(r"^(?:(?:any|some|a|an|other|of|more|the|else|kind|sort|type)\s+)*", re.I)


_GREETING: Final = re.compile(
    r"(?:good )?(?:morning|afternoon|evening|day)|(?:to )?(?:see|meet) you.{0,30}|(?:it's |it is )?(?:good|"
    r"nice|great) (?:to|seeing).{0,40}"
    r"|how are you.{0,30}|take care.{0,20}|bye.{0,10}|(?:show|pull up|finalize|open|display|let's look at|"
    r"let me look).{0,60}",
    re.I,
)


_UNSURE: Final = re.compile(
    r"\b(?:not|never|nothing|without)\b|n't\b|\b(?:is|are|was|were|do|does|did) (?:it|that|they|the|he|she|this)\b",
    re.I,
)
"""In a question: yes and no may both mean either, or the answer may be to its other half."""


def is_greeting(said: str) -> bool:
    """Whether a clean utterance greets, or speaks to a machine, and states nothing."""
    return _GREETING.fullmatch(said.strip(" .!,")) is not None


def rest_of(said: str) -> str:
    """Return what a clean answer says after its yes, without the first person's "I do"."""
    text = re.sub(r"^(?:i (?:do|have|am|did)|it (?:is|does))\b[\s,.]*", "", said, flags=re.I).strip(" ,.;")
    return "" if re.match(r"(?:i|i'm|i've|we|it|he|she|they|my|that)\b", text, re.I) else text


def denied(question: str) -> list[str]:
    """Return how a note says that a question (clean) was answered with no; empty where it is not that kind."""
    text = re.sub(r"^(?:and |or )?no (?=\w)", "", question.rstrip("?. "), flags=re.I)
    if _UNSURE.search(text):
        return []
    found = _HAVE.search(text)
    if found and len(found["what"].split()) <= 40 and "you" not in found["what"].lower().split():
        what = re.sub(r"^(?:any(?: other)?|of)\s+", "", found["what"], flags=re.I)
        what = re.sub(r",?\s*(?:or )?(?:anything|something) (?:like that|else)$", "", what, flags=re.I)
        what = re.sub(r"\byourself\b", "themselves", what)
        what = re.sub(r"\b(?:with|in) (?:your|the) ", lambda m: m[0].replace("your", "the"), what)
        if what:
            return [f"Denies {what}.", f"No {_ANY.sub('', what)}.", f"The patient denies {what}."]
    if _LIST.fullmatch(text) and "you" not in text.lower().split():
        return [f"Denies {text}.", f"No {_ANY.sub('', text)}.", f"The patient denies {text}."]
    asked = _ASK.search(text)
    if asked and "you" not in asked["rest"].lower().split():
        aux = {"do": "does", "have": "has", "are": "is", "were": "was"}.get(asked["aux"].lower(), asked["aux"].lower())
        rest = re.sub(r"\byour\b", "their", re.sub(r"\byourself\b", "themselves", asked["rest"]))
        return [f"The patient {aux} not {rest}."]
    return []


def affirmed(question: str) -> list[str]:
    """Return how a note says that a question (clean) was answered with yes; empty where it is not that kind."""
    text = question.rstrip("?. ")
    if _UNSURE.search(text) or re.match(r"(?:and |or )?no ", text, re.I):
        return []
    found = _HAVE.search(text)
    if (
        found
        and len(found["what"].split()) <= 14
        and " or " not in found["what"]
        and "you" not in found["what"].split()
    ):
        what = _ANY.sub("", found["what"])
        return [f"Reports {what}.", f"{what[:1].upper()}{what[1:]}."] if what else []
    asked = _ASK.search(text)
    if asked and " or " not in asked["rest"] and "you" not in asked["rest"].lower().split():
        aux, rest = (
            asked["aux"].lower(),
            re.sub(r"\byour\b", "their", re.sub(r"\byourself\b", "themselves", asked["rest"])),
        )
        if aux == "do":
            verb, _, more = rest.partition(" ")
            if verb.lower() in _ADVERB:
                first, _, after = more.partition(" ")
                return [f"The patient {verb} {_third(first)} {after}".strip() + "."]
            return [f"The patient {_third(verb)} {more}".strip() + "."]
        if aux in ("have", "are", "were"):
            return [f"The patient {_AGREES[aux]} {rest}."]
    said = re.sub(r"^(?:so|and)\s+", "", text, flags=re.I)
    if len(said.split()) > 3 and not re.search(
        r"(?:^|, )(?:how about|what about|anything|any|do|did|have|are|were|can|what|how|when|where|which|"
        r"why|who|is|was|does|any)\b",
        said,
        re.I,
    ):
        return [sentence(of_doctor(said))]
    return []


_HEADLESS: Final = re.compile(
    r"^(?:the patient|he|she|it|there|that|this|they|these)(?:'s|'re)?"
    r"(?: (?:also|only|currently|still|usually|recently))?"
    r" ?(?:has been having|has been|has had|has|had|is|was|are|were|takes|took|reports|gets|got|feels|feels like|is "
    r"having|is taking|is on|is here for|came in for|underwent)?"
    r" (?:(?:a|an|the|some) )?(?P<rest>.+)$",
    re.I,
)


def headless(text: str) -> str:
    """Return a sentence without its subject and light verb ("The patient has asthma." gives "Asthma."), or nothing.

    A sentence that denies keeps both: without its verb it would say the opposite.
    """
    if re.search(r"\b(?:not|no|never|denies|denied|without|none|nor)\b|n't", text, re.I):
        return ""
    found = _HEADLESS.match(text)
    return sentence(found["rest"].rstrip(".")) if found else ""


def sentence(text: str) -> str:
    """Begin with a capital and end with a full stop."""
    text = text.strip(" ,;-.?")
    return f"{text[:1].upper()}{text[1:]}." if text else ""
