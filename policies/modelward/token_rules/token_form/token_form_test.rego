package modelward.token_rules.token_form_test

import data.modelward.testing_test as given
import data.modelward.token_rules.token_form

test_a_whole_token_passes if _whole(given.token_call, given.catalog)

test_a_token_with_teams_and_members_passes if {
	_whole(
		given.changed(given.of_teams(given.token_call, ["t1"]), {"/caller/records/members": [given.member(["gpt-4"])]}),
		given.catalog,
	)
}

test_a_token_whose_team_was_not_chosen_is_refused if not _judged_whole(given.token_call)

test_a_missing_fact_about_where_the_team_comes_from_is_refused if {
	stood_for := given.stood_for(given.claiming(given.token_call, "t1"), given.catalog)
	_judged_whole(stood_for)
	every path in ["/caller/origin", "/caller/origin/source", "/caller/origin/id"] {
		not _judged_whole(given.without(stood_for, path))
	}
}

test_a_broken_fact_about_where_the_team_comes_from_is_refused if {
	every broken in [
		null,
		false,
		"claim",
		["claim", "t1"],
		{"source": null, "id": "t1"},
		{"source": 7, "id": "t1"},
		{"source": ["claim"], "id": "t1"},
		{"source": "claim", "id": 7},
		{"source": "claim", "id": false},
		{"source": "claim", "id": ["t1"]},
	] {
		stood_for := given.stood_for(given.claiming(given.token_call, "t1"), given.catalog)
		not _judged_whole(given.changed(stood_for, {"/caller/origin": broken}))
	}
}

test_a_missing_fact_of_the_token_is_refused if {
	every fact, _ in object.remove(given.token_call.caller.token, ["issuer", "claims"]) {
		not _whole(given.without(given.token_call, $"/caller/token/{fact}"), given.catalog)
	}
}

test_a_fact_of_a_wrong_type_is_refused if {
	every fact, _ in object.remove(given.token_call.caller.token, ["issuer", "claims"]) {
		not _whole(given.changed(given.token_call, {$"/caller/token/{fact}": 7}), given.catalog)
	}
}

test_a_list_that_holds_what_is_no_text_is_refused if {
	every fact in ["scopes", "roles", "user_roles", "team_ids"] {
		not _whole(given.changed(given.token_call, {$"/caller/token/{fact}": [null]}), given.catalog)
	}
}

test_a_missing_kind_of_record_is_refused if {
	every kind in ["teams", "teams_of_alias", "users", "members"] {
		not _whole(given.without(given.token_call, $"/caller/records/{kind}"), given.catalog)
	}
}

test_a_record_under_another_id_is_refused if {
	not _whole(given.changed(given.token_call, {"/caller/records/users/u1/user_id": "u2"}), given.catalog)
	not _whole(given.changed(given.of_teams(given.token_call, ["t1"]), {"/caller/records/teams/t1/team_id": "t2"}), given.catalog)
}

test_settings_that_name_roles_pass if {
	_whole(given.token_call, given.catalog_with_tokens({
		"user_allowed_roles": ["basic"],
		"role_mappings": [{"role": "basic", "internal_role": "team"}],
		"roles": {"team": {"models": ["gpt-4"], "routes": null}},
	}))
}

test_a_missing_setting_is_refused if {
	every setting in ["admin_scope", "enforce_team", "user_allowed_roles", "role_mappings", "roles"] {
		not _whole(given.token_call, given.without(given.catalog, $"/tokens/{setting}"))
	}
}

test_a_setting_of_a_wrong_type_is_refused if {
	every broken in [
		{"role_mappings": [{"role": "basic"}]},
		{"roles": {"team": false}},
		{"roles": {"team": {"models": {"x": "*"}, "routes": null}}},
		{"user_allowed_roles": "basic"},
	] {
		not _whole(given.token_call, given.catalog_with_tokens(broken))
	}
}

_whole(document, source) if {
	count(token_form.deny) == 0 with input as given.stood_for(document, source) with data.catalog as source
}

_judged_whole(stood_for) if count(token_form.deny) == 0 with input as stood_for with data.catalog as given.catalog
