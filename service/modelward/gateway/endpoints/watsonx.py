"""watsonx's texts: the model stands in `model_id`."""

from modelward.gateway.endpoints.mounts import LLM, POST
from modelward.gateway.routes import Route, UpstreamCall

_PATHS = ("chat", "chat_stream", "generation", "generation_stream", "embeddings")

ROUTES: tuple[Route, ...] = tuple(
    Route(
        POST,
        f"/watsonx/ml/v1/text/{path}",
        "infer",
        LLM,
        "forward",
        UpstreamCall("watsonx", f"ml/v1/text/{path}"),
        names=("model_id", "model"),
        content=("input", "inputs", "messages"),
        passes=("version",),
    )
    for path in _PATHS
)
