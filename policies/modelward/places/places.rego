# METADATA
# title: Places
# description: >-
#   Where a request may go that names no model, as one about files or containers - the deployments that the caller can see
#   (C6) and that every list which binds the caller leaves open. A list leaves a deployment open as it covers a model - it
#   may name a model of the deployment's entry, or else holds an access group that the deployment itself carries (C8).
# custom:
#   differs: [C8]
package modelward.places

import data.modelward.lib.catalog
import data.modelward.lib.grant
import data.modelward.lib.likeness
import data.modelward.lib.pattern
import data.modelward.verdict

# METADATA
# description: The ids of the deployments; none for a request that is not about objects.
default ids := set()

ids := open if {
	input.request.operation == "state"
	every subject in _subjects {
		_has_list(subject)
	}
	open := _open with input.request.models as [models[0] | some models in _classes]
}

# A list that is missing leaves nothing open.
_subjects := array.concat(
	[
		input.caller.key,
		input.caller.team,
		input.caller.member,
		input.caller.user,
		input.caller.project,
		input.customer,
	],
	[subject | some records in [input.caller.owner_teams, input.caller.organizations]; some subject in records],
)

_has_list(null)

_has_list(subject) if is_array(subject.models)

_has_list(member) if is_array(member.allowed_models)

_open := {id |
	some id, groups in data.catalog.common.entries[_].deployments
	_is_open(id, groups)
} | {id |
	some id, groups in data.catalog.teams[_team].entries[_].deployments
	_is_open(id, groups)
}

_team := input.caller.team.team_id

_is_open(id, groups) if {
	every rule, _ in _narrowing {
		_opens(rule, id, groups)
	}
}

_narrowing := {rule: list | some rule, list in verdict.lists; not _leaves_all(list)} if is_object(verdict.lists)

_opens(rule, _, groups) if {
	some group, _ in groups
	_granted[rule][group]
}

_opens(rule, id, _) if _named[rule][id]

_opens(rule, id, _) if _reached[rule][id]

_granted := {rule: {item | some item in list} | some rule, list in _narrowing}

_leaves_all(list) if grant.open(list)

_leaves_all(list) if {
	some item in list
	item in {"*", "all-proxy-models"}
}

# Each name that may be asked for is held against the lists, as if the request named it; of those that are alike, one. A
# rule that does not say `alike` may have a list that is not the caller's, which tells names apart that are alike else.
_classes := [[model | some model in alike] | some alike in classes] if {
	every rule, _ in _narrowing {
		data.catalog.alike[rule]
	}
	classes := likeness.classes with input.request.models as _names
} else := [[model] | some model in _names]

_names := [name | some name in ((_entry_names | _alias_names) | _items)]

_entry_names contains name if {
	some name, _ in data.catalog.common.entries
	not contains(name, "*")
}

_entry_names contains name if {
	some name, _ in data.catalog.teams[_team].entries
	not contains(name, "*")
}

_alias_names contains name if some name, _ in data.catalog.aliases

_alias_names contains name if some name, _ in input.caller.key.aliases

_alias_names contains name if some name, _ in input.caller.team.model_aliases

# An empty item is no name.
_items contains item if {
	some list in _narrowing
	some item in list
	is_string(item)
	item != ""
	not contains(item, "*")
}

_named := {rule: named |
	some rule, list in _narrowing
	named := {id |
		some models in _classes
		grant.cover(list, models[0]).groups == []
		some place, model in models
		some id, _ in _deployments(place, model)
	}
}

# Names that are alike are those of common entries.
_deployments(0, model) := catalog.entry[model].deployments

_deployments(place, model) := data.catalog.common.entries[model].deployments if place > 0

# A pattern leaves open what it may name of a wildcard entry, however few of the names fit both.
_reached := {rule: reached |
	some rule, list in _narrowing
	reached := {id |
		some item in list
		contains(item, "*")
		some [rank, name, id] in _wild
		_reaches(item, name, rank)
	}
}

_wild contains [rank, name, id] if {
	some [rank, name] in _common_wildcards
	some id, _ in data.catalog.common.entries[name].deployments
}

_wild contains [rank, name, id] if {
	some [rank, name] in _own_wildcards
	some id, _ in data.catalog.teams[_team].entries[name].deployments
}

_common_wildcards contains [wildcard.rank, wildcard.name] if some wildcard in data.catalog.common.wildcards[_]

_own_wildcards contains [wildcard.rank, wildcard.name] if some wildcard in data.catalog.teams[_team].wildcards[_]

_reaches(item, name, rank) if {
	_meet(item, name)
	not _is_answered(item, rank)
}

# A bare name counts under each of its providers too, as the caller asks for it and as the entry is looked up (G5, C3).
_reaches(item, name, rank) if {
	not contains(item, "/")
	not _is_answered(item, null)
	some provider in _providers
	_meet($"{provider}/{item}", name)
	not _is_answered($"{provider}/{item}", rank)
}

_reaches(item, name, _) if {
	not contains(name, "/")
	some provider in _providers
	_meet(item, $"{provider}/{name}")
}

# Two patterns have a name in common if what is before their first `*`, and behind their last, fits together.
_meet(one, other) if {
	parts := [split(one, "*"), split(other, "*")]
	_one_begins_the_other([each[0] | some each in parts])
	_one_ends_the_other([each[count(each) - 1] | some each in parts])
}

_one_begins_the_other(texts) if startswith(texts[0], texts[1])

_one_begins_the_other(texts) if startswith(texts[1], texts[0])

_one_ends_the_other(texts) if endswith(texts[0], texts[1])

_one_ends_the_other(texts) if endswith(texts[1], texts[0])

# Whether another wildcard entry answers all names of the pattern: a more specific one, or of any rank (C3).
_is_answered(item, rank) if {
	some [other, name] in (_common_wildcards | _own_wildcards)
	_comes_before(other, rank)
	pattern.matches(name, item)
}

_comes_before(_, null)

_comes_before(other, rank) if other < rank

_providers contains provider if some provider in data.catalog.providers[_]

_providers contains provider if some provider in data.catalog.provider_names[_]
