# METADATA
# title: Whom a token stands for
# description: Chooses the user and the team of a token among the records that come with it (R7, R8).
package modelward.token_caller

import data.modelward.lib.catalog
import data.modelward.lib.fallback
import data.modelward.lib.route
import data.modelward.lib.team as team_list
import data.modelward.lib.token
import data.modelward.rules.team_model_access

# METADATA
# description: The caller of the input with the team, member and user that its token stands for.
caller := object.union(object.remove(input.caller, object.keys(_chosen_records)), _chosen_records)

# METADATA
# description: >-
#   The record of the user, null if there is none. With `user_id_upsert` an unknown user is one without lists. An admin's
#   token has its user's life, and none of its lists (R6).
user := input.caller.records.users[token.user_id] if {
	input.caller.records.users[token.user_id]
} else := _new_user if {
	data.catalog.tokens.unknown_users == true
} else := null

# METADATA
# description: Where the team comes from - the first source that is there (R7) - and its id, null where the source gives none.
origin := {"source": "admin", "id": null} if {
	token.is_admin
} else := {"source": "header", "id": _chosen} if {
	is_string(input.caller.token.chosen_team_id)
} else := {"source": "object", "id": input.caller.token.object_id} if {
	token.mapped_role == "team"
	is_string(input.caller.token.object_id)
} else := {"source": "claim", "id": _claimed} if {
	claims_team
	not _passed_over
} else := {"source": "list", "id": _first_allowing} if {
	input.caller.token.team_ids != []
} else := {"source": "list", "id": null} if {
	data.catalog.tokens.enforce_team == true
} else := {"source": "user", "id": user.teams[0]} if {
	count({id | some id in user.teams}) == 1
} else := {"source": "none", "id": null}

# METADATA
# description: The record of the team, null if there is none.
team := input.caller.records.teams[origin.id] if {
	input.caller.records.teams[origin.id]
} else := null

# METADATA
# description: The user's own scope in the team, null if it has none (L3).
member := found if {
	found := _members[0]
} else := null

# METADATA
# description: >-
#   A claim for one team is configured, or the config's default stands in for one. With a default a token need not have
#   that claim beside a list of teams.
claims_team if {
	input.caller.token.expects_team == true
	not _list_will_do
}

claims_team if token.team_id

claims_team if is_string(input.caller.token.team_alias)

# METADATA
# description: The claim for one team is not there, nor a default for it.
lacks_claim if {
	not token.team_id
	_claims_no_single_team
}

_list_will_do if {
	_claims_no_single_team
	is_string(input.caller.token.team_id_default)
	count(input.caller.token.team_ids) > 0
}

_claims_no_single_team if {
	is_null(input.caller.token.team_id)
	is_null(input.caller.token.team_alias)
}

_chosen_records := {
	"team": team,
	"member": member,
	"user": user,
	"owner_teams": _owner_teams,
	"origin": origin,
}

_new_user := {
	"user_id": token.user_id,
	"user_role": null,
	"models": [],
	"teams": [],
	"metadata": {},
}

_chosen := input.caller.token.chosen_team_id if {
	input.caller.token.chosen_team_id in token.teams
} else := null

_claimed := token.team_id if {
	token.team_id
} else := input.caller.records.teams_of_alias[0] if {
	count(input.caller.records.teams_of_alias) == 1
} else := null

# An unknown team of a claim gives way to the next source, where the config says so.
_passed_over if {
	data.catalog.tokens.team_claim_fallback == true
	not lacks_claim
	not input.caller.records.teams[_claimed]
}

# Where a fallback needs no list of models, a team that does not cover it serves too, after those that do (F2).
_first_allowing := id if {
	id := _first(_allowing)
} else := id if {
	fallback.is_waived
	id := _first(_usable)
} else := null

# A team may cover a name that only another one knows (C6): the first that knows all of them comes first.
_first(ids) := id if {
	id := [knowing | some knowing in ids; _knows_all(knowing)][0]
} else := ids[0]

_allowing := [id | some id in _usable; _allows_all(id)]

_usable := [id |
	some id in input.caller.token.team_ids
	input.caller.records.teams[id].blocked == false
] if {
	route.covers(data.catalog.tokens.team_allowed_routes)
} else := []

# With many teams `with` for each costs too much: what a name means is asked once for all to whom it means the same.
_allows_all(id) if {
	_alike[id]
	every model in input.request.models {
		team_list.cover(input.caller.records.teams[id], model)
	}
}

_allows_all(id) if {
	not _alike[id]
	count(team_model_access.deny) == 0 with input.caller.team as input.caller.records.teams[id]
}

_knows_all(id) if {
	_alike[id]
	every model in input.request.models {
		catalog.entry[model]
	}
}

_knows_all(id) if {
	not _alike[id]
	known := catalog.entry with input.caller.team as input.caller.records.teams[id]
	every model in input.request.models {
		known[model]
	}
}

# The teams to which the requested names mean the same as to a caller without a team.
_alike := {id | some id in _usable; _means_the_same(input.caller.records.teams[id])}

_means_the_same(candidate) if is_plain(candidate)

_means_the_same(candidate) if {
	is_null(input.caller.team)
	every model in input.request.models {
		not candidate.model_aliases[model]
		not data.catalog.teams[candidate.team_id].names[model]
		not data.catalog.teams[candidate.team_id].names[_common[model]]
	}
}

# Requested names that lead to a common entry of just that name, or of their global alias's target. What else a team may
# have of its own changes nothing for these.
_common[model] := final if {
	some model in input.request.models
	final := _final(model)
	data.catalog.common.kinds[final]
}

_final(model) := target if {
	target := data.catalog.aliases[model].target
} else := model

# METADATA
# description: >-
#   What a name means is the same for all teams without aliases and entries of their own, and for a caller without a
#   team.
is_plain(candidate) if {
	is_null(input.caller.team)
	candidate.model_aliases == {}
	not data.catalog.teams[candidate.team_id]
}

_members := [found |
	some found in input.caller.records.members
	found.team_id == team.team_id
	found.user_id == user.user_id
]

default _owner_teams := []

_owner_teams := [found |
	some id in user.teams
	found := input.caller.records.teams[id]
] if {
	data.catalog.settings.personal_keys_from_teams == true
	is_null(team)
}
