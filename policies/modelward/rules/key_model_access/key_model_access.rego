# METADATA
# title: The key's own list covers the model
# description: A key with `all-team-models` leaves the question to its team.
# custom:
#   spec: [L1, G1-G9]
#   order: 510
#   record: key
#   remedy: add_models
#   advice: use a model of `GET /v1/models`, or ask for the model on the key
#   alike: true
package modelward.rules.key_model_access

import data.modelward.lib.access_group
import data.modelward.lib.caller
import data.modelward.lib.grant

# METADATA
# description: Refuses a model that the key's list does not cover.
deny contains message if {
	some model in input.request.models
	not _passes(model)
	message := $"this key may not call model `{model}`; GET /v1/models lists what it may call"
}

# METADATA
# description: What covers each model.
grants := {model: cover | some model in input.request.models; cover := _cover(model)}

# METADATA
# description: The list that binds.
list := access_group.extended(input.caller.key.models, input.caller.key.access_group_ids) if not _left_to_team

_left_to_team if {
	is_array(input.caller.key.models)
	"all-team-models" in input.caller.key.models
}

_cover(model) := {"by": "all-team-models", "groups": []} if {
	_left_to_team
} else := grant.cover(list, model)

_passes(model) if grants[model]

_passes(_) if caller.has_no_key
