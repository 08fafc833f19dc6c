package modelward.explain_test

import data.modelward.access
import data.modelward.explain
import data.modelward.testing_test as given

test_there_is_no_explanation_without_a_decision if {
	not explain.explanation with input as given.call with data.catalog as given.without(given.catalog, "/revision")
}

test_the_decision_of_an_explanation_is_the_gates if {
	every document in [given.call, given.master_call, given.token_call, given.changed(given.call, {"/caller/key": null})] {
		decision := access.decision with input as document with data.catalog as given.catalog
		explained := explain.explanation with input as document with data.catalog as given.catalog
		explained.decision == decision
	}
}

test_an_explanation_says_what_each_rule_holds_the_models_against if {
	limited := given.changed(given.team_call, {"/caller/key/models": ["gpt-*"], "/caller/team/models": ["gpt-4o"]})
	explained := explain.explanation with input as limited with data.catalog as given.catalog
	explained.layers.key_model_access == {"denials": [], "grants": {"gpt-4": "gpt-*"}, "list": ["gpt-*"]}
	explained.layers.team_model_access == {
		"denials": ["the team of this caller may not call model `gpt-4`; GET /v1/models lists what this caller may call"],
		"grants": {},
		"list": ["gpt-4o"],
	}
}

test_an_explanation_names_what_an_alias_leads_to if {
	of_the_key := given.changed(given.call, {"/caller/key/aliases": {"gpt-4": "gpt-4o"}})
	_names(of_the_key) == {"gpt-4": "gpt-4o"}
	of_the_team := given.changed(given.team_call, {"/caller/team/model_aliases": {"gpt-4": "gpt-4o"}})
	_names(of_the_team) == {"gpt-4": "gpt-4o"}
	_names(given.call) == {"gpt-4": "gpt-4"}
}

test_an_explanation_names_what_an_alias_of_a_tokens_team_leads_to if {
	of_a_team := given.changed(
		given.claiming(given.token_call, "t1"),
		{"/caller/records/teams/t1/model_aliases": {"gpt-4": "gpt-4o"}},
	)
	_names(of_a_team) == {"gpt-4": "gpt-4o"}
}

test_an_explanation_names_the_team_and_the_user_of_a_token_without_records if {
	nobody := given.changed(given.claiming(given.token_call, "gone"), {
		"/caller/token/user_id": "new",
		"/caller/records/users": {},
		"/caller/records/teams": {},
	})
	explained := explain.explanation with input as nobody with data.catalog as given.catalog
	explained.named == {"team_id": "gone", "user_id": "new"}
}

test_an_explanation_of_a_key_names_no_token if {
	explained := explain.explanation with input as given.owned_call with data.catalog as given.catalog
	explained.named == {"team_id": null, "user_id": null}
}

test_a_token_beside_a_key_is_not_named if {
	claiming := given.claiming(given.token_call, "t1")
	with_token := {"/caller/token": claiming.caller.token, "/caller/records": claiming.caller.records}
	beside := given.changed(given.owned_call, with_token)
	explained := explain.explanation with input as beside with data.catalog as given.catalog
	explained.named == {"team_id": null, "user_id": null}
}

_names(document) := explained.names if {
	explained := explain.explanation with input as document with data.catalog as given.catalog
}

test_an_explanation_knows_a_tokens_rules if {
	enforcing := given.catalog_with_tokens({
		"enforce_roles": true,
		"roles": {"internal_user": {"models": ["gpt-4"], "routes": null}},
	})
	explained := explain.explanation with input as given.token_call with data.catalog as enforcing
	explained.layers.role_model_access == {"denials": [], "grants": {"gpt-4": "gpt-4"}, "list": ["", "gpt-4"]}
}
