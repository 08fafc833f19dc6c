# METADATA
# title: One of the user's teams covers the model
# description: >-
#   With `personal_key_model_access_from_teams` a caller without a team needs a team of its user that covers the model. A
#   user without a record has no team.
# custom:
#   spec: [L11, L9]
#   order: 740
#   type: key_model_access_denied
#   param: model
#   layer: user
#   remedy: add_models_to_owner_team
#   advice: "no team of the owner has the model: ask for it on a team"
#   alike: true
package modelward.rules.user_team_models

import data.modelward.lib.grant
import data.modelward.lib.owner
import data.modelward.lib.team

# METADATA
# description: Refuses a model that no team of the user covers.
deny contains message if {
	some model in input.request.models
	not _passes(model)
	message := $"no team of this caller's user may call model `{model}`; GET /v1/models lists what this caller may call"
}

# METADATA
# description: What covers each model; a team that covers it without a group narrows nothing.
grants := {model: {"by": by, "groups": groups} |
	some model in input.request.models
	covers := [cover | some unblocked in _teams; cover := team.cover(unblocked, model)]
	by := covers[0].by
	groups := [group | every cover in covers { cover.groups != [] }; group := covers[_].groups[_]]
}

# METADATA
# description: The lists that bind, as one.
list := array.concat([""], [item | some unblocked in _teams; some item in _shown(unblocked)]) if _applies

_shown(unblocked) := ["*"] if {
	team.has_everything(unblocked)
} else := ["*"] if {
	grant.open(team.list(unblocked))
} else := team.list(unblocked)

_teams := [unblocked |
	_applies
	some unblocked in input.caller.owner_teams
	unblocked.blocked == false
]

_applies if {
	owner.needs_a_team
	not data.catalog.settings.personal_keys_from_teams == false
}

_passes(_) if not _applies

_passes(model) if grants[model]
