# METADATA
# title: The key's own list covers the model
# description: A key with `all-team-models` leaves the question to its team.
# custom:
#   spec: [L1, G1-G8]
package modelward.rules.key_model_access

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
list := input.caller.key.models if not _left_to_team

_left_to_team if "all-team-models" in input.caller.key.models

_cover(model) := {"by": "all-team-models", "groups": []} if {
	_left_to_team
} else := grant.cover(list, model)

_passes(model) if grants[model]

_passes(_) if caller.is_master
