# METADATA
# title: The catalogue
# description: What a name means to this caller. Aliases first, then the caller's team, then all (C3, C5-C7).
# custom:
#   differs: [C3, C5, C6, C7, M8]
package modelward.lib.catalog

import data.modelward.lib.pattern
import data.modelward.lib.provider
import data.modelward.lib.spelling

# METADATA
# description: >-
#   The entry that each requested model resolves to, with its groups, its deployments, those that take no calls, and the
#   name that led to it.
#   Undefined for an unknown model.
entry := {model: found |
	some model, [_, final, public] in _meanings
	_askable(model, final)
	found := _resolved(public)
}

# METADATA
# description: The items of a list that name a requested model - itself, or for an alias its target (G2, G3).
names := {model: named |
	some model, [own, _, public] in _meanings
	named := {"all-proxy-models", own, public} | _synonyms(public)
}

# METADATA
# description: What each requested model is called after the aliases of the key and the team, which lists must cover (C5).
own_names := {model: own | some model, [own, _, _] in _meanings}

# METADATA
# description: The names that a pattern may match; a bare name counts under each of its providers too (G5).
pattern_names := {model: all_names |
	some model, [own, _, public] in _meanings
	plain := {own, public} | _synonyms(public)
	under_provider := {$"{owner}/{name}" |
		some name in plain
		some owner in provider.of(name)
	}
	all_names := plain | under_provider
}

# METADATA
# description: Requested models that only a wildcard entry matches which does not answer them (M8).
respelled contains model if {
	some model, [_, final, public] in _meanings
	_askable(model, final)
	not entry[model]
	some name in array.concat([public], _under_providers(public))
	count(_matching(name)) > 0
}

# METADATA
# description: The names a listing asks about. Hidden aliases are not among them, patterns only on request (V1).
candidates contains name if {
	some name, _ in data.catalog.common.kinds
	not data.catalog.aliases[name].hidden
}

candidates contains name if {
	some name, _ in data.catalog.teams[_team].entries
	_shown(name)
	not data.catalog.aliases[name].hidden
}

candidates contains name if {
	some name in _patterns
	_shown(name)
}

candidates contains name if {
	some name in _alias_names
	not contains(name, "*")
}

# METADATA
# description: The access groups of the entries that this caller's team and everybody may see.
candidate_groups contains group if {
	some name in ({kind | some kind in data.catalog.common.kinds} | _patterns)
	some group, _ in data.catalog.common.entries[name].groups
}

candidate_groups contains group if some group, _ in data.catalog.teams[_team].entries[_].groups

_patterns := {wildcard.name | some wildcard in data.catalog.common.wildcards[_]}

_alias_names contains name if some name, _ in input.caller.key.aliases

_alias_names contains name if some name, _ in input.caller.team.model_aliases

_alias_names contains name if {
	some name, alias in data.catalog.aliases
	alias.hidden == false
}

_shown(name) if not contains(name, "*")

_shown(_) if _patterns_asked

_patterns_asked if {
	input.request.operation == "list"
	input.request.wildcards == true
}

# What a name stands for. A key's alias, then a team's, gives way to its target at every layer; a global one is judged
# beside its target; a name of the team's own entry counts as the public one.
_meanings := {model: [own, final, public] |
	some model in input.request.models
	own := _own(model)
	final := _final(own)
	public := _public(final)
}

# An alias that has the name of a group, or a `*`, can never be asked for, so it stands for nothing (C7, M3).
_own(name) := name if {
	_without_aliases
} else := target if {
	_is_model(name)
	after_key := object.get(input.caller, ["key", "aliases", name], name)
	target := object.get(input.caller, ["team", "model_aliases", after_key], after_key)
} else := name

_without_aliases if {
	input.caller.key.aliases == {}
	input.caller.team.model_aliases == {}
}

_without_aliases if {
	input.caller.key.aliases == {}
	is_null(input.caller.team)
}

_final(name) := target if {
	target := data.catalog.aliases[name].target
	_is_model(name)
} else := name

_public(name) := public if {
	public := data.catalog.teams[_team].names[name]
} else := name

_synonyms(public) := {name | data.catalog.teams[_team].names[name] == public}

_team := input.caller.team.team_id

# Patterns, group names and special names are not model names, unless an entry has that very name (C7, M3). Such a name
# has no other meaning, so `final` decides. The second and third body cost time, and are for names that are
# reserved, and for a listing's patterns.
_askable(_, final) if {
	not contains(final, "*")
	_reserved_are_known
	not data.catalog.reserved[final]
}

_askable(_, final) if _is_model(final)

_askable(model, model) if {
	contains(model, "*")
	_patterns_asked
}

_is_model(name) if {
	not contains(name, "*")
	_reserved_are_known
	not data.catalog.reserved[name]
}

_is_model(name) if {
	not contains(name, "*")
	_exact(_public(name))
}

# The special names are always among them.
_reserved_are_known if data.catalog.reserved["all-proxy-models"]

# A bare name is looked up under its providers only where nothing has the name itself: the exact entry of the first of
# them, else the most specific wildcard entry under any.
_resolved(name) := found if {
	found := _exact(name)
} else := found if {
	found := _widest([name])
} else := found if {
	found := [exact | some spelled in _under_providers(name); exact := _exact(spelled)][0]
} else := _widest(_under_providers(name))

_under_providers(name) := [$"{owner}/{name}" | some owner in provider.of(name)]

# The catalogue is only ever read by whole references. Held in a variable, all of it would be copied for each decision.
_exact(name) := found if {
	found := _described(name, name, data.catalog.teams[_team].entries[name])
} else := _described(name, name, data.catalog.common.entries[name])

# The most specific wildcard entry that matches is the one of the lowest rank, the team's (place 0) before a common one.
_widest(names) := found if {
	[rank, place, best, index] := min({[rank, place, best, index] |
		some index, name in names
		some [rank, place, best] in _matching(name)
	})
	_answers(place, best, rank, names[index])
	found := _wildcard(names[index], place, best)
}

# A wildcard entry does not answer another spelling of a narrower entry's name, as it would lead to the same model (M8).
_answers(place, best, rank, name) if {
	every fill in _fills(place, best) {
		_spelled_are_known(place, best)
		folding := data.catalog.foldings[fill.folding]
		spelled := spelling.upstream(fill, name)
		key := spelling.key(folding, spelled)
		not _is_spelled(place, best, $"{fill.folding}:{key}")
		not _narrower(fill, folding, rank, spelled)
	}
}

_fills(0, best) := data.catalog.teams[_team].fills[best]

_fills(1, best) := data.catalog.common.fills[best]

_spelled_are_known(0, best) if data.catalog.teams[_team].spelled[best][""]

_spelled_are_known(1, best) if data.catalog.common.spelled[best][""]

_is_spelled(_, best, key) if data.catalog.teams[_team].spelled[best][key]

_is_spelled(1, best, key) if data.catalog.common.spelled[best][key]

_narrower(fill, folding, rank, spelled) if {
	fill.narrower == true
	some form in spelling.forms(folding, spelled)
	some name in _names_of(fill, form)
	some [other, _, wildcard] in _matching_as(folding.case, name)
	other < rank
	not _is_beside(fill, wildcard)
}

# What may be before the model without end, such as an ARN, is not among the forms: such a name is answered only by the
# entry that answers the others too.
_narrower(fill, folding, rank, spelled) if {
	folding.last_of != ""
	startswith(lower(spelled), folding.last_of)
	some form in spelling.forms(folding, spelled)
	some name in _names_of(fill, form)
	min({other | some [other, _, _] in _matching_as(folding.case, name)}) > rank
}

# An entry over all models of a provider is no narrower than the one over the same under the provider's other word.
_is_beside(fill, wildcard) if {
	fill.name[0] != ""
	some prefix in fill.beside
	wildcard == $"{prefix}*"
}

_names_of(fill, form) := {name | name := spelling.name(fill, form)} | {$"{prefix}{form}" | some prefix in fill.beside}

_matching_as(false, name) := _matching(name)

_matching_as(true, name) := _matching_folded(lower(name))

_matching_folded(name) := {[wildcard.rank, 0, wildcard.name] |
	some length in data.catalog.teams[_team].lengths
	some wildcard in data.catalog.teams[_team].folded[substring(name, 0, length)]
	pattern.matches(wildcard.name, name)
} | {[wildcard.rank, 1, wildcard.name] |
	some length in data.catalog.common.lengths
	some wildcard in data.catalog.common.folded[substring(name, 0, length)]
	pattern.matches(wildcard.name, name)
}

_wildcard(name, 0, best) := _described(name, best, data.catalog.teams[_team].entries[best])

_wildcard(name, 1, best) := _described(name, best, data.catalog.common.entries[best])

_matching(name) := _matching_own(name) | _matching_common(name)

_matching_own(name) := {[wildcard.rank, 0, wildcard.name] |
	some length in data.catalog.teams[_team].lengths
	some wildcard in data.catalog.teams[_team].wildcards[substring(name, 0, length)]
	pattern.matches(wildcard.name, name)
}

_matching_common(name) := {[wildcard.rank, 1, wildcard.name] |
	some length in data.catalog.common.lengths
	some wildcard in data.catalog.common.wildcards[substring(name, 0, length)]
	pattern.matches(wildcard.name, name)
}

_described(model, name, record) := {
	"model": model,
	"name": name,
	"deployments": record.deployments,
	"out_of_service": record.out_of_service,
	"groups": record.groups,
}
