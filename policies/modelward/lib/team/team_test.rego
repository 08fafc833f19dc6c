package modelward.lib.team_test

import data.modelward.lib.team
import data.modelward.testing_test as given

test_the_list_is_unknown_while_the_teams_facts_are if {
	every path in ["/models", "/access_group_ids"] {
		not team.list(given.without(_listing(["gpt-4"]), path)) with input as given.call with data.catalog as given.catalog
	}
}

test_an_empty_list_covers_nothing_while_the_setting_is_unknown if {
	not team.cover(given.team("t1"), "gpt-4") with input as given.call
		with data.catalog as given.without(given.catalog, "/settings/empty_list")
}

test_a_group_lifts_nothing_while_its_assignments_are_unknown if {
	unsaid := json.remove(_with_group({}), ["/caller/access_groups/g1/assigned_team_ids", "/caller/access_groups/g1/assigned_key_ids"])
	_covered(unsaid, ["gpt-4o"]) == set()
}

test_a_group_lifts_nothing_while_the_key_does_not_say_its_groups if {
	unsaid := given.without(_with_group({"assigned_team_ids": ["t1"]}), "/caller/key/access_group_ids")
	_covered(unsaid, ["gpt-4o"]) == set()
}

test_a_group_of_the_key_that_is_assigned_to_another_lifts_nothing if {
	_covered(_with_group({"assigned_team_ids": ["t2"], "assigned_key_ids": ["k2"]}), ["gpt-4o"]) == set()
}

test_a_group_that_the_key_does_not_name_lifts_nothing if {
	unnamed := given.changed(_with_group({"assigned_team_ids": ["t1"], "assigned_key_ids": ["k1"]}), {"/caller/key/access_group_ids": []})
	_covered(unnamed, ["gpt-4o"]) == set()
}

test_a_group_of_the_key_that_is_assigned_to_the_team_lifts if {
	_covered(_with_group({"assigned_team_ids": ["t1"]}), ["gpt-4o"]) == {"gpt-4"}
}

test_a_group_of_the_key_that_is_assigned_to_the_key_lifts if {
	_covered(_with_group({"assigned_key_ids": ["k1"]}), ["gpt-4o"]) == {"gpt-4"}
}

test_a_group_of_the_team_adds_its_models if {
	own := given.changed(_listing(["gpt-4o"]), {"/access_group_ids": ["g1"]})
	cover := team.cover(own, "gpt-4") with input as given.changed(_with_group({}), {"/caller/key/access_group_ids": []})
		with data.catalog as given.catalog
	cover.by == "gpt-4"
}

test_a_team_with_groups_alone_holds_their_models_only if {
	own := given.changed(given.team("t1"), {"/access_group_ids": ["g1"]})
	team.list(own) == ["", "gpt-4"] with input as given.changed(_with_group({}), {"/caller/key/access_group_ids": []})
		with data.catalog as given.catalog
}

test_an_empty_list_stays_open_beside_a_group_that_lifts if {
	team.list(given.team("t1")) == [] with input as _with_group({"assigned_team_ids": ["t1"]}) with data.catalog as given.catalog
}

test_a_group_lifts_an_empty_list_that_grants_nothing if {
	team.list(given.team("t1")) == ["gpt-4"] with input as _with_group({"assigned_team_ids": ["t1"]})
		with data.catalog as given.changed(given.catalog, {"/settings/empty_list": "deny"})
}

test_all_team_models_is_everything_in_the_catalogue if {
	team.has_everything(_listing(["all-team-models"]))
	team.cover(_listing(["all-team-models"]), "gpt-4") == {"by": "all-team-models", "groups": []} with input as given.call
		with data.catalog as given.catalog
}

test_all_team_models_covers_no_unknown_name if {
	not team.cover(_listing(["all-team-models"]), "ghost") with input as given.asking(["ghost"])
		with data.catalog as given.catalog
}

test_no_other_list_is_everything if {
	every list in [[], ["*"], ["all-proxy-models"], null, {"models": "all-team-models"}] {
		not team.has_everything(_listing(list))
	}
}

_listing(models) := object.union(given.team("t1"), {"models": models})

_with_group(assigned) := given.changed(given.team_call, {
	"/caller/key/access_group_ids": ["g1"],
	"/caller/access_groups": {"g1": object.union(given.access_group("g1", ["gpt-4"]), assigned)},
})

# The requested models that the team's list covers.
_covered(asking, models) := {model |
	some model in asking.request.models
	team.cover(_listing(models), model) with input as asking with data.catalog as given.catalog
}
