# METADATA
# title: Models that are judged alike
# description: >-
#   Puts requested models together that no rule on lists can tell apart, so that one decision answers for all of them. Those
#   are entries for everybody with the same access groups and providers, as far as the caller's records name these, which
#   the same lists of the caller name and the same patterns match. Any other name is by itself.
package modelward.lib.likeness

import data.modelward.lib.caller
import data.modelward.lib.pattern
import data.modelward.lib.provider

# METADATA
# description: The requested models in sets of those that are alike.
classes := [models | some _, models in _classes]

_classes[_class(model)] contains model if some model in input.request.models

# The key of most has nothing but the name of an entry, which costs least.
_class(model) := _like[data.catalog.common.kinds[model]] if {
	_is_plain(model)
	not _mentions[model]
	not _matching[model]
} else := [_like[data.catalog.common.kinds[model]], _mentioned(model), _matched(model)] if {
	_is_plain(model)
} else := [model]

# A name that means to this caller just the common entry of that name.
_is_plain(model) if {
	data.catalog.common.kinds[model]
	not data.catalog.aliases[model]
	not _of_teams[model]
}

_of_teams := {name | some id in _team_ids; some name, _ in data.catalog.teams[id].names}

_team_ids contains input.caller.team.team_id

_team_ids contains id if some id, _ in input.caller.records.teams

# Where the caller's records hold a text: in which list, in which field, or as which field's name. It is made as a whole:
# an OPA server would make each of its keys anew.
_mentions := _places

_places[text] contains _place(path) if {
	walk(_documents, [path, text])
	is_string(text)
}

_places[name] contains ["the name of", path] if {
	walk(_documents, [path, _])
	name := path[count(path) - 1]
	is_string(name)
}

_documents := [object.get(input, "caller", null), object.get(input, "customer", null), _settings]

_settings := data.catalog.tokens if {
	caller.is_token
} else := null

# All items of a list have one place.
_place(path) := array.slice(path, 0, count(path) - 1) if {
	is_number(path[count(path) - 1])
} else := path

_mentioned(model) := _mentions[model] if {
	_mentions[model]
} else := set()

_matched(model) := _matching[model] if {
	_matching[model]
} else := set()

# The patterns that tell the models apart; `*` matches all.
_patterns := {text: split(text, "*")[0] | some text, _ in _mentions; contains(text, "*"); text != "*"}

_matching := _fitting

_fitting[model] contains text if {
	some text, prefix in _patterns
	some model in input.request.models
	startswith(model, prefix)
	pattern.matches(text, model)
}

_fitting[model] contains text if {
	some text, _ in _patterns
	some model in _bare
	some owner in _owners[data.catalog.common.kinds[model]]
	pattern.matches(text, $"{owner}/{model}")
}

_bare := [model |
	count(_patterns) > 0
	some model in input.request.models
	_owners[data.catalog.common.kinds[model]]
]

# Entries of one kind have the same providers (C4).
_owners := {name: owners |
	some _, names in _alike
	some name in names
	owners := _providers(name)
	count(owners) > 0
}

# Of each kind one entry, as far as the caller's records name the kind's groups.
_like := {name: min(names) | some _, names in _alike; some name in names}

_alike[_groups(name)] contains name if some name in {kind | some kind in data.catalog.common.kinds}

_groups(name) := {
	"served": {_named(groups) | some groups in data.catalog.common.entries[name].deployments},
	"unserved": {[each.why, _named(each.groups)] | some each in data.catalog.common.entries[name].out_of_service},
	"providers": _providers(name),
}

_providers(name) := provider.of(name) if {
	not contains(name, "/")
} else := []

_named(groups) := {group | some group, _ in groups; _mentions[group]}
