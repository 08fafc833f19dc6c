package modelward.lib.access_group_test

import data.modelward.lib.access_group
import data.modelward.testing_test as given

test_a_list_is_unknown_while_its_groups_are if {
	every ids in [null, true, 4, "g1", {}] {
		not access_group.extended(["gpt-4"], ids) with input as _knowing
		not access_group.extended([], ids) with input as _knowing
	}
}

test_groups_add_nothing_while_their_records_are_unknown if {
	access_group.extended(["gpt-4"], ["g1"]) == ["gpt-4"] with input as given.without(_knowing, "/caller/access_groups")
	access_group.extended([], ["g1"]) == [""] with input as given.without(_knowing, "/caller/access_groups")
}

test_a_group_without_record_adds_nothing if {
	access_group.extended(["gpt-4"], ["g9"]) == ["gpt-4"] with input as _knowing
}

test_an_empty_list_with_a_group_without_record_holds_nothing if {
	access_group.extended([], ["g9"]) == [""] with input as _knowing
}

test_a_list_of_another_type_stays_unknown_beside_groups if {
	every list in [null, true, 4, "gpt-4", {}] {
		not access_group.extended(list, ["g1"]) with input as _knowing
	}
}

test_a_list_without_groups_stays_as_it_is if {
	access_group.extended([], []) == [] with input as _knowing
	access_group.extended(["gpt-4"], []) == ["gpt-4"] with input as _knowing
}

test_the_models_of_the_groups_come_to_the_list if {
	access_group.extended(["own"], ["g1", "g2"]) == ["own", "gpt-4", "gpt-4o"] with input as _knowing
}

test_an_empty_list_with_groups_holds_their_models_only if {
	access_group.extended([], ["g2"]) == ["", "gpt-4o"] with input as _knowing
}

_knowing := given.changed(given.call, {"/caller/access_groups": {
	"g1": given.access_group("g1", ["gpt-4"]),
	"g2": given.access_group("g2", ["gpt-4o"]),
}})
