package modelward.token_rules.token_email_test

import data.modelward.testing_test as given
import data.modelward.token_rules.token_email

test_a_token_is_refused_while_the_domain_is_unknown if {
	count(token_email.deny) == 1 with input as _from("ann@company.example") with data.catalog as {}
}

test_a_domain_of_another_type_is_refused if {
	every domain in [true, 4, ["company.example"]] {
		count(token_email.deny) == 1 with input as _from("ann@company.example")
			with data.catalog as given.catalog_with_tokens({"user_allowed_email_domain": domain})
	}
}

test_a_token_without_a_mail_claim_is_refused if {
	count(token_email.deny) == 1 with input as _from(null) with data.catalog as _company
	count(token_email.deny) == 1 with input as given.without(given.token_call, "/caller/token/email")
		with data.catalog as _company
}

test_an_address_of_another_type_is_refused if {
	every address in [true, 4, ["ann@company.example"]] {
		count(token_email.deny) == 1 with input as _from(address) with data.catalog as _company
	}
}

test_an_address_of_another_domain_is_refused if {
	refusal := "this token's mail address is not of the domain that this proxy serves; use another account"
	token_email.deny == {refusal} with input as _from("ann@other.example") with data.catalog as _company
}

test_a_domain_that_only_looks_like_it_is_refused if {
	every address in [
		"ann@evilcompany.example",
		"ann@sub.company.example",
		"ann@company.example.evil",
		"ann@company.example@evil.example",
		"ann@evil.example@company.example",
		"company.example",
		"",
	] {
		count(token_email.deny) == 1 with input as _from(address) with data.catalog as _company
	}
}

test_an_address_of_the_domain_passes if {
	token_email.deny == set() with input as _from("ann@company.example") with data.catalog as _company
}

test_every_token_passes_where_the_config_names_no_domain if {
	token_email.deny == set() with input as _from(null) with data.catalog as given.catalog
}

test_an_admins_token_passes if {
	token_email.deny == set() with input as given.as_admin(given.token_call) with data.catalog as _company
}

_company := given.catalog_with_tokens({"user_allowed_email_domain": "company.example"})

_from(address) := given.changed(given.token_call, {"/caller/token/email": address})
