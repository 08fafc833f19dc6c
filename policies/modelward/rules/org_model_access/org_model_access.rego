# METADATA
# title: The organization's list covers the model
# description: The list of the caller's own organization binds, if it is not empty.
# custom:
#   spec: [L6, G1, E2]
#   differs: [L6]
#   order: 1010
#   layer: org
#   record: organization
#   remedy: add_models
#   advice: ask for the model on the caller's organization
#   alike: true
package modelward.rules.org_model_access

import data.modelward.lib.caller
import data.modelward.lib.grant
import data.modelward.lib.token

# METADATA
# description: Refuses a model that the organization's list does not cover.
deny contains message if {
	some model in input.request.models
	not _passes(model)
	message := $"the organization of this caller may not call model `{model}`; GET /v1/models lists what this caller may call"
}

# METADATA
# description: What covers each model.
grants := {model: cover | some model in input.request.models; cover := grant.cover(list, model)}

# METADATA
# description: The list that binds.
list := _organization.models

_organization := input.caller.organizations[_organization_id] if not _is_admins_token

_organization_id := input.caller.key.organization_id if not caller.is_token

_organization_id := input.caller.token.organization_id if caller.is_token

_is_admins_token if {
	caller.is_token
	token.is_admin
}

_passes(_) if caller.is_master

_passes(_) if _is_admins_token

_passes(_) if is_null(_organization_id)

_passes(model) if grants[model]
