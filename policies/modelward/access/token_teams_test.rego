package modelward.access_test

import data.modelward.access
import data.modelward.testing_test as given

# The team (R7): its own list binds, whichever source it comes from.

test_the_team_of_the_header_binds if {
	asking := given.changed(given.of_teams(given.token_call, ["t1", "t2"]), {
		"/caller/token/chosen_team_id": "t1",
		"/caller/records/teams/t1/models": ["gpt-4o"],
	})
	_refusals(asking, given.catalog) == ["team_model_access"]
	_allowed(given.changed(asking, {"/caller/token/chosen_team_id": "t2"}), given.catalog)
	_refusals(given.changed(asking, {"/caller/token/chosen_team_id": "t9"}), given.catalog)[0] == "token_team_header"
}

test_the_team_of_a_mapping_binds if {
	crew := given.catalog_with_tokens({"role_mappings": [{"role": "crew", "internal_role": "team"}]})
	mapped := given.changed(_nobody, {
		"/caller/token/roles": ["crew"],
		"/caller/token/object_id": "t1",
		"/caller/records/teams": {"t1": _limited_team},
	})
	_refusals(mapped, crew) == ["team_model_access"]
	_refusals(given.changed(mapped, {"/caller/records/teams": {}}), crew) == ["token_team_exists"]
}

test_the_team_of_the_claim_binds if {
	claiming := given.changed(given.claiming(given.token_call, "t1"), {"/caller/records/teams/t1": _limited_team})
	_refusals(claiming, given.catalog) == ["team_model_access"]
	_refusals(given.changed(claiming, {"/caller/records/teams": {}}), given.catalog) == ["token_team_exists"]
	_refusals(given.changed(claiming, {"/caller/token/team_id": null}), given.catalog)[0] == "token_team_claim"
}

test_an_unknown_team_of_the_claim_gives_way_to_the_users_where_the_config_says_so if {
	claiming := given.changed(given.claiming(given.token_call, "t9"), {
		"/caller/records/users/u1/teams": ["t1"],
		"/caller/records/teams": {"t1": _limited_team},
	})
	_refusals(claiming, given.catalog_with_tokens({"team_claim_fallback": true})) == ["team_model_access"]
}

test_the_first_team_of_the_list_that_allows_the_call_is_taken if {
	listing := given.changed(given.of_teams(given.token_call, ["t1", "t2"]), {"/caller/records/teams/t1": _limited_team})
	_allowed(listing, given.catalog)
	access.decision.subject.team_id == "t2" with input as listing with data.catalog as given.catalog
	both_limited := given.changed(listing, {
		"/request/models": ["ghost", "gpt-4"],
		"/caller/records/teams/t2/models": _limited_team.models,
	})
	_refusals(both_limited, given.catalog)[0] == "token_team_choice"
}

test_a_team_that_knows_the_model_comes_before_one_that_only_covers_its_name if {
	own := given.changed(given.catalog, {"/teams/t2": given.scope({"theirs": {"d9": []}}, {}, {})})
	listing := given.changed(given.of_teams(given.token_call, ["t1", "t2"]), {"/request/models": ["theirs"]})
	_allowed(listing, own)
	_refusals(given.changed(listing, {"/request/models": ["ghost"]}), own) == ["model_known"]
}

test_an_empty_list_of_teams_is_refused_where_a_team_is_enforced if {
	_refusals(given.token_call, given.catalog_with_tokens({"enforce_team": true})) == ["token_team_choice"]
}

test_the_users_only_team_binds if {
	member := given.changed(given.token_call, {
		"/caller/records/users/u1/teams": ["t1"],
		"/caller/records/teams": {"t1": _limited_team},
	})
	_refusals(member, given.catalog) == ["team_model_access"]
}

test_a_blocked_team_blocks_its_tokens if {
	blocked := given.changed(given.claiming(given.token_call, "t1"), {"/caller/records/teams/t1/blocked": true})
	_refusals(blocked, given.catalog) == ["team_active"]
}

test_a_teams_token_may_use_the_routes_of_teams_only if {
	closed := given.catalog_with_tokens({"team_allowed_routes": ["info_routes"]})
	_refusals(given.claiming(given.token_call, "t1"), closed) == ["token_team_routes"]
	_allowed(given.token_call, closed)
}

test_a_teams_own_model_and_alias_go_where_the_team_says if {
	own := given.changed(given.catalog, {"/teams/t1": given.scope({"shared": {"own": []}}, {}, {})})
	claiming := given.changed(given.claiming(given.token_call, "t1"), {
		"/request/models": ["fast"],
		"/caller/records/teams/t1/model_aliases": {"fast": "shared"},
	})
	targets := access.decision.targets with input as claiming with data.catalog as own
	targets == {"fast": {"entry": "shared", "model": "shared", "deployments": ["own"]}}
}

test_the_scope_of_a_member_binds_a_teams_token if {
	member := given.changed(given.claiming(given.token_call, "t1"), {"/caller/records/members": [given.member(["gpt-4o"])]})
	_refusals(member, given.catalog) == ["member_model_access"]
}

_limited_team := object.union(given.team("t1"), {"models": ["gpt-4o"]})
