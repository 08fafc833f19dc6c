"""What every refusal tells the person behind a client, whatever SDK raises it (E3)."""

from harness.gateway import Gateway
from sdk.fronted import FORBIDDEN, decisions


def assert_refused_once(front: Gateway, key: str, said: str, *, layer: str = "this key") -> None:
    """The text names the layer, the model, where to look and the decision, and the SDK asked one time only."""
    (decision,) = decisions(front, key)
    assert f"{layer} may not call model `{FORBIDDEN}`" in said
    assert "GET /v1/models" in said
    assert str(decision["id"]) in said
    assert decision["allow"] is False
