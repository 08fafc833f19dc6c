package modelward.token_rules.token_user_test

import data.modelward.testing_test as given
import data.modelward.token_rules.token_user

test_a_token_that_does_not_say_its_user_is_refused if {
	count(token_user.deny) == 1 with input as given.without(given.token_call, "/caller/token/user_id")
		with data.catalog as given.catalog
}

test_a_user_of_another_type_is_refused if {
	every id in [true, 4, ["u1"]] {
		count(token_user.deny) == 1 with input as given.changed(given.token_call, {"/caller/token/user_id": id})
			with data.catalog as given.catalog
	}
}

test_a_user_is_refused_while_the_records_are_unknown if {
	every path in ["/caller/records", "/caller/records/users"] {
		count(token_user.deny) == 1 with input as given.without(given.token_call, path) with data.catalog as given.catalog
	}
}

test_an_unknown_user_is_refused_while_the_setting_is_unknown if {
	count(token_user.deny) == 1 with input as _unknown
		with data.catalog as given.without(given.catalog, "/tokens/unknown_users")
	count(token_user.deny) == 1 with input as _unknown with data.catalog as given.catalog_with_tokens({"unknown_users": "yes"})
}

test_an_unknown_user_is_refused if {
	refusal := "this token's user does not exist here; ask the proxy's admin to add it"
	token_user.deny == {refusal} with input as _unknown with data.catalog as given.catalog
}

test_an_unknown_user_by_the_object_of_a_mapping_is_refused if {
	mapped := given.changed(_unknown, {
		"/caller/token/user_id": null,
		"/caller/token/roles": ["staff"],
		"/caller/token/object_id": "u1",
	})
	count(token_user.deny) == 1 with input as mapped with data.catalog as given.catalog_with_tokens({"role_mappings": [{
		"role": "staff",
		"internal_role": "internal_user",
	}]})
}

test_an_unknown_mail_address_is_refused_where_no_id_is_claimed if {
	mail := given.changed(_unknown, {"/caller/token/user_id": null, "/caller/token/email": "a@b"})
	count(token_user.deny) == 1 with input as mail with data.catalog as given.catalog
	token_user.deny == set() with input as mail with data.catalog as given.catalog_with_tokens({"unknown_users": true})
	token_user.deny == set() with input as given.changed(mail, {"/caller/records/users": {"a@b": given.user("a@b")}})
		with data.catalog as given.catalog
}

test_a_token_that_does_not_say_its_mail_address_is_refused if {
	nobody := given.changed(given.token_call, {"/caller/token/user_id": null})
	count(token_user.deny) == 1 with input as given.without(nobody, "/caller/token/email") with data.catalog as given.catalog
}

test_a_known_user_passes if token_user.deny == set() with input as given.token_call with data.catalog as given.catalog

test_an_unknown_user_passes_where_the_config_lets_new_users_in if {
	token_user.deny == set() with input as _unknown with data.catalog as given.catalog_with_tokens({"unknown_users": true})
}

test_a_token_without_user_passes if {
	token_user.deny == set() with input as given.changed(given.token_call, {"/caller/token/user_id": null})
		with data.catalog as given.catalog
}

test_an_admins_token_passes if {
	token_user.deny == set() with input as given.as_admin(_unknown) with data.catalog as given.catalog
}

_unknown := given.changed(given.token_call, {"/caller/records/users": {}})
