# METADATA
# title: Fallbacks without model access
# description: >-
#   With `enforce_fallback_model_access: false` the built-in rules on lists of models do not refuse a fallback of the
#   config. Every other rule does (F2).
package modelward.lib.fallback

# METADATA
# description: Whether the request is for a fallback of the config that runs without model access.
is_waived if {
	input.request.fallback == true
	data.catalog.settings.enforce_fallback_model_access == false
}

# METADATA
# description: >-
#   Whether the denials of `rule` do not count for this request. A rule that is not built in always counts, whatever its name.
waives(rule) if {
	is_waived
	rule in rules
}

# METADATA
# description: The built-in rules that end in `_model_access`.
rules := {
	"customer_model_access",
	"key_model_access",
	"member_model_access",
	"org_model_access",
	"project_model_access",
	"role_model_access",
	"scope_model_access",
	"team_model_access",
	"team_org_model_access",
	"user_model_access",
}
