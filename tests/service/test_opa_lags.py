"""An OPA that still holds the bundle before: the config before stays in force as a whole (K3)."""

import hashlib

import yaml

from harness.bundles import POLICIES
from harness.gateway import Gateway
from harness.opa import opa_server
from harness.process import eventually
from service.conftest import MASTER_KEY, Place

_KEY = "sk-declared"


def _write(place: Place, *, secret_in: str, granted: str) -> None:
    """A config whose declared key is granted one group, while `secret` is in one group."""
    place.write("secret")
    content = yaml.safe_load(place.config.read_text())
    content["model_list"][0]["model_info"] = {"access_groups": [secret_in]}
    digest = hashlib.sha256(_KEY.encode()).hexdigest()
    content["keys"] = [{"key_hash": f"sha256:{digest}", "models": [granted]}]
    content["general_settings"] = {"master_key": MASTER_KEY}
    place.config.write_text(yaml.safe_dump(content, sort_keys=False))


def _state(served: Gateway) -> str:
    return str(served.readiness().json()["config"])


def test_what_neither_config_allows_is_refused_while_opa_lags_behind(place: Place) -> None:
    _write(place, secret_in="g", granted="h")
    with opa_server([POLICIES, place.bundle()], place.folder) as opa, place.serve(opa_url=opa.url) as served:
        assert served.chat("secret", key=_KEY).status == 403
        _write(place, secret_in="x", granted="g")
        assert eventually(lambda: _state(served) == "waiting", 30)
        assert {served.chat("secret", key=_KEY).status for _ in range(5)} == {403}
    assert not place.provider.calls


def test_a_config_comes_into_force_when_opa_has_its_bundle(place: Place) -> None:
    _write(place, secret_in="g", granted="h")
    with opa_server([POLICIES, place.bundle()], place.folder) as before, place.serve(opa_url=before.url) as served:
        _write(place, secret_in="g", granted="g")
        assert eventually(lambda: _state(served) == "waiting", 30)
        assert served.chat("secret", key=_KEY).status == 403
        before.process.kill()
        with opa_server([POLICIES, place.bundle("next")], place.folder, port=before.port):
            assert eventually(lambda: served.chat("secret", key=_KEY).status == 200, 30)
            assert _state(served) == "current"
