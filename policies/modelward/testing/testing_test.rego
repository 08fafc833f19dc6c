# METADATA
# title: Builders of input and catalogue
# description: >-
#   What the tests ask with and of. A test starts from the plainest call that passes and changes the one fact
#   it is about.
package modelward.testing_test

import data.modelward.token_caller

# METADATA
# description: A chat call of `gpt-4` by a key without list, team or owner.
call := {
	"request": {
		"method": "POST",
		"path": "/v1/chat/completions",
		"route": "/v1/chat/completions",
		"segments": [["", "v1", "chat", "completions"]],
		"operation": "infer",
		"groups": ["llm_api_routes", "openai_routes"],
		"models": ["gpt-4"],
		"time_ns": 1000,
		"differ": false,
		"problem": "",
		"wildcards": false,
		"record": null,
		"calls": [],
		"fallback": false,
	},
	"caller": {
		"kind": "key",
		"key": {
			"token": "k1",
			"key_alias": null,
			"models": [],
			"aliases": {},
			"team_id": null,
			"user_id": null,
			"project_id": null,
			"organization_id": null,
			"access_group_ids": [],
			"expires_ns": null,
			"blocked": false,
			"allowed_routes": [],
			"metadata": {},
		},
		"team": null,
		"member": null,
		"user": null,
		"owner_teams": [],
		"project": null,
		"organizations": {},
		"access_groups": {},
		"token": null,
		"records": null,
		"origin": null,
	},
	"customer": null,
}

# METADATA
# description: A call of `models` by the same key.
asking(models) := changed(call, {"/request/models": models})

# METADATA
# description: The same call, in which `gpt-4` is a fallback of the config.
fallback_call := changed(call, {"/request/fallback": true})

# METADATA
# description: The same call by a key of team `t1`, which has no list.
team_call := changed(call, {
	"/caller/key/team_id": "t1",
	"/caller/team": team("t1"),
})

# METADATA
# description: The same call by a token that says nothing but that it is for user `u1`.
token_call := changed(call, {
	"/caller/kind": "jwt",
	"/caller/key": null,
	"/caller/token": {
		"issuer": null,
		"claims": {},
		"scopes": [],
		"roles": [],
		"user_roles": [],
		"object_id": null,
		"chosen_team_id": null,
		"expects_team": false,
		"team_id": null,
		"team_id_default": null,
		"team_alias": null,
		"team_ids": [],
		"user_id": "u1",
		"email": null,
		"organization_id": null,
	},
	"/caller/records": {
		"teams": {},
		"teams_of_alias": [],
		"users": {"u1": user("u1")},
		"members": [],
	},
})

# METADATA
# description: "`document` as a call by a token that claims the known teams `ids` in its list of teams."
of_teams(document, ids) := changed(document, {
	"/caller/token/team_ids": sort(ids),
	"/caller/records/teams": {id: team(id) | some id in ids},
})

# METADATA
# description: "`document` as a call by a token whose claim for one team names the known team `id`."
claiming(document, id) := changed(document, {
	"/caller/token/expects_team": true,
	"/caller/token/team_id": id,
	"/caller/records/teams": {id: team(id)},
})

# METADATA
# description: "`document` as a call by a token with the admin's scope."
as_admin(document) := changed(document, {"/caller/token/scopes": ["litellm_proxy_admin"]})

# METADATA
# description: "`document` by a token of this user's record."
of_user(document, record) := changed(document, {
	"/caller/token/user_id": record.user_id,
	"/caller/records/users": {record.user_id: record},
})

# METADATA
# description: "`document` by the caller that its token stands for under the catalogue `source`, as the rules get it."
stood_for(document, source) := changed(document, {"/caller": caller}) if {
	caller := token_caller.caller with input as document with data.catalog as source
}

# METADATA
# description: The same call by the personal key of user `u1`, who has no list and no role.
owned_call := with_owner(call)

# METADATA
# description: The same call by the master key.
master_call := changed(call, {"/caller/kind": "master", "/caller/key": null})

# METADATA
# description: A listing of the models by that key.
list_call := listed(call)

# METADATA
# description: "`document` as a listing of the models."
listed(document) := changed(document, {
	"/request/method": "GET",
	"/request/path": "/v1/models",
	"/request/route": "/v1/models",
	"/request/segments": [["", "v1", "models"]],
	"/request/operation": "list",
	"/request/groups": ["info_routes", "llm_api_routes", "openai_routes"],
	"/request/models": [],
	"/request/calls": ["/v1/chat/completions", "/openai/deployments/{model}/chat/completions"],
})

# METADATA
# description: "`document` with user `u1` as the owner of its key."
with_owner(document) := changed(document, {
	"/caller/key/user_id": "u1",
	"/caller/user": user("u1"),
})

# METADATA
# description: "`document` with each value of `changes` at its path, such as `/caller/key/models`."
changed(document, changes) := json.patch(document, [{"op": "add", "path": path, "value": value} |
	some path, value in changes
])

# METADATA
# description: "`document` without what is at `path`."
without(document, path) := json.remove(document, [path])
