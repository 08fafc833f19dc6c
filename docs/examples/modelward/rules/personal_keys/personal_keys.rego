# METADATA
# title: Personal keys call the default models
# description: A key without a team calls models of the group `default-models`, and no others.
package modelward.rules.personal_keys

import data.modelward.lib.caller
import data.modelward.lib.grant

# METADATA
# description: Refuses a key without a team every other model.
deny contains message if {
	some model in input.request.models
	not _permitted(model)
	message := $"a key without a team may not call model `{model}`; use a key of your team"
}

# METADATA
# description: What covers each model.
grants := {model: cover | some model in input.request.models; cover := grant.cover(list, model)}

# METADATA
# description: The list that binds a key without a team; listings and `explain` show it.
list := ["default-models"] if is_null(input.caller.key.team_id)

_permitted(_) if caller.has_no_key

_permitted(_) if is_string(input.caller.key.team_id)

_permitted(model) if grants[model]
