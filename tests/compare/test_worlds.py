"""A world is the same each time it is drawn, and is a config that Modelward serves."""

from pathlib import Path

from compare.modelward_process import config_text
from compare.worlds import MASTER_KEY, world
from modelward.config import read


def test_a_world_is_the_same_each_time() -> None:
    assert world(3, 5) == world(3, 5)
    assert world(3, 5) != world(3, 6)
    assert world(3, 5) != world(4, 5)


def test_keys_and_deployments_are_those_of_one_world() -> None:
    keys = [record["key"] for number in range(5) for record in world(1, number).records["keys"]]
    ids = [row["model_info"]["id"] for number in range(5) for row in world(1, number).config["model_list"]]
    assert len(set(keys)) == len(keys)
    assert len(set(ids)) == len(ids)


def test_worlds_ask_by_keys_and_by_tokens_for_models_and_for_lists() -> None:
    asked = [question for number in range(40) for question in world(1, number).questions]
    assert {"key", "claims"} == {kind for question in asked for kind in question["caller"]}
    assert {"GET", "POST"} == {question["method"] for question in asked}


def test_the_config_of_a_world_has_no_problems(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    for number in range(20):
        config.write_text(config_text(world(1, number)))
        assert read(config, {"JWT_PUBLIC_KEY_URL": "http://127.0.0.1:9/keys"}).general_settings.master_key == MASTER_KEY
