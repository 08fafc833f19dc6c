# METADATA
# title: What a caller may see
# description: Asks the same decision about each name of the catalogue, so that a listing shows what the gate allows (V1-V3).
# custom:
#   differs: [V1]
package modelward.listing

import data.modelward.access
import data.modelward.lib.caller
import data.modelward.lib.catalog
import data.modelward.lib.grant
import data.modelward.reach
import data.modelward.token_caller

# METADATA
# title: The models and groups shown to one caller
# entrypoint: true
listing := {
	"models": models,
	"groups": groups,
	"revision": data.catalog.revision,
}

# METADATA
# description: The names whose call would be allowed; patterns only where the request asks for them.
models := found if {
	not caller.is_token
	found := reach.models with input.request.models as [name | some name in catalog.candidates]
}

# A token may be judged for one team in one call and for another in the next: each name is shown for the team that calls it.
models := {model |
	some answer in found
	some model in answer.models
	_shows(answer.standing.team_id, model)
} if {
	caller.is_token
	found := reach.answers with input.request.models as [name | some name in _candidates]
}

# METADATA
# description: The groups of the catalogue that every list that applies holds or leaves open (V3).
groups := {group | some group in access.groups; _held(group)}

_held(group) if {
	every list in access.lists {
		grant.holds(list, group)
	}
}

_shows(team_id, model) if _own_names[team_id][model]

_shows(_, model) if _common_names[model]

_candidates := union({names | names := _own_names[_]}) | _common_names

_common_names := names if names := catalog.candidates with input.caller.team as null

_own_names := {id: names |
	some id, team in input.caller.records.teams
	not token_caller.is_plain(team)
	names := catalog.candidates with input.caller.team as team
}
