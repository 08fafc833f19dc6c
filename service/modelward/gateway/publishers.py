"""Publishers at Vertex AI: publisher and model together are the model, so both are the deployment's (M2)."""

_OWN = ("publishers/", "/models/")
_FAMILIES = {"claude-": "anthropic", "mistral": "mistralai", "codestral": "mistralai", "llama": "meta", "meta": "meta"}
_GOOGLE = "google"


def publisher_and_model(name: str) -> tuple[str, str]:
    """The publisher of an upstream's model, and the model there.

    The name may tell both, as `publishers/x/models/y` or as `x/y`; else its beginning tells the publisher, and what
    is of no known family is Google's.
    """
    before, between = _OWN
    publisher, own, model = name.removeprefix(before).partition(between)
    if own and name.startswith(before):
        return publisher, model
    publisher, slash, model = name.partition("/")
    if slash:
        return publisher, model
    return next((whose for family, whose in _FAMILIES.items() if name.startswith(family)), _GOOGLE), name
