"""The endpoints that are served, path by path, as the client's surface names them; `{}` is an id, a name or a path."""

OPENAI = """
POST /chat/completions
POST /completions
POST /embeddings
POST /moderations
POST /responses
POST /responses/compact
POST /responses/input_tokens
GET DELETE /responses/{}
GET /responses/{}/input_items
POST /responses/{}/cancel
WEBSOCKET /responses
WEBSOCKET /realtime
POST /realtime/client_secrets
POST /realtime/sessions
POST /realtime/calls
POST /audio/speech
POST /audio/transcriptions
POST /audio/translations
POST /images/generations
POST /images/edits
POST /images/variations
GET POST /videos
GET DELETE /videos/{}
GET /videos/{}/content
POST /videos/{}/remix
POST /videos/edits
POST /videos/extensions
GET POST /files
GET DELETE /files/{}
GET /files/{}/content
GET POST /batches
GET /batches/{}
POST /batches/{}/cancel
POST /uploads
POST /uploads/{}/parts
POST /uploads/{}/complete
POST /uploads/{}/cancel
GET POST /fine_tuning/jobs
GET /fine_tuning/jobs/{}
GET /fine_tuning/jobs/{}/events
GET /fine_tuning/jobs/{}/checkpoints
POST /fine_tuning/jobs/{}/cancel
POST /fine_tuning/jobs/{}/pause
POST /fine_tuning/jobs/{}/resume
GET POST /evals
GET DELETE POST /evals/{}
GET POST /evals/{}/runs
GET DELETE POST /evals/{}/runs/{}
POST /evals/{}/runs/{}/cancel
GET /evals/{}/runs/{}/output_items
GET /evals/{}/runs/{}/output_items/{}
GET POST /assistants
GET DELETE POST /assistants/{}
POST /threads
GET DELETE POST /threads/{}
POST /threads/runs
GET POST /threads/{}/runs
GET POST /threads/{}/runs/{}
POST /threads/{}/runs/{}/cancel
POST /threads/{}/runs/{}/submit_tool_outputs
GET /threads/{}/runs/{}/steps
GET /threads/{}/runs/{}/steps/{}
GET POST /threads/{}/messages
GET DELETE POST /threads/{}/messages/{}
POST /conversations
GET DELETE POST /conversations/{}
GET POST /conversations/{}/items
GET DELETE /conversations/{}/items/{}
GET POST /vector_stores
GET DELETE POST /vector_stores/{}
POST /vector_stores/{}/search
GET POST /vector_stores/{}/files
GET DELETE POST /vector_stores/{}/files/{}
GET /vector_stores/{}/files/{}/content
POST /vector_stores/{}/file_batches
GET /vector_stores/{}/file_batches/{}
GET /vector_stores/{}/file_batches/{}/files
POST /vector_stores/{}/file_batches/{}/cancel
GET POST /containers
GET DELETE /containers/{}
GET POST /containers/{}/files
GET DELETE /containers/{}/files/{}
GET /containers/{}/files/{}/content
"""
"""Served below `/v1` and without it, and as a pass-through."""

PASSED_THROUGH = ("/openai/v1", "/openai", "/azure/openai/v1", "/azure/openai")

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
    *below("/vertex_ai/publishers", AT_A_PUBLISHER),
    *below("/vertex_ai/{}/publishers", AT_A_PUBLISHER),
}
INFO_ROUTES = below("", INFOS + MODEL_LISTS)
MANAGEMENT_ROUTES = below("", OTHER_MANAGEMENT) | {
    (method, f"/{area}/{{}}")
    for area in AREAS
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
}
