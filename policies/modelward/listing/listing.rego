# METADATA
# title: What a caller may see
# description: Asks the same decision for each name of the catalogue, so that a listing shows what the gate allows (V1-V3).
# custom:
#   differs: [V1]
package modelward.listing

import data.modelward.access
import data.modelward.lib.caller
import data.modelward.lib.catalog
import data.modelward.lib.grant
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
models := sort([model | some model in catalog.candidates; _callable(model)]) if not caller.is_token

models := sort([model | some model in _candidates; _callable_as_shown(model)]) if caller.is_token

# METADATA
# description: The groups of the catalogue that every list that applies holds or leaves open (V3).
groups := sort([group | some group in access.groups; _held(group)])

_callable(model) if access.allow with input.request.models as [model]

_held(group) if {
	every list in access.lists {
		grant.holds(list, group)
	}
}

# A token may be judged for one team in one call and for another in the next: each name is shown for the team that calls it.
_callable_as_shown(model) if {
	standing := access.standing with input.request.models as [model]
	standing.allow
	_shows(standing.team, model)
}

_shows(team, model) if model in _own_names[team.team_id]

_shows(_, model) if model in _common_names

_candidates := union({names | names := _own_names[_]}) | _common_names

_common_names := names if names := catalog.candidates with input.caller.team as null

_own_names := {id: names |
	some id, team in input.caller.records.teams
	not token_caller.is_plain(team)
	names := catalog.candidates with input.caller.team as team
}
