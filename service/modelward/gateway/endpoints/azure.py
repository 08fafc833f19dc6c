"""Azure's paths and OpenAI's old engines: the model stands in the path, and all before the operation is its name."""

from modelward.gateway.endpoints.mounts import LLM, OPENAI, POST
from modelward.gateway.endpoints.openai import CONTENT, OPERATIONS
from modelward.gateway.routes import NESTED, Route, UpstreamCall

_DEPLOYMENTS = (("/openai/deployments", OPENAI), ("/azure/openai/deployments", LLM))
_ENGINES = ("/engines", "/v1/engines")
_ON_ENGINES = ("chat/completions", "completions", "embeddings")


def _at_deployments() -> tuple[Route, ...]:
    return tuple(
        Route(
            POST,
            f"{prefix}/{{model}}/{path}",
            "infer",
            groups,
            "forward",
            UpstreamCall("openai", path, per_deployment=True),
            reads,
            nested=(*NESTED, "svg.model"),
            content=CONTENT[path],
        )
        for prefix, groups in _DEPLOYMENTS
        for path, reads in OPERATIONS
    )


def _at_engines() -> tuple[Route, ...]:
    return tuple(
        Route(
            POST,
            f"{prefix}/{{model}}/{path}",
            "infer",
            OPENAI,
            "forward",
            UpstreamCall("openai", path, per_deployment=True),
            content=CONTENT[path],
        )
        for prefix in _ENGINES
        for path in _ON_ENGINES
    )


ROUTES: tuple[Route, ...] = (*_at_deployments(), *_at_engines())
