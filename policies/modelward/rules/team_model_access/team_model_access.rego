# METADATA
# title: The team's list covers the model
# description: The team's list binds all its callers; `all-team-models` in it is every entry.
# custom:
#   spec: [L2, G1-G9]
#   order: 620
#   record: team
#   remedy: add_models
#   advice: ask for the model on the team
#   alike: true
package modelward.rules.team_model_access

import data.modelward.lib.team

# METADATA
# description: Refuses a model that the team's list does not cover.
deny contains message if {
	some model in input.request.models
	not _passes(model)
	message := $"the team of this caller may not call model `{model}`; GET /v1/models lists what this caller may call"
}

# METADATA
# description: What covers each model.
grants := {model: cover | some model in input.request.models; cover := team.cover(input.caller.team, model)}

# METADATA
# description: The list that binds.
list := team.list(input.caller.team) if not team.has_everything(input.caller.team)

_passes(_) if is_null(input.caller.team)

_passes(model) if grants[model]
