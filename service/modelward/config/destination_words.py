"""Settings of LiteLLM that decide where calls go or with which key and are not supported: each is an error (K1, E5)."""

from collections.abc import Mapping
from fnmatch import fnmatchcase

_ADDRESS = "write `api_base`, the whole address"
_KEY = "write `api_key`"
_ADDRESS_AND_KEY = "write `api_base` and `api_key`"
_AT_EACH = "set it in the `litellm_params` of each deployment"
_NOT_THE_CLIENT = "a client cannot choose where it is called; remove it"
_OWN_DEPLOYMENT = "a call goes to the deployments of the model that it names, on every route; remove it"
_ONE_MODEL = "a deployment has one model; write it in `model`"

Patterns = Mapping[str, str]
"""Words, in which `*` is any run of characters, and what to do instead."""

IN_DEPLOYMENTS: Patterns = {
    **dict.fromkeys(("region_name", "aws_*", "vertex_*", "watsonx_*", "oci_*", "sagemaker_*"), _ADDRESS_AND_KEY),
    **dict.fromkeys(("project", "project_id", "space_id", "account_id", "endpoint", "host"), _ADDRESS_AND_KEY),
    **dict.fromkeys(("azure_*", "tenant_id", "client_id", "client_secret", "token_exchange_*"), _KEY),
    **dict.fromkeys(("anthropic_*", "openai_*", "token", "zen_api_key", "username", "password"), _KEY),
    **dict.fromkeys(("credentials", "use_xai_oauth", "chatgpt_auth_file"), _KEY),
    **dict.fromkeys(("s3_*", "gcs_bucket_name", "bucket_name"), "files lie where the deployment is; remove it"),
    **dict.fromkeys(("api_type",), "write the provider in `custom_llm_provider`"),
    **dict.fromkeys(("deployment_id", "model_id", "prompt_id", "models", "*_router_*"), _ONE_MODEL),
    **dict.fromkeys(("extra_headers", "headers", "default_headers"), "headers of your own are not sent; remove it"),
    **dict.fromkeys(("extra_body", "extra_query", "default_query", "provider", "route"), "it is not sent; remove it"),
    **dict.fromkeys(("proxy", "proxy_url", "http_proxy", "https_proxy", "use_litellm_proxy"), _ADDRESS),
    **dict.fromkeys(("ssl_certificate", "client_cert", "client_key", "client", "http_client"), _KEY),
    **dict.fromkeys(("fallbacks", "*_fallbacks", "context_window_fallback_dict"), "write it in `router_settings`"),
    **dict.fromkeys(("*api_base*", "*base_url*", "*endpoint*", "*_url", "*region*", "*location*"), _ADDRESS),
    **dict.fromkeys(("*organization*", "*credential*", "*_api_key", "*_proxy"), _ADDRESS_AND_KEY),
    "use_in_pass_through": _OWN_DEPLOYMENT,
    "configurable_clientside_auth_params": _NOT_THE_CLIENT,
}
"""In `litellm_params`, and in the `credential_values` of a credential."""

IN_DEFAULTS: Patterns = {
    **IN_DEPLOYMENTS,
    **dict.fromkeys(("api_key", "api_base", "base_url", "api_version", "organization"), _AT_EACH),
    **dict.fromkeys(("model", "custom_llm_provider", "litellm_credential_name"), _AT_EACH),
}
"""In `router_settings.default_litellm_params`."""

IN_SECTIONS: Mapping[str, Patterns] = {
    "": {
        **dict.fromkeys(("files_settings", "finetune_settings", "assistant_settings"), _OWN_DEPLOYMENT),
        "default_vertex_config": _AT_EACH,
        "vector_store_registry": _OWN_DEPLOYMENT,
    },
    "router_settings": {
        "assistants_config": _OWN_DEPLOYMENT,
        "router_general_settings": "only the models of `model_list` are called; remove it",
    },
    "litellm_settings": {
        **dict.fromkeys(("api_base", "base_url", "api_key", "api_version", "organization", "headers"), _AT_EACH),
        **dict.fromkeys(("*_key", "*_api_base", "vertex_*", "azure_*", "*_tenant_id"), _AT_EACH),
        **dict.fromkeys(("*base_url*", "*region*", "*location*", "*organization*"), _AT_EACH),
        **dict.fromkeys(("api_type", "use_litellm_proxy", "proxy_auth", "ssl_certificate"), _AT_EACH),
        **dict.fromkeys(("enable_azure_ad_token_refresh",), _AT_EACH),
        "context_window_fallback_dict": "write `context_window_fallbacks`",
        "custom_provider_map": "code of your own is not called; run it as a server and say `api_base`",
    },
    "general_settings": {
        "pass_through_endpoints": "only the routes of docs/endpoints.md are served; remove it",
        **dict.fromkeys(("forward_client_headers_to_llm_api", "forward_llm_provider_auth_headers"), _NOT_THE_CLIENT),
        "allow_client_side_credentials": _NOT_THE_CLIENT,
        **dict.fromkeys(
            ("key_management_system", "use_azure_key_vault", "use_google_kms", "load_aws_kms"),
            "`os.environ/NAME` is read from the environment alone; set the variables there",
        ),
    },
}
"""In the sections of settings; the first are those beside them."""

IN_VARIABLES: Patterns = {
    **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "USE_LITELLM_PROXY"), _ADDRESS),
    **dict.fromkeys(("OPENAI_ORGANIZATION", "OPENAI_ORG_ID"), "write `organization` in each deployment"),
    "OPENAI_PROJECT_ID": "write the `api_key` of that project",
}
"""Among the `environment_variables` of the config, where nothing refers to them; in capitals, which do not count."""


def advice(patterns: Patterns, word: str) -> str | None:
    """What to do instead of a word that one of the patterns matches."""
    if word in patterns:
        return patterns[word]
    return next((each for pattern, each in patterns.items() if "*" in pattern and fnmatchcase(word, pattern)), None)
