"""Fields that would send a judged call somewhere else (M5): to another address, account, region or deployment.

They are LiteLLM's own, which no provider's API has, beside three of OpenRouter's and Azure's: `models` and `preset`
choose a model, `data_sources` an address; and those by which the halves of a split server find each other, at SGLang
(`bootstrap_*`) and TensorRT-LLM (`disaggregated_params`). Their names are exact: the keys of a map of fallbacks are
models' names, and those may begin like any of them.
"""

from collections.abc import Collection, Mapping

from modelward.errors import Invalid
from modelward.gateway.client_text import shortened

REDIRECTS = frozenset(
    {
        "api_base",
        "api_key",
        "api_type",
        "api_version",
        "aws_access_key_id",
        "aws_batch_role_arn",
        "aws_bedrock_runtime_endpoint",
        "aws_external_id",
        "aws_profile_name",
        "aws_region_name",
        "aws_role_name",
        "aws_secret_access_key",
        "aws_session_name",
        "aws_session_token",
        "aws_sts_endpoint",
        "aws_web_identity_token",
        "azure_ad_token",
        "azure_ad_token_provider",
        "azure_deployment",
        "azure_endpoint",
        "azure_password",
        "azure_scope",
        "azure_username",
        "base_url",
        "bootstrap_host",
        "bootstrap_port",
        "bootstrap_room",
        "client_id",
        "client_secret",
        "custom_llm_provider",
        "data_sources",
        "deployment_id",
        "deployment_url",
        "disaggregated_params",
        "extra_headers",
        "extra_query",
        "gcs_bucket_name",
        "headers",
        "litellm_credential_name",
        "litellm_embedding_config",
        "litellm_embedding_model",
        "model_id",
        "model_info",
        "model_list",
        "models",
        "oci_compartment_id",
        "oci_endpoint_id",
        "oci_fingerprint",
        "oci_key",
        "oci_key_file",
        "oci_region",
        "oci_serving_mode",
        "oci_tenancy",
        "oci_user",
        "organization",
        "preset",
        "region_name",
        "s3_access_key_id",
        "s3_bucket_name",
        "s3_endpoint_url",
        "s3_region_name",
        "s3_secret_access_key",
        "sagemaker_base_url",
        "specific_deployment",
        "ssl_verify",
        "tenant_id",
        "use_litellm_proxy",
        "user_config",
        "vertex_ai_credentials",
        "vertex_ai_location",
        "vertex_ai_project",
        "vertex_credentials",
        "vertex_location",
        "vertex_project",
        "watsonx_region_name",
    }
)


def refuse_redirects(holder: Mapping[str, object], place: str = "", names: Collection[str] = ()) -> None:
    """Raises Invalid when `holder` has such a field; `place` is where it stands in the body.

    `names` are the fields in which the model that answers is named, whatever else they would mean.
    """
    found = sorted(REDIRECTS.intersection(holder).difference(names))
    if found:
        raise Invalid(
            f"`{shortened(place + found[0])}` may not be sent: it would change where the call goes; leave it out"
        )
