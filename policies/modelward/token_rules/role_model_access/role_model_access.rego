# METADATA
# title: The role's models cover the model
# description: With `enforce_rbac` the models of the role in `role_permissions` bind; an empty list is nothing, none is any.
# custom:
#   spec: [R4, G1]
#   differs: [R4]
#   order: 1100
#   type: auth_error
#   record: role
#   remedy: add_role_models
#   advice: ask for the model on the role
#   alike: true
package modelward.token_rules.role_model_access

import data.modelward.lib.grant
import data.modelward.lib.token

# METADATA
# description: Refuses a model that the role may not call.
deny contains message if {
	some model in input.request.models
	not _passes(model)
	message := $"the role of this token may not call model `{model}`; GET /v1/models lists what this caller may call"
}

# METADATA
# description: What covers each model; a role without a list of its own covers every one.
grants := {model: cover | some model in input.request.models; cover := _cover(model)}

# METADATA
# description: The list that binds.
list := array.concat([""], token.permission.models) if not _open

_cover(model) := {"by": token.role, "groups": []} if {
	_open
} else := grant.cover(list, model)

_open if data.catalog.tokens.enforce_roles == false

_open if {
	is_object(data.catalog.tokens.roles)
	not token.permission
}

_open if is_null(token.permission.models)

_passes(_) if _open

_passes(model) if grants[model]
