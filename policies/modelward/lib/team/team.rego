# METADATA
# title: The list of a team
# description: A team's own list, with what access groups add to it (G7, G9).
package modelward.lib.team

import data.modelward.lib.access_group
import data.modelward.lib.catalog
import data.modelward.lib.grant

# METADATA
# description: The team's list with the models of its groups, and of those groups of the key that are assigned to the team or to the key.
list(team) := own if {
	own := access_group.extended(team.models, team.access_group_ids)
	grant.open(own)
} else := array.concat(access_group.extended(team.models, team.access_group_ids), _lifting(team))

# METADATA
# description: Whether the list leaves everything in the catalogue open (G7).
has_everything(team) if {
	is_array(team.models)
	"all-team-models" in team.models
}

# METADATA
# description: What covers `model` in the team's list, as `grant.cover` says it.
cover(team, model) := {"by": "all-team-models", "groups": []} if {
	has_everything(team)
	catalog.entry[model]
} else := grant.cover(list(team), model)

_lifting(team) := [model |
	some id in input.caller.key.access_group_ids
	group := input.caller.access_groups[id]
	_assigned(group, team)
	some model in group.access_model_names
]

_assigned(group, team) if team.team_id in group.assigned_team_ids

_assigned(group, _) if input.caller.key.token in group.assigned_key_ids
