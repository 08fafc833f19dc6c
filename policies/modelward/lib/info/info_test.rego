package modelward.lib.info_test

import data.modelward.lib.info
import data.modelward.testing_test as given

test_an_admin_is_shown_everything if {
	_shows(given.changed(given.master_call, _info)).everything
	_shows(given.changed(given.owned_call, object.union(_info, {"/caller/user/user_role": "proxy_admin"}))).everything
	_shows(given.changed(given.as_admin(given.token_call), _info)).everything
}

test_a_key_is_shown_itself_and_the_membership_of_its_user if {
	_shows(given.changed(given.owned_call, _info)) == {"everything": false, "key_hash": "k1", "user_id": "u1"}
}

test_a_key_of_nobody_is_shown_no_membership if {
	_shows(given.changed(given.call, _info)) == {"everything": false, "key_hash": "k1", "user_id": null}
}

test_a_token_is_shown_no_key if {
	_shows(given.changed(given.token_call, object.union(_info, {"/caller/user": given.user("u1")}))) == {
		"everything": false,
		"key_hash": null,
		"user_id": "u1",
	}
}

test_nothing_is_shown_beside_an_info_route if {
	every document in [given.call, given.master_call, given.without(given.master_call, "/request/operation")] {
		_shows(document) == {"everything": false, "key_hash": null, "user_id": null}
	}
}

_info := {"/request/operation": "info"}

_shows(document) := shows if {
	shows := info.shows with input as document with data.catalog as given.catalog
}
