"""The few words that worlds are drawn from, so that names, patterns, groups and aliases meet often."""

NAMES = [
    *("gpt-4", "gpt-4o", "gpt-4o-mini", "o1-mini", "claude-3-5-sonnet-20240620", "gemini-2.5-flash"),
    *("my-gpt", "gpt-4-eu", "claude-finance", "team-chat"),
    *("openai/gpt-4o", "openai/o1-mini", "anthropic/claude-3-5-sonnet-20240620", "gemini/gemini-2.5-flash"),
    *("vertex_ai/gemini-2.5-flash", "bedrock/anthropic.claude-3-5-sonnet-20240620-v1:0", "bedrockz/x"),
    *("gpt-4.1", "gpt-4x1", "GPT-4"),
]
PATTERNS = [
    *("*", "openai/*", "openai/gpt-*", "openai/o1-*", "openai/*-mini", "anthropic/*", "bedrock/*", "vertex_ai/*"),
    *("gemini/*", "gpt-*", "gpt-4*", "gpt-4.1*", "*gpt*", "*-mini", "open*/*gpt*", "o*-*"),
]
FILLS = ["gpt-4o", "claude-finance"]
GROUPS = ["beta", "gold", "cheap"]
SPECIAL = ["no-default-models", "all-team-models", "all-proxy-models"]
JUNK = ["ghost", "bet", "openai/", "*ghost*", "GPT-4o", "gpt-4 "]
ALIASES = ["fast", "smart", "gpt-4", "beta", "openai/smart"]
OWN_ALIASES = ["mine", "fast", "gpt-4o"]

TEAMS = ["t1", "t2", "t3"]
USERS = ["u1", "u2", "u3@example.com", "u4"]
ORGANIZATIONS = ["org1", "org2"]
PROJECTS = ["p1", "p2"]
CUSTOMERS = ["c1", "c2"]
ACCESS_GROUPS = ["ag1", "ag2"]
USER_ROLES = [*["internal_user"] * 8, "internal_user_viewer", "proxy_admin", "proxy_admin_viewer"]

ROUTES = [
    *("llm_api_routes", "openai_routes", "info_routes", "management_routes", "/v1/chat/completions"),
    *("/v1/*", "/v1/models", "/chat/completions", "/openai/deployments/{model}/chat/completions"),
]
CALLS = ["/v1/chat/completions"] * 8 + ["/chat/completions", "/openai/deployments/{model}/chat/completions"]

INTERNAL_ROLES = ["team", "internal_user", "proxy_admin"]
ROLES = ["dev", "ops", "lead"]
SCOPES = ["chat", "embed", "root"]
ADMIN_SCOPE = "litellm_proxy_admin"
TOKEN_ROUTES = [
    *("llm_api_routes", "openai_routes", "info_routes", "management_routes", "/v1/chat/completions", "/v1/*"),
    *("/v1/chat/*", "/team/new", "/team/*", "/v1/chat/comp", "/v1/messages", "/chat/completions"),
    *("/openai/deployments/{model}/chat/completions", "/*"),
]
