package modelward.rules.eu_deployments_test

import data.modelward.access
import data.modelward.rules.eu_deployments
import data.modelward.testing_test as given

test_a_call_of_the_team_goes_to_the_deployment_in_the_eu if {
	_targets(_bound, "gpt-4") == ["paris"]
}

test_a_call_of_another_team_goes_anywhere if {
	_targets(given.team_call, "gpt-4") == ["ohio", "paris"]
}

test_a_call_without_a_team_goes_anywhere if _targets(given.call, "gpt-4") == ["ohio", "paris"]

test_a_call_of_a_team_that_is_elsewhere_goes_anywhere if {
	_targets(given.changed(_bound, {"/caller/team/metadata/residency": "us"}), "gpt-4") == ["ohio", "paris"]
}

test_a_model_without_a_deployment_in_the_eu_is_refused if _refused(_bound, "gpt-4o")

test_a_team_whose_metadata_is_not_known_stays_in_the_eu if {
	unknown := given.without(given.team_call, "/caller/team/metadata")
	_targets(unknown, "gpt-4") == ["paris"]
	_refused(unknown, "gpt-4o")
}

_bound := given.changed(given.team_call, {"/caller/team/metadata": {"residency": "eu"}})

_targets(call, model) := decision.targets[model].deployments if {
	asking := given.changed(call, {"/request/models": [model]})
	decision := access.decision with input as asking with data.catalog as _catalog
	not "eu_deployments" in {reason.rule | some reason in decision.reasons}
}

_refused(call, model) if {
	asking := given.changed(call, {"/request/models": [model]})
	count(eu_deployments.deny) == 1 with input as asking with data.catalog as _catalog
}

_catalog := given.changed(
	given.catalog_of({"gpt-4": {"paris": ["eu"], "ohio": []}, "gpt-4o": {"texas": []}}, []),
	{"/rules": {"eu_deployments": true}},
)
