"""Fields that would send a judged call somewhere else (M5), and the fallbacks that a client sends (F1)."""

from collections.abc import Collection, Iterator, Mapping

from modelward.errors import Invalid
from modelward.gateway.request.names import names, shortened

REDIRECTS = frozenset(
    {
        *("api_base", "api_key", "api_type", "api_version", "aws_access_key_id", "aws_batch_role_arn"),
        *("aws_bedrock_runtime_endpoint", "aws_external_id", "aws_profile_name", "aws_region_name", "aws_role_name"),
        *("aws_secret_access_key", "aws_session_name", "aws_session_token", "aws_sts_endpoint"),
        *("aws_web_identity_token", "azure_ad_token", "azure_ad_token_provider", "azure_deployment"),
        *("azure_endpoint", "azure_password", "azure_scope", "azure_username", "base_url", "bootstrap_host"),
        *("bootstrap_port", "bootstrap_room", "client_id", "client_secret", "custom_llm_provider", "data_sources"),
        *("deployment_id", "deployment_url", "disaggregated_params", "extra_headers", "extra_query"),
        *("gcs_bucket_name", "headers", "litellm_credential_name", "litellm_embedding_config"),
        *("litellm_embedding_model", "model_id", "model_info", "model_list", "models", "oci_compartment_id"),
        *("oci_endpoint_id", "oci_fingerprint", "oci_key", "oci_key_file", "oci_region", "oci_serving_mode"),
        *("oci_tenancy", "oci_user", "organization", "preset", "region_name", "s3_access_key_id", "s3_bucket_name"),
        *("s3_endpoint_url", "s3_region_name", "s3_secret_access_key", "sagemaker_base_url", "specific_deployment"),
        *("ssl_verify", "tenant_id", "use_litellm_proxy", "user_config", "vertex_ai_credentials"),
        *("vertex_ai_location", "vertex_ai_project", "vertex_credentials", "vertex_location", "vertex_project"),
        *("watsonx_region_name",),
    }
)


def refuse_redirects(holder: Mapping[str, object], place: str = "", names: Collection[str] = ()) -> None:
    """Raises Invalid when `holder` has such a field; `place` is where it is in the body.

    `names` are the fields in which the model that answers is named, whatever else they would mean.
    """
    found = sorted(REDIRECTS.intersection(holder).difference(names))
    if found:
        raise Invalid(
            f"`{shortened(place + found[0])}` may not be sent: it would change where the call goes; leave it out"
        )


FIELDS = ("fallbacks", "context_window_fallbacks", "content_policy_fallbacks")
_DEEPEST = 32


def fallbacks(holder: Mapping[str, object], place: str = "", depth: int = 0) -> Iterator[str]:
    """Every name in the fallback fields of `holder`, whose place in the body is `place`, itself `depth` fallbacks deep.

    A text, a list, `{"model": ...}` objects and `{name: [targets]}` maps, nested at any depth; a map's own keys are no
    names. Raises Invalid for any other shape.
    """
    for field in FIELDS:
        value = holder.get(field)
        if value is not None:
            yield from _targets(value, f"{place}{field}", depth)


def _targets(value: object, place: str, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        raise Invalid(f"`{shortened(place)}` is nested too deeply; send a list of model names")
    if isinstance(value, str):
        yield from names(value, place)
    elif isinstance(value, list):
        for item in value:
            yield from _targets(item, place, depth + 1)
    elif isinstance(value, dict):
        yield from _in_object(value, place, depth)
    else:
        raise Invalid(f"`{shortened(place)}` must hold model names, as texts, lists or objects")


def _in_object(value: dict[str, object], place: str, depth: int) -> Iterator[str]:
    refuse_redirects(value, f"{place}.")
    if "model" in value and not isinstance(value["model"], list):
        yield from names(value["model"], f"{place}.model")
        yield from fallbacks(value, f"{place}.", depth + 1)
        return
    for targets in value.values():
        yield from _targets(targets, place, depth + 1)
