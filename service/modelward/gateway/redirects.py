"""Fields that would send a judged call somewhere else (M5)."""

from collections.abc import Mapping

from modelward.errors import Invalid

REDIRECTS = frozenset(
    {
        "api_base",
        "api_key",
        "api_type",
        "api_version",
        "aws_access_key_id",
        "aws_bedrock_runtime_endpoint",
        "aws_profile_name",
        "aws_region_name",
        "aws_role_name",
        "aws_secret_access_key",
        "aws_session_name",
        "aws_session_token",
        "aws_sts_endpoint",
        "aws_web_identity_token",
        "azure_ad_token",
        "azure_endpoint",
        "base_url",
        "custom_llm_provider",
        "data_sources",
        "deployment_id",
        "litellm_credential_name",
        "model_info",
        "model_list",
        "models",
        "preset",
        "region_name",
        "specific_deployment",
        "user_config",
        "vertex_ai_credentials",
        "vertex_ai_location",
        "vertex_ai_project",
        "vertex_credentials",
        "vertex_location",
        "vertex_project",
    }
)


def refuse_redirects(holder: Mapping[str, object], place: str = "") -> None:
    """Raises Invalid when `holder` has such a field; `place` is where it stands in the body."""
    found = sorted(REDIRECTS.intersection(holder))
    if found:
        raise Invalid(f"`{place}{found[0]}` may not be sent: it would change where the call goes; leave it out")
