package modelward.token_caller_test

import data.modelward.rules.team_model_access
import data.modelward.testing_test as given

# A listed team to which the requested names mean what they mean to all is weighed a shorter way than the others. One
# that has just these names as its own, each for itself, means the same by them, and is weighed the longer way.

test_no_plain_team_is_chosen_while_the_models_are_unknown if {
	unsaid := given.without(given.of_teams(given.token_call, ["t1"]), "/request/models")
	_origin(unsaid, given.catalog) == {"source": "list", "id": null}
}

test_a_team_that_the_input_brings_has_no_part_in_the_choice if {
	brought := object.union(given.team("t3"), {"model_aliases": {"gpt-4": "gpt-4o"}})
	every asked in _asked {
		_origin(given.changed(_weighing(asked), {"/caller/team": brought}), _shared) == _origin(_weighing(asked), _shared)
	}
}

test_a_plain_team_that_does_not_say_its_aliases_is_weighed_all_the_same if {
	every asked in _asked {
		unsaid := given.without(_weighing(asked), "/caller/records/teams/t1/model_aliases")
		_origin(unsaid, _shared) == _origin(_weighing(asked), _shared)
	}
}

test_a_plain_team_is_weighed_like_any_other if {
	every asked in _asked {
		_is_weighed_alike(asked, _shared)
	}
}

test_a_plain_team_without_a_list_is_weighed_like_any_other_whatever_that_means if {
	every setting in ["deny", null] {
		every models in [["gpt-4"], ["ghost"], ["gpt-4", "ghost"]] {
			_is_weighed_alike([[], models], given.changed(_shared, {"/settings/empty_list": setting}))
		}
	}
}

test_a_plain_team_is_chosen_exactly_where_its_list_allows_every_model if {
	chosen := {asked | some asked in _asked; _origin(_alone(asked), _shared).id == "t1"}
	chosen == {asked | some asked in _asked; _list_allows(asked)}
	count(chosen) > 0
	count(chosen) < count(_asked)
}

test_a_plain_team_that_knows_the_model_comes_before_a_later_one if {
	every models in [["gpt-4"], ["openai/o1-mini"], ["house"]] {
		_origin(_weighing([["*"], models]), _shared).id == "t1"
	}
}

test_a_plain_team_that_only_covers_the_name_comes_after_one_that_knows_it if {
	_origin(_weighing([["*"], ["theirs"]]), _shared).id == "t2"
	_origin(_weighing([["*"], ["ghost"]]), _shared).id == "t1"
}

test_a_team_with_aliases_or_entries_of_its_own_is_no_plain_one if {
	aliased := {"/caller/records/teams/t1/model_aliases": {"gpt-4": "ghost"}}
	_origin(given.changed(_weighing([["gpt-4"], ["gpt-4"]]), aliased), _shared).id == null
	own := given.changed(_shared, {"/teams/t1": given.scope({"ghost": {"d9": []}}, {}, {"gpt-4": "ghost"})})
	_origin(_weighing([["gpt-4"], ["gpt-4"]]), own).id == "t1"
	_origin(_weighing([["all-team-models"], ["ghost"]]), own).id == "t1"
	_origin(_weighing([["all-team-models"], ["ghost"]]), _shared).id == null
}

test_a_team_with_aliases_and_entries_for_other_names_is_weighed_like_any_other if {
	every asked in _asked {
		_origin(_with_others(asked), _others) == _origin(_weighing(asked), _shared)
	}
}

test_a_team_that_the_input_brings_has_no_part_in_weighing_one_with_names_of_its_own if {
	brought := object.union(given.team("t3"), {"model_aliases": {"gpt-4": "gpt-4o"}})
	every asked in _asked {
		_origin(given.changed(_with_others(asked), {"/caller/team": brought}), _others) == _origin(_weighing(asked), _shared)
	}
}

test_a_name_of_the_teams_own_is_weighed_as_the_team_means_it if {
	aliased := given.changed(_shared, {
		"/aliases/beta": {"target": "gpt-4", "hidden": false},
		"/teams/t1": given.scope({"beta": {"d9": []}}, {}, {"beta": "beta"}),
	})
	_origin(_weighing([["gpt-4"], ["beta"]]), aliased).id == "t1"
	_origin(_weighing([["gpt-4"], ["beta"]]), given.without(aliased, "/teams/t1")).id == null
}

test_an_alias_of_a_name_of_the_teams_own_is_weighed_as_the_team_means_it if {
	own := given.changed(_shared, {"/teams/t1": given.scope({"ours": {"d9": []}}, {}, {"gpt-4": "ours"})})
	_origin(_weighing([["ours"], ["house"]]), own).id == "t1"
	_origin(_weighing([["ours"], ["house"]]), _shared).id == null
}

test_a_team_that_knows_one_of_the_models_comes_after_one_that_knows_all if {
	asked := given.changed(_weighing([["*"], ["gpt-4", "theirs"]]), {"/caller/records/teams/t2/models": ["*"]})
	_origin(asked, _shared).id == "t2"
}

# Every list of team `t1` with every call.
_asked := {[list, models] |
	some list in [
		[],
		["gpt-4"],
		["*"],
		["gpt-*"],
		["openai/*"],
		["beta"],
		["house"],
		["all-team-models"],
		["ghost"],
		[""],
	]
	some models in [
		[],
		["gpt-4"],
		["openai/o1-mini"],
		["o1-mini"],
		["house"],
		["theirs"],
		["ghost"],
		["beta"],
	]
}

_shared := given.changed(given.catalog_of({"gpt-4": {"d1": ["beta"]}, "gpt-4o": {"d2": []}, "openai/*": {"d3": []}}, ["openai/*"]), {
	"/aliases": {"house": {"target": "gpt-4", "hidden": false}},
	"/teams/t2": given.scope({"theirs": {"d9": []}}, {}, {}),
})

_weighing([list, models]) := given.changed(given.of_teams(given.token_call, ["t1", "t2"]), {
	"/request/models": models,
	"/caller/records/teams/t1/models": list,
	"/caller/records/teams/t2/models": ["theirs"],
})

# Team `t1` with aliases and entries that none of the calls is about.
_with_others(asked) := given.changed(_weighing(asked), {"/caller/records/teams/t1/model_aliases": {"other": "ghost"}})

_others := given.changed(_shared, {"/teams/t1": given.scope({"ours": {"d8": []}}, {}, {"ours": "ours"})})

_alone(asked) := given.changed(_weighing(asked), {"/caller/token/team_ids": ["t1"]})

_list_allows([list, models]) if {
	of_team := given.changed(given.token_call, {
		"/request/models": models,
		"/caller/team": object.union(given.team("t1"), {"models": list}),
	})
	count(team_model_access.deny) == 0 with input as of_team with data.catalog as _shared
}

_is_weighed_alike(asked, source) if {
	long := given.changed(source, {"/teams/t1": given.scope({}, {}, {model: model | some model in asked[1]})})
	_origin(_weighing(asked), source) == _origin(_weighing(asked), long)
}
