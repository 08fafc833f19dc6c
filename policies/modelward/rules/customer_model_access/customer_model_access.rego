# METADATA
# title: The customer's list covers the model
# description: The list of the customer whom the request names binds, if it is not empty.
# custom:
#   spec: [L7, E2]
#   order: 810
#   record: customer
#   remedy: add_models
#   advice: ask for the model on the customer
#   alike: true
package modelward.rules.customer_model_access

import data.modelward.lib.grant

# METADATA
# description: Refuses a model that the customer's list does not cover.
deny contains message if {
	some model in input.request.models
	not _passes(model)
	message := $"the customer that the request names may not call model `{model}`; GET /v1/models lists what this caller may call"
}

# METADATA
# description: What covers each model.
grants := {model: cover | some model in input.request.models; cover := grant.cover_only(list, model)}

# METADATA
# description: The list that binds.
list := input.customer.models if input.customer.models != []

_passes(_) if is_null(input.customer)

_passes(_) if input.customer.models == []

_passes(model) if grants[model]
