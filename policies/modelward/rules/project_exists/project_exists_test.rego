package modelward.rules.project_exists_test

import data.modelward.rules.project_exists
import data.modelward.testing_test as given

test_a_key_that_does_not_say_its_project_is_refused if {
	count(project_exists.deny) == 1 with input as given.without(given.call, "/caller/key/project_id")
}

test_a_caller_without_key_is_refused if {
	count(project_exists.deny) == 1 with input as given.without(given.call, "/caller/key")
}

test_a_project_that_is_unknown_is_refused if {
	count(project_exists.deny) == 1 with input as given.without(_in_project, "/caller/project")
}

test_a_project_without_id_is_refused if {
	count(project_exists.deny) == 1 with input as given.without(_in_project, "/caller/project/project_id")
}

test_a_project_without_record_is_refused if {
	refusal := "this key's project does not exist; ask the proxy's admin to move the key"
	project_exists.deny == {refusal} with input as given.changed(_in_project, {"/caller/project": null})
}

test_the_record_of_another_project_is_refused if {
	count(project_exists.deny) == 1 with input as given.changed(_in_project, {"/caller/project": given.project("p2")})
}

test_a_project_with_record_passes if project_exists.deny == set() with input as _in_project

test_a_key_without_project_passes if project_exists.deny == set() with input as given.call

test_the_master_key_passes if project_exists.deny == set() with input as given.master_call

test_a_token_passes if project_exists.deny == set() with input as given.token_call

_in_project := given.changed(given.call, {"/caller/key/project_id": "p1", "/caller/project": given.project("p1")})
