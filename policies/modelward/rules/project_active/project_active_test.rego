package modelward.rules.project_active_test

import data.modelward.rules.project_active
import data.modelward.testing_test as given

test_a_project_that_is_unknown_is_refused if {
	count(project_active.deny) == 1 with input as given.without(given.call, "/caller/project")
}

test_a_project_that_does_not_say_whether_it_is_blocked_is_refused if {
	count(project_active.deny) == 1 with input as given.without(_blocked(false), "/caller/project/blocked")
}

test_anything_but_false_is_blocked if {
	every blocked in [null, "false", 0, []] {
		count(project_active.deny) == 1 with input as _blocked(blocked)
	}
}

test_a_blocked_project_is_refused if {
	project_active.deny == {"this key's project is blocked; ask the proxy's admin to unblock it"} with input as _blocked(true)
}

test_a_project_that_is_not_blocked_passes if project_active.deny == set() with input as _blocked(false)

test_a_caller_without_a_project_passes if project_active.deny == set() with input as given.call

test_the_master_key_passes if project_active.deny == set() with input as given.master_call

_blocked(blocked) := given.changed(given.call, {"/caller/project": object.union(given.project("p1"), {"blocked": blocked})})
