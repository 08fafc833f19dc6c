# METADATA
# title: The user's list covers the model
# description: The list of the user binds callers without a team, but not those of a proxy admin.
# custom:
#   spec: [L4, L9]
#   order: 730
#   record: user
#   remedy: add_models
#   advice: ask for the model on the caller's user
#   alike: true
package modelward.rules.user_model_access

import data.modelward.lib.grant
import data.modelward.lib.owner

# METADATA
# description: Refuses a model that the user's list does not cover.
deny contains message if {
	some model in input.request.models
	not _passes(model)
	message := $"the user of this caller may not call model `{model}`; GET /v1/models lists what this caller may call"
}

# METADATA
# description: What covers each model.
grants := {model: cover | some model in input.request.models; cover := grant.cover(list, model)}

# METADATA
# description: The list that binds.
list := input.caller.user.models if owner.binds

_passes(_) if not owner.binds

_passes(model) if grants[model]
