package modelward.rules.admin_only_test

import data.modelward.rules.admin_only
import data.modelward.testing_test as given

test_a_caller_is_refused_without_a_catalogue if count(admin_only.deny) == 1 with input as given.call
	with data.catalog as {}

test_a_caller_is_refused_without_the_setting if {
	count(admin_only.deny) == 1 with input as given.call
		with data.catalog as given.without(given.catalog, "/settings/admin_only_routes")
}

test_a_setting_of_another_type_is_refused if {
	every routes in [null, true, "", {}] {
		count(admin_only.deny) == 1 with input as given.call with data.catalog as _reserving(routes)
		count(admin_only.deny) == 1 with input as _own("key", "k1") with data.catalog as _reserving(routes)
	}
}

test_an_unknown_operation_is_refused if {
	count(admin_only.deny) == 1 with input as given.without(given.call, "/request/operation")
		with data.catalog as given.catalog
	count(admin_only.deny) == 1 with input as given.changed(given.call, {"/request/operation": null})
		with data.catalog as given.catalog
	count(admin_only.deny) == 1 with input as given.changed(given.call, {"/request/operation": "delete"})
		with data.catalog as given.catalog
}

test_an_info_about_a_record_that_is_unknown_is_refused if {
	count(admin_only.deny) == 1 with input as given.without(_own("key", "k1"), "/request/record")
		with data.catalog as given.catalog
	count(admin_only.deny) == 1 with input as _info({"kind": "key"}) with data.catalog as given.catalog
}

test_an_info_about_an_unknown_kind_of_record_is_refused if {
	count(admin_only.deny) == 1 with input as _own("org", "k1") with data.catalog as given.catalog
}

test_management_by_a_key_is_refused if {
	refusal := "`POST /key/generate` needs the master key or a proxy admin's key"
	admin_only.deny == {refusal} with input as _managing(given.call) with data.catalog as given.catalog
}

test_a_caller_without_a_role_may_use_what_its_calls_made if {
	using := given.changed(given.call, {"/request/operation": "state"})
	admin_only.deny == set() with input as using with data.catalog as given.catalog
}

test_management_of_the_callers_own_record_is_refused if {
	managing := given.changed(_own("key", "k1"), {"/request/operation": "manage"})
	count(admin_only.deny) == 1 with input as managing with data.catalog as given.catalog
}

test_management_by_a_view_only_admin_is_refused if {
	count(admin_only.deny) == 1 with input as _as_role("proxy_admin_viewer", _managing(given.owned_call))
		with data.catalog as given.catalog
}

test_an_info_about_another_callers_record_is_refused if {
	every record in [["key", "k2"], ["team", "t2"], ["user", "u2"]] {
		count(admin_only.deny) == 1 with input as _own(record[0], record[1]) with data.catalog as given.catalog
	}
}

test_a_record_of_one_kind_is_not_found_by_the_id_of_another if {
	every record in [["key", "t1"], ["team", "u1"], ["user", "k1"]] {
		count(admin_only.deny) == 1 with input as _own(record[0], record[1]) with data.catalog as given.catalog
	}
}

test_a_reserved_route_is_refused if {
	count(admin_only.deny) == 1 with input as given.call with data.catalog as _reserving(["/v1/chat/completions"])
}

test_a_route_of_a_reserved_group_is_refused if {
	count(admin_only.deny) == 1 with input as given.call with data.catalog as _reserving(["llm_api_routes"])
}

test_a_reserved_listing_is_refused if {
	count(admin_only.deny) == 1 with input as given.list_call with data.catalog as _reserving(["/v1/models"])
}

test_a_reserved_info_is_refused_even_about_the_callers_own_record if {
	count(admin_only.deny) == 1 with input as _own("key", "k1") with data.catalog as _reserving(["/key/info"])
}

test_a_call_passes if admin_only.deny == set() with input as given.call with data.catalog as given.catalog

test_a_listing_passes if admin_only.deny == set() with input as given.list_call with data.catalog as given.catalog

test_a_call_of_a_route_that_is_not_reserved_passes if {
	admin_only.deny == set() with input as given.call with data.catalog as _reserving(["/v1/embeddings"])
}

test_an_info_about_the_callers_own_record_passes if {
	every record in [["key", "k1"], ["team", "t1"], ["user", "u1"]] {
		admin_only.deny == set() with input as _own(record[0], record[1]) with data.catalog as given.catalog
	}
}

test_an_info_that_names_no_record_passes if {
	admin_only.deny == set() with input as _info(null) with data.catalog as given.catalog
}

test_a_reserved_info_that_names_no_record_is_refused if {
	count(admin_only.deny) == 1 with input as _info(null) with data.catalog as _reserving(["/key/info"])
}

test_the_master_key_may_manage if {
	admin_only.deny == set() with input as _managing(given.master_call) with data.catalog as given.catalog
}

test_the_key_of_a_proxy_admin_may_manage if {
	admin_only.deny == set() with input as _as_role("proxy_admin", _managing(given.owned_call))
		with data.catalog as given.catalog
}

test_an_admin_may_use_a_reserved_route if {
	admin_only.deny == set() with input as given.master_call with data.catalog as _reserving(["/v1/chat/completions"])
}

_reserving(routes) := given.changed(given.catalog, {"/settings/admin_only_routes": routes})

_as_role(role, document) := given.changed(document, {"/caller/user/user_role": role})

_managing(document) := given.changed(document, {
	"/request/path": "/key/generate",
	"/request/segments": [["", "key", "generate"]],
	"/request/route": "/key/generate",
	"/request/operation": "manage",
	"/request/groups": ["management_routes"],
	"/request/models": [],
})

_info(record) := given.changed(given.with_owner(given.team_call), {
	"/request/method": "GET",
	"/request/path": "/key/info",
	"/request/segments": [["", "key", "info"]],
	"/request/route": "/key/info",
	"/request/operation": "info",
	"/request/groups": ["info_routes"],
	"/request/models": [],
	"/request/record": record,
})

_own(kind, id) := _info({"kind": kind, "id": id})

test_a_reserved_route_is_refused_while_the_path_is_unknown if {
	every path in ["/request/path", "/request/route", "/request/segments", "/request/segments/0"] {
		count(admin_only.deny) == 1 with input as given.without(given.call, path)
			with data.catalog as _reserving(["/v1/embeddings"])
	}
	every segments in [null, [], [[]], [null], ["/v1/chat/completions"], "/v1/chat/completions"] {
		count(admin_only.deny) == 1 with input as given.changed(given.call, {"/request/segments": segments})
			with data.catalog as _reserving(["/v1/embeddings"])
	}
}

test_a_route_is_refused_where_one_of_its_paths_is_reserved if {
	several := given.changed(given.call, {"/request/segments": [["", "engines", "a"], ["", "engines", "b"]]})
	every path in ["/engines/a", "/engines/b"] {
		count(admin_only.deny) == 1 with input as several with data.catalog as _reserving([path])
	}
}

test_a_reserved_group_is_refused_while_the_groups_are_unknown if {
	count(admin_only.deny) == 1 with input as given.without(given.call, "/request/groups")
		with data.catalog as given.changed(given.catalog, {"/settings/admin_only_routes": ["llm_api_routes"]})
}

test_an_info_about_a_null_id_is_refused if {
	every kind in ["key", "team", "user"] {
		count(admin_only.deny) == 1 with input as given.changed(given.call, {
			"/caller/key/token": null,
			"/request/operation": "info",
			"/request/models": [],
			"/request/record": {"kind": kind, "id": null},
		})
			with data.catalog as given.catalog
	}
}
