"""What every refusal tells the person behind a client, whatever SDK raises it (E3)."""

from harness.gateway import Gateway
from sdk.fronted import FORBIDDEN, decisions


def assert_refused_once(front: Gateway, key: str, said: str, *, layer: str = "key", model: str = FORBIDDEN) -> None:
    """The text names the layer, the model, where to look and the decision, and the SDK asked one time only."""
    (decision,) = decisions(front, key)
    assert layer in said
    assert f"`{model}`" in said
    assert "GET /v1/models" in said
    assert str(decision["id"]) in said
    assert decision["allow"] is False
