"""Publishers at Vertex AI: publisher and model together are the model (M2, M8)."""

FAMILIES = {
    "claude": "anthropic",
    "mistral": "mistralai",
    "codestral": "mistralai",
    "jamba": "ai21",
    "llama": "meta",
    "meta": "meta",
}
GOOGLE = "google"

_OWN = ("publishers/", "/models/")


def family_pattern(word: str) -> str:
    """Names of a family, as an expression: its word, then nothing or what is no letter."""
    return f"^{word}(?:[^A-Za-z].*)?$"


def publisher_and_model(name: str) -> tuple[str, str]:
    """The publisher of an upstream's model, and the model there.

    The name may tell both, as `publishers/x/models/y` or as `x/y`; else its family tells the publisher, and what is of
    no known family is Google's.
    """
    before, between = _OWN
    publisher, own, model = name.removeprefix(before).partition(between)
    if own and name.startswith(before):
        return publisher, model
    publisher, slash, model = name.partition("/")
    if slash:
        return publisher, model
    return next((whose for word, whose in FAMILIES.items() if _is_of(word, name)), GOOGLE), name


def _is_of(word: str, name: str) -> bool:
    after = name.removeprefix(word)[:1]
    return name.startswith(word) and not (after.isascii() and after.isalpha())
