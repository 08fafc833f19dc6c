"""The calls that OpenAI runs in a batch."""

BATCHED = frozenset(
    prefix + path
    for prefix in ("/v1", "")
    for path in (
        *("/chat/completions", "/completions", "/embeddings", "/responses", "/moderations"),
        *("/images/generations", "/images/edits"),
    )
)
"""The paths that the lines of a batch file may call; Azure's have no `/v1`."""
