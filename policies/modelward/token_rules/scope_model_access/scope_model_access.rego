# METADATA
# title: The token's scopes cover the model
# description: With `enforce_scope_based_access` the mapped scopes of the token, together, must cover every model; admins too.
# custom:
#   spec: [R5, R6]
#   differs: [R5]
#   order: 1120
#   type: auth_error
#   record: scope
#   remedy: add_scope_models
#   advice: get a token with a scope that has the model
#   alike: true
package modelward.token_rules.scope_model_access

import data.modelward.lib.grant
import data.modelward.lib.route

# METADATA
# description: Refuses a model that no scope of the token covers.
deny contains message if {
	some model in input.request.models
	not _passes(model)
	message := $"the scopes of this token do not cover model `{model}`; GET /v1/models lists what this caller may call"
}

# METADATA
# description: What covers each model.
grants := {model: cover | some model in input.request.models; cover := grant.cover(list, model)}

# METADATA
# description: The list that binds.
list := array.concat([""], _held) if not _open

_held := [item |
	some mapping in data.catalog.tokens.scopes
	mapping.scope in input.caller.token.scopes
	_counts(mapping)
	some item in mapping.models
]

_counts(mapping) if is_null(mapping.routes)

_counts(mapping) if {
	input.request.operation != "list"
	route.covers(mapping.routes)
}

# A listing shows what may be called, on whichever route that may be (V2).
_counts(mapping) if {
	input.request.operation == "list"
	route.covers_a_call(mapping.routes)
}

_open if data.catalog.tokens.enforce_scopes == false

_passes(_) if _open

_passes(model) if grants[model]
