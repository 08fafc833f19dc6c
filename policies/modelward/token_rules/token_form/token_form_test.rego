package modelward.token_rules.token_form_test

import data.modelward.testing_test as given
import data.modelward.token_rules.token_form

test_a_whole_token_passes if _whole(given.stood_for(given.token_call, given.catalog))

test_a_token_with_teams_and_members_passes if _whole(_known)

test_a_token_whose_team_was_not_chosen_is_refused if not _whole(given.token_call)

test_a_missing_fact_about_where_the_team_comes_from_is_refused if {
	stood_for := given.stood_for(given.claiming(given.token_call, "t1"), given.catalog)
	_whole(stood_for)
	every path in ["/caller/origin", "/caller/origin/source", "/caller/origin/id"] {
		not _whole(given.without(stood_for, path))
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
		not _whole(given.changed(stood_for, {"/caller/origin": broken}))
	}
}

test_a_missing_fact_of_the_token_is_refused if {
	every fact, _ in _claims {
		not _whole(given.without(_known, $"/caller/token/{fact}"))
	}
}

test_a_fact_of_a_wrong_type_is_refused if {
	every fact, _ in _claims {
		not _whole(given.changed(_known, {$"/caller/token/{fact}": 7}))
	}
}

test_a_list_that_holds_what_is_no_text_is_refused if {
	every fact in ["scopes", "roles", "user_roles", "team_ids"] {
		not _whole(given.changed(_known, {$"/caller/token/{fact}": ["a", null]}))
	}
}

test_a_missing_kind_of_record_is_refused if {
	every kind in ["teams", "teams_of_alias", "users", "members"] {
		not _whole(given.without(_known, $"/caller/records/{kind}"))
	}
}

test_a_record_under_another_id_is_refused if {
	every path in ["teams/t1/team_id", "users/u1/user_id"] {
		not _whole(given.changed(_known, {$"/caller/records/{path}": "other"}))
	}
}

test_a_record_of_a_wrong_form_is_refused if {
	every path, broken in {
		"teams": [],
		"teams/t1/blocked": null,
		"teams_of_alias": [null],
		"users": [],
		"users/u1/teams": [null],
		"members": {},
		"members/0/team_id": null,
		"members/0/user_id": null,
	} {
		not _whole(given.changed(_known, {$"/caller/records/{path}": broken}))
	}
}

test_settings_that_name_roles_pass if _whole_under({})

test_a_missing_setting_is_refused if {
	every setting in ["admin_scope", "enforce_team", "user_allowed_roles", "role_mappings", "roles"] {
		not _is_whole(_known, given.without(given.catalog, $"/tokens/{setting}"))
	}
}

test_a_setting_of_a_wrong_form_is_refused if {
	every path, broken in {
		"admin_scope": null,
		"enforce_team": null,
		"user_allowed_roles": [null],
		"role_mappings": {},
		"role_mappings/0/role": null,
		"role_mappings/0/internal_role": null,
		"roles": [],
		"roles/team": false,
		"roles/team/models": {"x": "*"},
		"roles/team/routes": {"x": "*"},
	} {
		not _whole_under({$"/tokens/{path}": broken})
	}
}

# A token that stands for its user, with two records of each kind: it is refused for a broken one beside a good one.
_known := given.stood_for(
	given.changed(given.of_teams(given.token_call, ["t1", "t2"]), {
		"/caller/records/users/u2": given.user("u2"),
		"/caller/records/members": [given.member(["gpt-4"]), given.member(["gpt-4o"])],
	}),
	given.catalog,
)

_claims := object.remove(given.token_call.caller.token, ["issuer", "claims"])

_whole_under(changes) if {
	_is_whole(_known, given.changed(
		given.catalog_with_tokens({
			"user_allowed_roles": ["basic"],
			"role_mappings": [{"role": "basic", "internal_role": "team"}, {"role": "crew", "internal_role": "team"}],
			"roles": {"team": {"models": ["gpt-4"], "routes": null}, "internal_user": {"models": null, "routes": ["/v1/*"]}},
		}),
		changes,
	))
}

_whole(stood_for) if _is_whole(stood_for, given.catalog)

_is_whole(stood_for, source) if count(token_form.deny) == 0 with input as stood_for with data.catalog as source
