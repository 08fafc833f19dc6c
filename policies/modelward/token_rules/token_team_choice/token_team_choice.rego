# METADATA
# title: One of the claimed teams allows the call
# description: Of the teams in `team_ids_jwt_field` one must allow every model and the route.
# custom:
#   spec: [R7]
#   differs: [R7]
#   order: 270
#   type: auth_error
#   layer: team
#   remedy: help_claimed_team
#   advice: no team of the token allows this call
#   alike: true
package modelward.token_rules.token_team_choice

# METADATA
# description: Refuses a call that none of the claimed teams allows.
deny contains message if {
	not _chosen
	message := $"no team of this token allows {_call}; GET /v1/models lists what this caller may call"
}

_call := $"a call of model `{concat("`, `", input.request.models)}`" if {
	count(input.request.models) > 0
} else := "this call"

_chosen if input.caller.origin.source != "list"

_chosen if is_string(input.caller.origin.id)
