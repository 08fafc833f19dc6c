"""The endpoints that are served, path by path, as the client's surface names them; `{}` is an id, a name or a path."""

from gateway.openai_endpoints import OPENAI

PASSED_THROUGH = ("/openai/v1", "/openai", "/azure/openai/v1", "/azure/openai")
ON_VERTEX = tuple(v + p for v in ("", "/v1", "/v1beta1") for p in ("", "/projects/{}/locations/{}"))

AT_A_DEPLOYMENT = """
POST /{}/chat/completions
POST /{}/completions
POST /{}/embeddings
POST /{}/audio/speech
POST /{}/audio/transcriptions
POST /{}/audio/translations
POST /{}/images/generations
POST /{}/images/edits
POST /{}/images/variations
"""

ENGINES = """
POST /engines/{}/chat/completions
POST /engines/{}/completions
POST /engines/{}/embeddings
POST /v1/engines/{}/chat/completions
POST /v1/engines/{}/completions
POST /v1/engines/{}/embeddings
"""

RERANK = """
POST /rerank
POST /v1/rerank
POST /v2/rerank
"""

ANTHROPIC = """
POST /v1/messages
POST /v1/messages/count_tokens
GET POST /v1/messages/batches
GET DELETE /v1/messages/batches/{}
GET /v1/messages/batches/{}/results
POST /v1/messages/batches/{}/cancel
"""

GOOGLE = """
POST /v1beta/models/{}:generateContent
POST /v1beta/models/{}:streamGenerateContent
POST /v1beta/models/{}:countTokens
POST /v1beta/models/{}:embedContent
POST /v1beta/models/{}:batchEmbedContents
"""

AT_A_PUBLISHER = """
POST /{}/models/{}:predict
POST /{}/models/{}:rawPredict
POST /{}/models/{}:streamRawPredict
POST /{}/models/{}:generateContent
POST /{}/models/{}:streamGenerateContent
POST /{}/models/{}:countTokens
POST /{}/models/{}:embedContent
"""

PASS_THROUGH = """
POST /bedrock/model/{}/invoke
POST /bedrock/model/{}/invoke-with-response-stream
POST /bedrock/model/{}/converse
POST /bedrock/model/{}/converse-stream
POST /watsonx/ml/v1/text/chat
POST /watsonx/ml/v1/text/chat_stream
POST /watsonx/ml/v1/text/generation
POST /watsonx/ml/v1/text/generation_stream
POST /watsonx/ml/v1/text/embeddings
"""

MODEL_LISTS = """
GET /models
GET /v1/models
GET /models/{}
GET /v1/models/{}
"""

INFOS = """
GET /model/info
GET /v1/model/info
GET /model_group/info
GET /key/info
GET /team/info
GET /user/info
"""

AREAS = ("key", "user", "team", "organization", "project", "customer", "access_group", "model", "config", "jwt")

OTHER_MANAGEMENT = """
GET /metrics
POST /policy/explain
GET POST PUT PATCH DELETE HEAD OPTIONS /v1/access_group
GET POST PUT PATCH DELETE HEAD OPTIONS /v1/access_group/{}
"""

Endpoint = tuple[str, str]


def below(prefix: str, lines: str) -> set[Endpoint]:
    """Each method and path of `lines`, below a prefix."""
    return {
        (method, prefix + path)
        for line in lines.split("\n")
        for *methods, path in [line.split()] * bool(line)
        for method in methods
    }


OPENAI_ROUTES = {
    *below("/v1", OPENAI),
    *below("", OPENAI),
    *below("/openai/deployments", AT_A_DEPLOYMENT),
    *below("", ENGINES + RERANK + MODEL_LISTS),
}
LLM_API_ROUTES = {
    *OPENAI_ROUTES,
    *(endpoint for prefix in PASSED_THROUGH for endpoint in below(prefix, OPENAI)),
    *below("/azure/openai/deployments", AT_A_DEPLOYMENT),
    *below("", ANTHROPIC + GOOGLE + PASS_THROUGH),
    *below("/anthropic", ANTHROPIC),
    *(endpoint for prefix in ON_VERTEX for endpoint in below(f"/vertex_ai{prefix}/publishers", AT_A_PUBLISHER)),
}
INFO_ROUTES = below("", INFOS + MODEL_LISTS)
MANAGEMENT_ROUTES = below("", OTHER_MANAGEMENT) | {
    (method, f"/{area}/{{}}")
    for area in AREAS
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
}
