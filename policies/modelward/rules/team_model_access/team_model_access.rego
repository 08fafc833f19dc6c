# METADATA
# title: The team's list covers the model
# description: The team's list binds all its keys; `all-team-models` in it is every entry.
# custom:
#   spec: [L2, G1-G7]
package modelward.rules.team_model_access

import data.modelward.lib.catalog
import data.modelward.lib.grant

# METADATA
# description: Refuses a model that the team's list does not cover.
deny contains message if {
	some model in input.request.models
	not _passes(model)
	message := $"the team of this key may not call model `{model}`; GET /v1/models lists what the key may call"
}

# METADATA
# description: What covers each model.
grants := {model: cover | some model in input.request.models; cover := _cover(model)}

# METADATA
# description: The list that binds.
list := input.caller.team.models if not _everything

_everything if "all-team-models" in input.caller.team.models

_cover(model) := {"by": "all-team-models", "groups": []} if {
	_everything
	catalog.entry[model]
} else := grant.cover(input.caller.team.models, model)

_passes(_) if is_null(input.caller.team)

_passes(model) if grants[model]
