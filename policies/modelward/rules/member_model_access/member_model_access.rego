# METADATA
# title: The member's own scope covers the model
# description: A user's own scope in the team binds, if it is not empty; the refusal is the team's.
# custom:
#   spec: [L3, G7, E2]
#   differs: [G7]
#   order: 640
#   type: team_model_access_denied
#   param: model
#   record: member
#   remedy: add_models
#   advice: ask for the model on the membership
#   alike: true
package modelward.rules.member_model_access

import data.modelward.lib.grant

# METADATA
# description: Refuses a model that the member's scope does not cover.
deny contains message if {
	some model in input.request.models
	not _passes(model)
	message := $"in its team this caller may not call model `{model}`; GET /v1/models lists what this caller may call"
}

# METADATA
# description: What covers each model.
grants := {model: cover | some model in input.request.models; cover := _cover(model)}

# METADATA
# description: The list that binds.
list := input.caller.member.allowed_models if {
	input.caller.member.allowed_models != []
	not _left_to_team
}

_cover(model) := {"by": "all-team-models", "groups": []} if {
	_left_to_team
} else := grant.cover_only(list, model)

_left_to_team if {
	is_array(input.caller.member.allowed_models)
	"all-team-models" in input.caller.member.allowed_models
	is_object(input.caller.team)
}

_passes(_) if is_null(input.caller.member)

_passes(_) if input.caller.member.allowed_models == []

_passes(model) if grants[model]
