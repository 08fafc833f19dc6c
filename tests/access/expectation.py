"""Whether an answer, and what the provider saw, is what a case expects."""

from collections.abc import Iterator, Sequence
from typing import Any

from access.cases import Case
from access.setting import always_fails, deployment_of
from harness.upstream import Call
from harness.wire import Answer


def complaints(case: Case, answer: Answer, calls: Sequence[Call]) -> list[str]:
    """Everything that is not as expected; empty when the case holds."""
    if case.expect["allow"]:
        return [*_allowed(case, answer, calls)]
    refused = [*_refused(case, answer, calls)]
    also_ok = case.expect.get("also_ok")
    return [] if also_ok and not [*_also_ok(also_ok, answer, calls)] else refused


def _allowed(case: Case, answer: Answer, calls: Sequence[Call]) -> Iterator[str]:
    expect = case.expect
    if answer.status != 200:
        yield f"status {answer.status}, expected 200: {answer.text}"
        return
    servers = [deployment for deployment in _called(case, calls) if not always_fails(deployment)]
    if case.request["method"] == "POST" and len(servers) != 1:
        yield f"{len(servers)} deployments answered, expected one"
    if "served_by" in expect and not all(expect["served_by"] in _names(deployment) for deployment in servers):
        yield f"served by {[*map(_names, servers)]}, expected {expect['served_by']}"
    yield from _listing(expect, answer)
    yield from _body(expect, answer)


def _listing(expect: dict[str, Any], answer: Answer) -> Iterator[str]:
    if not expect.keys() & {"models", "models_include", "models_exclude"}:
        return
    listed = [model["id"] for model in answer.json()["data"]]
    if len(listed) != len(set(listed)):
        yield f"listed twice: {listed}"
    if "models" in expect and set(listed) != set(expect["models"]):
        yield f"listed {sorted(listed)}, expected {sorted(expect['models'])}"
    if absent := set(expect.get("models_include", [])) - set(listed):
        yield f"not listed: {sorted(absent)}"
    if present := set(expect.get("models_exclude", [])) & set(listed):
        yield f"listed, but must not be: {sorted(present)}"


def _refused(case: Case, answer: Answer, calls: Sequence[Call]) -> Iterator[str]:
    expect = case.expect
    if answer.status not in {expect["status"], *expect.get("status_any", [])}:
        yield f"status {answer.status}, expected {expect['status']}: {answer.text}"
    if answer.status == expect["status"] and answer.error_type != expect.get("error_type", answer.error_type):
        yield f"error type {answer.error_type}, expected {expect['error_type']}"
    seen = [deployment for deployment in _called(case, calls) if not always_fails(deployment)]
    if seen:
        yield f"the provider was asked as {[*map(_names, seen)]}"
    yield from _body(expect, answer)


def _body(expect: dict[str, Any], answer: Answer) -> Iterator[str]:
    for text in expect.get("body_excludes", []):
        if text in answer.text:
            yield f"the answer says {text!r}"


def _also_ok(outcome: dict[str, Any], answer: Answer, calls: Sequence[Call]) -> Iterator[str]:
    if answer.status != outcome["status"] or len(calls) != 1:
        yield f"status {answer.status} and {len(calls)} requests at the provider"
        return
    body = calls[0].json()
    if others := set(_models(body)) - {outcome["upstream_model"]}:
        yield f"the provider could act on {others}"
    if present := body.keys() & set(outcome.get("upstream_without", [])):
        yield f"the provider got {sorted(present)}"


def _models(value: object) -> Iterator[str]:
    """Every name under a key `model`, at any depth."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "model":
                yield str(inner)
            yield from _models(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _models(inner)


def _called(case: Case, calls: Sequence[Call]) -> list[dict[str, Any]]:
    return [case.deployments[deployment_of(call)] for call in calls]


def _names(deployment: dict[str, Any]) -> set[str | None]:
    return {deployment["model_name"], deployment.get("x_upstream")}
