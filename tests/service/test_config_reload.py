"""A config that changes while the service runs, and one that cannot be used (A5, K3)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.forked import fork
from harness.gateway import Gateway
from harness.process import eventually, running
from service.conftest import Place

_BROKEN = "model_list:\n  - model_name: allowed\n    litellm_params:\n      modl: openai/allowed\n"


@pytest.fixture
def served(place: Place) -> Iterator[Gateway]:
    """A Modelward with the config of the place."""
    with place.serve() as running:
        yield running


def _config_state(served: Gateway) -> str:
    return str(served.readiness().json()["config"])


def test_a_model_taken_from_the_config_is_refused_without_a_restart(place: Place, served: Gateway) -> None:
    key = served.new_key()
    assert served.chat("other", key=key).status == 200
    place.write("allowed")
    assert eventually(lambda: served.chat("other", key=key).status == 400, 30)
    assert served.chat("allowed", key=key).status == 200


def test_a_model_added_to_the_config_can_be_called_without_a_restart(place: Place, served: Gateway) -> None:
    key = served.new_key()
    place.write("allowed", "other", "third")
    assert eventually(lambda: served.chat("third", key=key).status == 200, 30)


def test_a_broken_edit_keeps_the_last_good_config_and_says_so(place: Place, served: Gateway) -> None:
    key = served.new_key()
    place.config.write_text(_BROKEN)
    assert eventually(lambda: _config_state(served) == "last good", 30)
    assert served.ready()
    assert eventually(lambda: f"{place.config}:4:7: " in served.process.output, 10)
    assert served.chat("other", key=key).status == 200


def test_a_mended_config_is_used_again(place: Place, served: Gateway) -> None:
    key = served.new_key()
    place.config.write_text(_BROKEN)
    assert eventually(lambda: _config_state(served) == "last good", 30)
    place.write("allowed")
    assert eventually(lambda: served.chat("other", key=key).status == 400, 30)
    assert _config_state(served) == "current"


def test_a_config_file_that_vanishes_keeps_the_last_good_config(place: Place, served: Gateway) -> None:
    key = served.new_key()
    place.config.rename(place.folder / "moved.yaml")
    assert not eventually(lambda: served.chat("other", key=key).status != 200, 1)


@pytest.mark.parametrize("command", ["serve", "check", "build"])
def test_a_bad_config_ends_with_2_and_says_where(tmp_path: Path, command: str) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(_BROKEN)
    out = ["-o", str(tmp_path / "bundle")] if command == "build" else []
    with running(["modelward", command, str(config), *out], tmp_path / "said.log", launch=fork) as process:
        assert process.wait(30) == 2
        assert "config.yaml:4:7: " in process.output
        assert "Traceback" not in process.output
