# METADATA
# title: Builders of input and catalogue
# description: >-
#   What the tests ask with and of. A test starts from the plainest call that passes and changes the one fact
#   it is about.
package modelward.testing_test

# METADATA
# description: A chat call of `gpt-4` by a key without list, team or owner.
call := {
	"request": {
		"method": "POST",
		"path": "/v1/chat/completions",
		"route": "/v1/chat/completions",
		"operation": "infer",
		"groups": ["llm_api_routes", "openai_routes"],
		"models": ["gpt-4"],
		"time_ns": 1000,
		"differ": false,
		"problem": "",
		"wildcards": false,
		"record": null,
	},
	"caller": {
		"kind": "key",
		"key": {
			"hash": "k1",
			"alias": null,
			"models": [],
			"aliases": {},
			"team_id": null,
			"user_id": null,
			"expires_ns": null,
			"blocked": false,
			"allowed_routes": [],
			"metadata": {},
		},
		"team": null,
		"user": null,
	},
}

# METADATA
# description: A call of `models` by the same key.
asking(models) := changed(call, {"/request/models": models})

# METADATA
# description: The same call by a key of team `t1`, which has no list.
team_call := changed(call, {
	"/caller/key/team_id": "t1",
	"/caller/team": {
		"team_id": "t1",
		"alias": null,
		"models": [],
		"model_aliases": {},
		"blocked": false,
		"metadata": {},
	},
})

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
	"/request/operation": "list",
	"/request/groups": ["info_routes", "llm_api_routes", "openai_routes"],
	"/request/models": [],
})

# METADATA
# description: "`document` with user `u1` as the owner of its key."
with_owner(document) := changed(document, {
	"/caller/key/user_id": "u1",
	"/caller/user": {
		"user_id": "u1",
		"role": null,
		"models": [],
		"teams": [],
		"metadata": {},
	},
})

# METADATA
# description: "`document` with each value of `changes` at its path, such as `/caller/key/models`."
changed(document, changes) := json.patch(document, [{"op": "add", "path": path, "value": value} |
	some path, value in changes
])

# METADATA
# description: "`document` without what is at `path`."
without(document, path) := json.remove(document, [path])

# METADATA
# description: A catalogue with the entries `gpt-4` and `gpt-4o`, each with one deployment and no group.
catalog := catalog_of({"gpt-4": {"d1": []}, "gpt-4o": {"d2": []}}, [])

# METADATA
# description: >-
#   A catalogue of common entries. `entries` maps a name to its deployments, these an id to its access groups;
#   `wildcards` are the names that hold `*`, the most specific first.
catalog_of(entries, wildcards) := {
	"revision": "r1",
	"common": scope(entries, {name: rank | some rank, name in wildcards}, {}),
	"teams": {},
	"aliases": {},
	"reserved": object.union(_groups(entries), _special),
	"providers": {
		"gp": [{"prefix": "gpt-", "provider": "openai"}],
		"ft": [{"prefix": "ft:gpt-", "provider": "openai"}],
		"o1": [{"prefix": "o1", "provider": "openai"}],
		"cl": [{"prefix": "claude-", "provider": "anthropic"}],
	},
	"settings": {"empty_list": "allow", "allowed_routes": null, "admin_only_routes": []},
}

# METADATA
# description: >-
#   Entries that are looked up together. `wildcards` maps the names that hold `*` to their ranks, `names` maps a deployment's own model_name to the public name of its entry.
scope(entries, wildcards, names) := {
	"entries": {name: entry |
		some name, deployments in entries
		entry := {"deployments": _deployments(deployments), "groups": _groups({name: deployments})}
	},
	"wildcards": {prefix: group |
		some prefix in _prefixes(wildcards)
		group := [{"name": name, "rank": rank} | some name, rank in wildcards; split(name, "*")[0] == prefix]
	},
	"lengths": sort({count(prefix) | some prefix in _prefixes(wildcards)}),
	"names": names,
}

_prefixes(wildcards) := {split(name, "*")[0] | some name, _ in wildcards}

_special := {"no-default-models": true, "all-team-models": true, "all-proxy-models": true}

_groups(entries) := {group: true | group := entries[_][_][_]}

_deployments(deployments) := {id: {group: true | some group in groups} | some id, groups in deployments}
