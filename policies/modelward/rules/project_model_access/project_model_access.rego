# METADATA
# title: The project's list covers the model
# description: The list of the project binds its keys, if it is not empty.
# custom:
#   spec: [L5, G7, E2]
#   differs: [G7]
#   order: 920
#   record: project
#   remedy: add_models
#   advice: ask for the model on the project
#   alike: true
package modelward.rules.project_model_access

import data.modelward.lib.grant

# METADATA
# description: Refuses a model that the project's list does not cover.
deny contains message if {
	some model in input.request.models
	not _passes(model)
	message := $"the project of this key may not call model `{model}`; GET /v1/models lists what this caller may call"
}

# METADATA
# description: What covers each model.
grants := {model: cover | some model in input.request.models; cover := _cover(model)}

# METADATA
# description: The list that binds.
list := input.caller.project.models if {
	input.caller.project.models != []
	not _left_to_team
}

_cover(model) := {"by": "all-team-models", "groups": []} if {
	_left_to_team
} else := grant.cover_only(list, model)

_left_to_team if {
	is_array(input.caller.project.models)
	"all-team-models" in input.caller.project.models
	is_object(input.caller.team)
}

_passes(_) if is_null(input.caller.project)

_passes(_) if input.caller.project.models == []

_passes(model) if grants[model]
