package modelward.lib.caller_test

import data.modelward.lib.caller
import data.modelward.testing_test as given

test_no_caller_is_the_master if not caller.is_master with input as {}

test_a_key_is_not_the_master if not caller.is_master with input as given.call

test_the_master_key_is_the_master if caller.is_master with input as given.master_call

test_no_caller_is_an_admin if not caller.is_admin with input as {}

test_a_key_without_owner_is_no_admin if not caller.is_admin with input as given.call

test_an_owner_without_role_is_no_admin if not caller.is_admin with input as given.owned_call

test_a_view_only_admin_is_no_admin if {
	not caller.is_admin with input as given.changed(given.owned_call, {"/caller/user/role": "proxy_admin_viewer"})
}

test_the_master_key_is_an_admin if caller.is_admin with input as given.master_call

test_the_key_of_a_proxy_admin_is_an_admin if {
	caller.is_admin with input as given.changed(given.owned_call, {"/caller/user/role": "proxy_admin"})
}
