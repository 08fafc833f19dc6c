"""The few words that scenarios are drawn from, so that names, patterns, groups and aliases meet often."""

from datetime import UTC, datetime, timedelta

NAMES = [
    *("gpt-4", "gpt-4o", "gpt-4.1", "gpt-4x1", "o1-mini", "claude-3", "my-gpt", "zeta"),
    *("gpt-4-0613", "gpt-4o-2025-01-31", "gpt-4-eu", "o1secret", "ft:gpt-4o:acme::1", "gemini-2.5-flash"),
    *("gemini/gemini-2.5-flash", "vertex_ai/gemini-2.5-flash", "anthropic.claude-opus-5"),
    *(
        "openai/gpt-4",
        "openai/gpt-4o",
        "openai/o1-mini",
        "anthropic/claude-3",
        "openrouter/openai/gpt-4o",
        "bedrockz/x",
    ),
    *("a+b", "aab", "a.b", "axb", "[x] y", "x y", "a(b", "a)b", "a{b", "$", "x[y]"),
    *("modèle", "mode\u0300le", "模型", "🦉", "MY-GPT", "o1", "openai", "l", "ll"),
]
WILDCARDS = [
    *("vertex_ai/*", "gemini/*", "gemini/gemini-2.5-*", "bedrock/*"),
    *("*", "openai/*", "openai/gpt-*", "openai/o1-*", "openai/*-mini", "anthropic/*", "*/gpt-4o", "open*/*gpt*"),
    *(
        "gpt-*",
        "gpt-4*",
        "gpt-4.1*",
        "*gpt*",
        "o*-*",
        "a*b",
        "a.b*",
        "模*",
        "*l*",
        "**",
        "*a*b*",
        "[x] *",
        "mod*le",
        "z*t*",
    ),
]
SPELLED = {
    "azure": [*("gpt-4o", "GPT-4o", "gpt-4O", "gpt-4o.", "gpt-4o/", "o1", "*", "gpt-*", "GPT-4*", "g*o")],
    "ollama ollama_chat": [
        *("llama3", "library/llama3", "LLAMA3:latest", "llama3:8b", "registry.ollama.ai/library/Llama3", "acme/llama3"),
        *("*", "l*", "library/*", "*:8b", "L*3"),
    ],
    "bedrock bedrock_converse": [
        *(
            "anthropic.claude-opus-5",
            "us.anthropic.claude-opus-5",
            "EU.anthropic.claude-opus-5",
            "converse/amazon.nova",
        ),
        "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-opus-5",
        "anthropic.claude-opus-5:0",
        *("*", "us.*", "anthropic.claude*", "*opus*"),
    ],
    "gemini": [
        *(
            "gemini-2.5-flash",
            "models/gemini-2.5-flash",
            "gemini-2.5-flash-001",
            "gemini-2.5-flash@1",
            "gemini%2D2.5-flash",
        ),
        *("*", "gemini-*", "models/*", "models/gemini-2.5-*"),
    ],
    "vertex_ai vertex_ai_beta": [
        *("claude-opus-4", "anthropic/claude-opus-4", "publishers/anthropic/models/claude-opus-4@default", "llama/x"),
        *("gemini-2.5-flash", "google/gemini-2.5-flash-001", "projects/p/publishers/google/models/gemini-2.5-flash"),
        *("*", "claude-*", "anthropic/*", "publishers/*", "g*"),
    ],
    "openai text-completion-openai": [*("gpt-4o", "GPT-4o", "gpt-4", "*", "gpt-*")],
}
"""By providers that have the same models: names of theirs, spelled in several ways, and patterns."""
GROUPS = ["beta", "gold", "cheap", "gpt-4o", "openai/*", "zeta"]
SPECIAL = ["no-default-models", "all-team-models", "all-proxy-models"]
JUNK = ["", "ghost", "GPT-4", "gpt-4 ", "openai/", "bet", "beta2", "*ghost*", "openai/ghost"]
TEAMS = ["t1", "t2"]
TEAM_IDS = ["t1", "t2", "t3"]
UNKNOWN_TEAM = "t9"
USER_IDS = ["u1", "u2"]
ORGANIZATION_IDS = ["o1", "o2"]
GROUP_IDS = ["ag1", "ag2", "ag9"]
ROLES = ["dev", "ops", "lead"]
SCOPES = ["chat", "embed", "root"]
ADMIN_SCOPE = "litellm_proxy_admin"
MAILS = ["a@example.com", "a@notexample.com", "a@example.com@evil.org", "example.com", "a@b@example.com"]
ALIASES = ["fast", "smart", "gpt-4", "beta", "openai/smart"]
ROUTE_ITEMS = [
    *(
        "llm_api_routes",
        "openai_routes",
        "info_routes",
        "management_routes",
        "/v1/chat/completions",
        "/v1/*",
        "/v1/chat/*",
    ),
    *("/team/new", "/team/*"),
    *("/v1/chat/comp", "/v1/chat/comp/*", "/chat/completions", "/openai/deployments/{model}/chat/completions", "/*"),
    *("/openai/deployments/some-model/chat/completions", "/openai/deployments/some-model/*"),
    *("/openai/deployments/{x}/*", "/openai/deployments/a/b/*"),
]
NOW = 1_800_000_000_000_000_000


def moment(time_ns: int) -> datetime:
    """The time that is so many nanoseconds after the epoch."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=time_ns // 1000)
