package modelward.token_caller_test

import data.modelward.testing_test as given
import data.modelward.token_caller

# Where the team comes from: the first source that is there (R7).

test_an_admins_token_has_no_team if _origin(given.as_admin(_all), _crew) == {"source": "admin", "id": null}

test_the_header_comes_first if {
	_origin(_all, _crew) == {"source": "header", "id": "chosen"}
}

test_a_team_of_the_header_that_the_token_does_not_claim_is_none if {
	_origin(given.changed(_all, {"/caller/token/chosen_team_id": "own"}), _crew) == {"source": "header", "id": null}
}

test_the_object_of_a_mapping_to_a_team_comes_next if {
	_origin(_without_header, _crew) == {"source": "object", "id": "object"}
}

test_the_object_of_a_mapping_to_another_role_is_no_team if {
	staff := given.catalog_with_tokens({"role_mappings": [{"role": "crew", "internal_role": "internal_user"}]})
	_origin(_without_header, staff).source == "claim"
}

test_the_claim_for_one_team_comes_next if {
	_origin(_without_object, _crew) == {"source": "claim", "id": "claimed"}
}

test_the_list_of_teams_comes_next if {
	_origin(_without_claim, _crew) == {"source": "list", "id": "t1"}
}

test_the_users_only_team_comes_last if {
	_origin(_without_list, _crew) == {"source": "user", "id": "own"}
}

test_a_user_in_two_teams_has_none if {
	_origin(given.changed(_without_list, {"/caller/records/users/u1/teams": ["own", "other"]}), _crew).source == "none"
}

test_a_token_without_any_source_has_none if {
	_origin(given.token_call, given.catalog) == {"source": "none", "id": null}
}

# The claim for one team.

test_an_expected_claim_that_is_absent_is_no_team_and_gives_way_to_none if {
	absent := given.changed(_without_claim, {"/caller/token/expects_team": true})
	_origin(absent, given.catalog) == {"source": "claim", "id": null}
	_origin(absent, _falling_back) == {"source": "claim", "id": null}
}

test_a_claim_that_is_no_text_is_a_claim_for_no_team if {
	malformed := given.changed(given.of_teams(given.token_call, ["t1"]), {
		"/caller/token/expects_team": true,
		"/caller/token/team_id": 4,
		"/caller/token/team_id_default": "t9",
	})
	_origin(malformed, given.catalog) == {"source": "claim", "id": null}
}

test_a_default_stands_in_for_a_claim_that_is_absent if {
	every expected in [true, false] {
		defaulting := given.changed(given.token_call, {
			"/caller/token/team_id_default": "t1",
			"/caller/token/expects_team": expected,
		})
		_origin(defaulting, given.catalog) == {"source": "claim", "id": "t1"}
	}
}

test_a_claimed_alias_comes_before_a_default if {
	defaulting := given.changed(_aliased(["t1"]), {"/caller/token/team_id_default": "t9"})
	_origin(defaulting, given.catalog) == {"source": "claim", "id": "t1"}
	unknown := given.changed(_aliased([]), {"/caller/token/team_id_default": "t9"})
	_origin(unknown, given.catalog) == {"source": "claim", "id": null}
}

test_a_claimed_list_comes_before_a_default_whether_or_not_a_single_claim_is_expected if {
	every expected in [true, false] {
		listing := given.changed(given.of_teams(given.token_call, ["t1"]), {
			"/caller/token/team_id_default": "t9",
			"/caller/token/expects_team": expected,
		})
		_origin(listing, given.catalog) == {"source": "list", "id": "t1"}
	}
}

test_an_unknown_claim_does_not_give_way_to_a_default if {
	unknown := given.changed(given.token_call, {
		"/caller/token/team_id": "gone",
		"/caller/token/team_id_default": "t9",
		"/caller/records/teams": {"t9": given.team("t9")},
	})
	_origin(unknown, given.catalog) == {"source": "claim", "id": "gone"}
	_origin(unknown, _falling_back).source == "none"
}

test_an_alias_is_the_team_that_bears_it if _origin(_aliased(["t1"]), given.catalog) == {"source": "claim", "id": "t1"}

test_an_alias_that_none_or_two_bear_is_no_team if {
	_origin(_aliased([]), given.catalog) == {"source": "claim", "id": null}
	_origin(_aliased(["t1", "t2"]), given.catalog) == {"source": "claim", "id": null}
}

test_the_id_comes_before_the_alias if {
	_origin(given.changed(_aliased(["t1"]), {"/caller/token/team_id": "t2"}), given.catalog).id == "t2"
}

test_an_unknown_team_stays_the_tokens if {
	_origin(given.changed(_without_object, {"/caller/records/teams": {}}), given.catalog) == {"source": "claim", "id": "claimed"}
}

test_an_unknown_team_gives_way_where_the_config_says_so if {
	_origin(given.without(_without_object, "/caller/records/teams/claimed"), _falling_back) == {"source": "list", "id": "t1"}
}

test_an_unknown_alias_gives_way_where_the_config_says_so if {
	given_way := given.changed(_aliased([]), {
		"/caller/records/users/u1/teams": ["t1"],
		"/caller/records/teams": {"t1": given.team("t1")},
	})
	_origin(given_way, _falling_back) == {"source": "user", "id": "t1"}
}

test_a_known_team_gives_way_to_none if {
	_origin(_without_object, _falling_back) == {"source": "claim", "id": "claimed"}
}

test_the_setting_that_an_unknown_team_gives_way_must_be_true if {
	every setting in [null, "yes", 1] {
		_origin(
			given.without(_without_object, "/caller/records/teams/claimed"),
			given.catalog_with_tokens({"team_claim_fallback": setting}),
		).source == "claim"
	}
}

# The record.

test_the_team_is_the_record_of_its_id if {
	token_caller.team == given.team("t1") with input as given.claiming(given.token_call, "t1") with data.catalog as given.catalog
}

test_a_team_without_record_is_none if {
	unknown := given.changed(given.claiming(given.token_call, "t1"), {"/caller/records/teams": {}})
	token_caller.team == null with input as unknown with data.catalog as given.catalog
}

# A token with every source; each that follows lacks one more of them.
_all := given.changed(given.of_teams(given.token_call, ["chosen", "object", "claimed", "t1", "own"]), {
	"/caller/token/chosen_team_id": "chosen",
	"/caller/token/roles": ["crew"],
	"/caller/token/object_id": "object",
	"/caller/token/expects_team": true,
	"/caller/token/team_id": "claimed",
	"/caller/token/team_ids": ["chosen", "t1"],
	"/caller/records/users/u1/teams": ["own"],
})

_without_header := given.changed(_all, {"/caller/token/chosen_team_id": null, "/caller/token/team_ids": ["t1"]})

_without_object := given.changed(_without_header, {"/caller/token/object_id": null})

_without_claim := given.changed(_without_object, {"/caller/token/expects_team": false, "/caller/token/team_id": null})

_without_list := given.changed(_without_claim, {"/caller/token/team_ids": []})

_aliased(ids) := given.changed(given.token_call, {
	"/caller/token/expects_team": true,
	"/caller/token/team_alias": "crew",
	"/caller/records/teams_of_alias": ids,
})

_crew := given.catalog_with_tokens({"role_mappings": [{"role": "crew", "internal_role": "team"}]})

_falling_back := given.catalog_with_tokens({"team_claim_fallback": true})

_origin(document, source) := found if {
	found := token_caller.origin with input as document with data.catalog as source
}
