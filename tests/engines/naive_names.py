"""Patterns and providers, as C2 and C4 put them and no cleverer."""

_PROVIDERS = {
    "gpt-": "openai",
    "o1": "openai",
    "o3": "openai",
    "o4": "openai",
    "chatgpt-": "openai",
    "text-embedding-": "openai",
    "dall-e-": "openai",
    "whisper-": "openai",
    "tts-": "openai",
    "ft:gpt-": "openai",
    "claude-": "anthropic",
    "gemini-": "gemini",
    "command-": "cohere",
    "mistral-": "mistral",
    "codestral-": "mistral",
    "deepseek-": "deepseek",
    "grok-": "xai",
}


def holds(pattern: str, name: str) -> bool:
    """Whether `*` in the pattern can stand for such runs of characters that the name comes out (C2)."""
    if not pattern:
        return not name
    if pattern[0] == "*":
        return any(holds(pattern[1:], name[start:]) for start in range(len(name) + 1))
    return name[:1] == pattern[0] and holds(pattern[1:], name[1:])


def literals(pattern: str) -> int:
    """How many characters of the pattern stand for themselves (C3)."""
    return sum(character != "*" for character in pattern)


def provider_of(name: str) -> str | None:
    """The provider of a bare name (C4); a name with a `/` has none but the one it says."""
    if "/" in name:
        return None
    prefixes = [prefix for prefix in _PROVIDERS if name.startswith(prefix)]
    return _PROVIDERS[max(prefixes, key=len)] if prefixes else None
