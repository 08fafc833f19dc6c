# METADATA
# title: The order of refusals
# description: The one place that says which refusal names the error when several apply (A4, A6).
package modelward.lib.order

# METADATA
# description: Rule names, first refusal first. A rule that is not named here comes after all others.
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
# description: The place of a rule in the order, from 0.
rank(rule) := place if {
	place := _ranks[rule]
} else := count(refusals)

_ranks := {rule: place | some place, rule in refusals}
