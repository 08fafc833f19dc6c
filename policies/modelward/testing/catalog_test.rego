package modelward.testing_test

# METADATA
# description: A catalogue with the entries `gpt-4` and `gpt-4o`, each with one deployment and no group.
catalog := catalog_of({"gpt-4": {"d1": []}, "gpt-4o": {"d2": []}}, [])

# METADATA
# description: >-
#   A catalogue of common entries. `entries` maps a name to its deployments, these an id to its access groups;
#   `wildcards` are the names that hold `*`, the most specific first.
catalog_of(entries, wildcards) := {
	"revision": "r1",
	"common": scope(entries, {name: rank | some rank, name in wildcards}, {}),
	"teams": {},
	"aliases": {},
	"reserved": object.union(_groups(entries), _special),
	"providers": _providers,
	"provider_names": {},
	"foldings": {},
	"settings": {
		"empty_list": "allow",
		"allowed_routes": null,
		"admin_only_routes": [],
		"personal_keys_from_teams": false,
		"enforce_fallback_model_access": true,
	},
	"tokens": tokens,
	"rules": {},
	"token_rules": {},
	"alike": {rule: true | some rule in array.concat(refusals, ["fallback_waiver", "master_key"])},
	"order": {rule: place | some place, rule in refusals},
}

# METADATA
# description: The rules that refuse, in the order of A6, and within it that of A4.
refusals := [
	"rule_malformed",
	"proxy_routes",
	"well_formed",
	"token_form",
	"token_client",
	"token_role",
	"token_admin_routes",
	"token_team_header",
	"token_team_claim",
	"token_team_exists",
	"token_team_choice",
	"token_team_routes",
	"token_email",
	"token_user",
	"token_mapped",
	"admin_only",
	"key_active",
	"key_model_access",
	"key_expiry",
	"key_routes",
	"team_exists",
	"team_active",
	"team_model_access",
	"listing_team",
	"member_model_access",
	"user_active",
	"user_role",
	"user_default_models",
	"user_model_access",
	"user_team_models",
	"customer_active",
	"customer_model_access",
	"project_exists",
	"project_active",
	"project_model_access",
	"org_exists",
	"org_model_access",
	"team_org_model_access",
	"role_model_access",
	"role_routes",
	"scope_model_access",
	"no_grant",
	"names_agree",
	"model_known",
	"provider_not_spoken",
	"provider_not_configured",
]

# METADATA
# description: The plainest catalogue, whose config lets fallbacks run without model access.
waiving_catalog := changed(catalog, {"/settings/enforce_fallback_model_access": false})

# METADATA
# description: What a config that sets nothing makes of tokens.
tokens := {
	"admin_scope": "litellm_proxy_admin",
	"admin_allowed_routes": ["management_routes", "info_routes"],
	"team_allowed_routes": ["llm_api_routes", "info_routes"],
	"user_allowed_roles": null,
	"role_mappings": [],
	"enforce_roles": false,
	"roles": {},
	"enforce_scopes": false,
	"scopes": [],
	"allow_unmapped": false,
	"reject_unmapped_clients": false,
	"team_claim_fallback": false,
	"enforce_team": false,
	"user_allowed_email_domain": null,
	"unknown_users": false,
}

# METADATA
# description: >-
#   Entries that are looked up together. `wildcards` maps the names that hold `*` to their ranks, `names` maps a deployment's own model_name to the public name of its entry.
scope(entries, wildcards, names) := {
	"entries": {name: entry |
		some name, deployments in entries
		entry := {
			"deployments": _deployments(deployments),
			"out_of_service": {},
			"groups": _groups({name: deployments}),
		}
	},
	"wildcards": {prefix: group |
		some prefix in _prefixes(wildcards)
		group := [{"name": name, "rank": rank} | some name, rank in wildcards; split(name, "*")[0] == prefix]
	},
	"lengths": sort({count(prefix) | some prefix in _prefixes(wildcards)}),
	"names": names,
	"fills": {name: [] | some name, _ in wildcards},
	"spelled": {},
	"folded": {},
	"kinds": {name: min(alike) |
		some name, deployments in entries
		not contains(name, "*")
		alike := {other |
			some other, likewise in entries
			not contains(other, "*")
			_kind(other, likewise) == _kind(name, deployments)
		}
	},
}

_kind(name, deployments) := [{groups | some listed in deployments; groups := {group | some group in listed}}, object.get(_providers, name, [])]

_providers := {
	"gpt-4": ["openai"],
	"gpt-4o": ["openai"],
	"o1-mini": ["openai"],
	"o1-pro": ["openai"],
	"claude-sonnet-4-5": ["anthropic"],
	"gemini-2.5-flash": ["vertex_ai", "gemini"],
}

_prefixes(wildcards) := {split(name, "*")[0] | some name, _ in wildcards}

_special := {"no-default-models": true, "all-team-models": true, "all-proxy-models": true}

_groups(entries) := {group: true | group := entries[_][_][_]}

_deployments(deployments) := {id: {group: true | some group in groups} | some id, groups in deployments}

# METADATA
# description: The plainest catalogue with these settings of tokens, such as `enforce_roles`.
catalog_with_tokens(changes) := changed(catalog, {$"/tokens/{name}": value | some name, value in changes})
