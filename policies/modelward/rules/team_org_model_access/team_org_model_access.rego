# METADATA
# title: The list of the team's organization covers the model
# description: The list of the organization of the caller's team binds, if it is not empty; the refusal is the organization's.
# custom:
#   spec: [L6, G1, E2]
#   differs: [L6]
#   order: 1020
#   type: org_model_access_denied
#   param: model
#   layer: org
#   record: team_organization
#   remedy: add_models
#   advice: ask for the model on the team's organization
#   alike: true
package modelward.rules.team_org_model_access

import data.modelward.lib.grant

# METADATA
# description: Refuses a model that the organization's list does not cover.
deny contains message if {
	some model in input.request.models
	not _passes(model)
	message := $"the organization of this caller's team may not call model `{model}`; GET /v1/models lists what this caller may call"
}

# METADATA
# description: What covers each model.
grants := {model: cover | some model in input.request.models; cover := grant.cover(list, model)}

# METADATA
# description: The list that binds.
list := _organization.models

_organization := input.caller.organizations[input.caller.team.organization_id]

_passes(_) if is_null(input.caller.team)

_passes(_) if is_null(input.caller.team.organization_id)

_passes(model) if grants[model]
