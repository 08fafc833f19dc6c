# METADATA
# title: The catalogue
# description: What a name means to this caller. Aliases first, then the caller's team, then all (C3, C5-C7).
package modelward.lib.catalog

import data.modelward.lib.pattern
import data.modelward.lib.provider

# METADATA
# description: >-
#   The entry that each requested model resolves to, with its groups and deployments, and the name that led to it.
#   Undefined for an unknown model.
entry[model] := found if {
	some model in input.request.models
	final := _final(_own(model))
	_askable(model)
	_askable(final)
	found := _resolved(_public(final))
}

# METADATA
# description: The names by which a list may cover a requested model - itself, or for an alias its target (G3).
names[model] := {own, final, public} | _synonyms(public) if {
	some model in input.request.models
	own := _own(model)
	final := _final(own)
	public := _public(final)
}

# METADATA
# description: The names that a pattern may match; a bare name counts under its provider too (G5).
pattern_names[model] := plain | under_provider if {
	some model, plain in names
	under_provider := {$"{owner}/{name}" |
		some name in plain
		owner := provider.of(name)
	}
}

# METADATA
# description: The names a listing asks about. Hidden aliases are not among them, patterns only on request (V1).
candidates contains name if {
	some name in _nameable
	_shown(name)
}

# METADATA
# description: The access groups of the entries that this caller's team and everybody may see.
candidate_groups contains group if some group, _ in _scopes[_].entries[_].groups

_nameable contains name if some name, _ in _scopes[_].entries

_nameable contains name if some name, _ in input.caller.key.aliases

_nameable contains name if some name, _ in input.caller.team.model_aliases

_nameable contains name if {
	some name, alias in data.catalog.aliases
	alias.hidden == false
}

_shown(name) if not contains(name, "*")

_shown(_) if _patterns_asked

_patterns_asked if {
	input.request.operation == "list"
	input.request.wildcards == true
}

# A key's alias, then a team's, stands for its target at every layer; a global one is judged beside its target.
_own(model) := _team_target(_key_target(model))

_key_target(name) := target if {
	target := input.caller.key.aliases[name]
} else := name

_team_target(name) := target if {
	target := input.caller.team.model_aliases[name]
} else := name

_final(name) := target if {
	target := data.catalog.aliases[name].target
} else := name

_public(name) := public if {
	public := _team_scope.names[name]
} else := name

_synonyms(public) := {name | _team_scope.names[name] == public}

_team_scope := data.catalog.teams[input.caller.team.team_id]

_scopes := scopes if {
	scopes := [_team_scope, data.catalog.common]
} else := [data.catalog.common]

# Patterns, group names and special names are not model names, unless an entry bears that very name (C7, M3).
_askable(name) if {
	_shown(name)
	not _reserved(name)
}

_askable(name) if {
	_shown(name)
	_exact(name)
}

_reserved(name) if data.catalog.groups[name]

_reserved(name) if name in {"no-default-models", "all-team-models", "all-proxy-models"}

_resolved(name) := found if {
	found := _named(name)
} else := found if {
	owner := provider.of(name)
	found := _named($"{owner}/{name}")
}

_named(name) := found if {
	found := _exact(name)
} else := _widest(name)

_exact(name) := [_described(name, name, scope) | some scope in _scopes; scope.entries[name]][0]

# The most specific wildcard entry that matches is the one of the lowest rank.
_widest(name) := _described(name, best[2], _scopes[best[1]]) if {
	best := min([[wildcard.rank, place, wildcard.name] |
		some place, scope in _scopes
		some length in scope.lengths
		some wildcard in scope.wildcards[substring(name, 0, length)]
		pattern.matches(wildcard.name, name)
	])
}

_described(model, name, scope) := {
	"model": model,
	"name": name,
	"deployments": scope.entries[name].deployments,
	"groups": scope.entries[name].groups,
}
