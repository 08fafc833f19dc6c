package modelward.access_test

import data.modelward.access
import data.modelward.listing
import data.modelward.testing_test as given

test_a_model_whose_provider_is_not_spoken_is_refused_in_its_name if {
	_refusals(given.call, _silent) == ["provider_not_spoken"]
	not access.allow with input as given.call with data.catalog as _silent
}

test_a_model_whose_provider_has_no_key_is_refused_in_its_name if {
	_refusals(given.call, _closed({"d9": {"why": "provider_not_configured", "groups": {}}})) == ["provider_not_configured"]
}

test_a_missing_key_is_named_before_a_provider_that_is_not_spoken if {
	both := {
		"d8": {"why": "provider_not_configured", "groups": {}},
		"d9": {"why": "provider_not_spoken", "groups": {}},
	}
	_refusals(given.call, _closed(both)) == ["provider_not_configured"]
}

test_a_reason_that_is_not_known_is_refused_too if {
	not access.allow with input as given.call with data.catalog as _closed({"d9": {"why": "weather", "groups": {}}})
	not access.allow with input as given.call with data.catalog as _closed({"d9": {"groups": {}}})
}

test_the_master_key_is_refused_too if _refusals(given.master_call, _silent) == ["provider_not_spoken"]

test_a_list_that_does_not_cover_the_model_is_named_first if {
	_refusals(given.changed(given.call, {"/caller/key/models": ["gpt-4o"]}), _silent) == ["key_model_access"]
}

test_what_is_out_of_service_is_skipped_where_another_deployment_serves if {
	targets := access.decision.targets with input as given.call with data.catalog as _beside_another
	targets["gpt-4"].deployments == ["d1"]
	access.allow with input as given.call with data.catalog as _beside_another
}

test_a_group_that_leaves_only_what_is_out_of_service_is_refused_for_that if {
	grouped := given.changed(
		given.catalog_of({"gpt-4": {"d1": ["other"]}}, []),
		{
			"/common/entries/gpt-4/out_of_service": {"d9": {"why": "provider_not_spoken", "groups": {"beta": true}}},
			"/common/entries/gpt-4/groups/beta": true,
		},
	)
	beta := given.changed(given.call, {"/caller/key/models": ["beta"]})
	_refusals(beta, grouped) == ["provider_not_spoken"]
	vip := given.changed(given.call, {"/caller/key/models": ["other"]})
	access.allow with input as vip with data.catalog as grouped
}

test_what_is_out_of_service_and_closed_to_the_caller_is_not_the_reason if {
	apart := given.changed(
		given.catalog_of({"gpt-4": {"d1": ["vip"]}}, []),
		{
			"/common/entries/gpt-4/out_of_service": {"d9": {"why": "provider_not_spoken", "groups": {"beta": true}}},
			"/common/entries/gpt-4/groups/beta": true,
		},
	)
	_refusals(_lists(["beta"], ["vip"]), apart) == ["team_model_access"]
}

test_a_model_out_of_service_is_not_listed if {
	listing.models == {"gpt-4o"} with input as given.list_call with data.catalog as _silent
}

test_an_alias_of_a_model_out_of_service_is_refused_and_not_listed if {
	aliased := given.changed(_silent, {"/aliases/house": {"target": "gpt-4", "hidden": false}})
	_refusals(given.asking(["house"]), aliased) == ["provider_not_spoken"]
	listing.models == {"gpt-4o"} with input as given.list_call with data.catalog as aliased
}

test_a_model_beside_one_out_of_service_is_refused_with_it if {
	_refusals(given.asking(["gpt-4o", "gpt-4"]), _silent) == ["provider_not_spoken"]
}

_silent := _closed({"d9": {"why": "provider_not_spoken", "groups": {}}})

_closed(deployments) := given.changed(given.catalog, {
	"/common/entries/gpt-4/deployments": {},
	"/common/entries/gpt-4/out_of_service": deployments,
	"/common/kinds/gpt-4o": "gpt-4o",
})

_beside_another := given.changed(given.catalog, {"/common/entries/gpt-4/out_of_service": {"d9": {
	"why": "provider_not_spoken",
	"groups": {},
}}})
