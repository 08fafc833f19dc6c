"""Objects that callers make at OpenAI's endpoints and name again by an id: files, batches, responses, threads ..."""

from dataclasses import replace

from modelward.contract import ObjectKind
from modelward.gateway.endpoints.mounts import DELETE, GET, OPENAI, OUTPUT, POST, Made, mounted, shown_items
from modelward.gateway.routes import IN_PATH, NESTED, Handler, Reading, Route, Shape, UpstreamCall

_PAGING = ("after", "before", "limit", "order", "include", "include[]", "starting_after", "stream", "filter", "run_id")


def _row(
    methods: frozenset[str],
    path: str,
    holds: ObjectKind | None = None,
    *,
    handler: Handler = "forward",
    makes: Made = (),
    reads: Reading = "none",
) -> Route:
    upstream = UpstreamCall("openai", path)
    passes = _PAGING if "GET" in methods else ()
    return Route(
        methods, f"/{path}", "state", OPENAI, handler, upstream, reads, holds=holds, makes=makes, passes=passes
    )


def _collection(
    path: str, kind: ObjectKind, id_: str, *, makes: Made | None = None, listed: bool = True
) -> list[Route]:
    """Making one (unless `makes` is empty), listing one's own, and reading or deleting one."""
    made = (("id", kind),) if makes is None else makes
    rows = [_row(POST, path, makes=made, reads="json")] if made else []
    rows += [_row(GET, path, kind, handler="objects")] if listed else []
    return [*rows, _row(GET | DELETE, f"{path}/{{{id_}}}", kind)]


_OUTPUT: Made = (("output_file_id", "file"), ("error_file_id", "file"))
_VIDEO: Made = (("id", "video"),)
_RESULTS: Made = (("result_files[]", "file"),)

_LISTED = shown_items("data[]")

_RESPONSES = (
    _row(GET, "responses/{response_id}", "response", makes=OUTPUT),
    _row(DELETE, "responses/{response_id}", "response"),
    _row(GET, "responses/{response_id}/input_items", "response", makes=_LISTED),
    _row(POST, "responses/{response_id}/cancel", "response", makes=OUTPUT, reads="json"),
)
_FILES = (
    replace(_row(POST, "files", handler="files", makes=(("id", "file"),), reads="form"), chosen=True),
    *_collection("files", "file", "file_id", makes=()),
    _row(GET, "files/{file_id}/content", "file"),
)
_BATCHES = (
    replace(
        _row(POST, "batches", handler="batches", makes=(("id", "batch"),), reads="json"),
        chosen=True,
        runs="input_file_id",
    ),
    _row(GET, "batches", "batch", handler="objects"),
    _row(GET, "batches/{batch_id}", "batch", makes=_OUTPUT),
    _row(POST, "batches/{batch_id}/cancel", "batch", makes=_OUTPUT, reads="json"),
)
_FINE_TUNING = (
    _row(GET, "fine_tuning/jobs", "fine_tuning_job", handler="objects"),
    _row(GET, "fine_tuning/jobs/{fine_tuning_job_id}", "fine_tuning_job", makes=_RESULTS),
    *(
        replace(
            _row(POST, f"fine_tuning/jobs/{{fine_tuning_job_id}}/{verb}", "fine_tuning_job", reads="json"),
            runs=IN_PATH if verb == "resume" else None,
        )
        for verb in ("cancel", "pause", "resume")
    ),
    *(
        _row(GET, f"fine_tuning/jobs/{{fine_tuning_job_id}}/{part}", "fine_tuning_job")
        for part in ("events", "checkpoints")
    ),
)
_WITH_ITEMS = (*NESTED, "items[].tools[].model", "items[].tools[].svg.model")
_CONVERSATIONS = (
    *(
        replace(row, nested=_WITH_ITEMS, content=("items",))
        for row in _collection("conversations", "conversation", "conversation_id", listed=False)
    ),
    _row(POST, "conversations/{conversation_id}", "conversation", reads="json"),
    replace(
        _row(POST, "conversations/{conversation_id}/items", "conversation", makes=_LISTED, reads="json"),
        nested=_WITH_ITEMS,
        content=("items",),
    ),
    _row(GET, "conversations/{conversation_id}/items", "conversation", makes=_LISTED),
    _row(GET, "conversations/{conversation_id}/items/{item_id}", "conversation", makes=shown_items()),
    _row(DELETE, "conversations/{conversation_id}/items/{item_id}", "conversation"),
)
_VECTOR_STORES = (
    *_collection("vector_stores", "vector_store", "vector_store_id"),
    _row(POST, "vector_stores/{vector_store_id}", "vector_store", reads="json"),
    replace(_row(POST, "vector_stores/{vector_store_id}/search", "vector_store", reads="json"), content=("query",)),
    replace(_row(POST, "vector_stores/{vector_store_id}/files", "vector_store", reads="json"), content=("attributes",)),
    _row(GET, "vector_stores/{vector_store_id}/files", "vector_store"),
    replace(
        _row(POST, "vector_stores/{vector_store_id}/files/{file_id}", "vector_store", reads="json"),
        content=("attributes",),
    ),
    _row(GET | DELETE, "vector_stores/{vector_store_id}/files/{file_id}", "vector_store"),
    _row(GET, "vector_stores/{vector_store_id}/files/{file_id}/content", "vector_store"),
    replace(
        _row(POST, "vector_stores/{vector_store_id}/file_batches", "vector_store", reads="json"),
        content=("attributes", "files[].attributes"),
    ),
    _row(GET, "vector_stores/{vector_store_id}/file_batches/{batch_id}", "vector_store"),
    _row(GET, "vector_stores/{vector_store_id}/file_batches/{batch_id}/files", "vector_store"),
    _row(POST, "vector_stores/{vector_store_id}/file_batches/{batch_id}/cancel", "vector_store", reads="json"),
)
_CONTAINERS = (
    *_collection("containers", "container", "container_id"),
    _row(POST, "containers/{container_id}/files", "container", reads="either"),
    _row(GET, "containers/{container_id}/files", "container"),
    _row(GET | DELETE, "containers/{container_id}/files/{file_id}", "container"),
    _row(GET, "containers/{container_id}/files/{file_id}/content", "container"),
)
_UPLOADS = (
    _row(POST, "uploads", makes=(("id", "upload"),), reads="json"),
    _row(POST, "uploads/{upload_id}/parts", "upload", reads="form"),
    _row(POST, "uploads/{upload_id}/complete", "upload", makes=(("file.id", "file"),), reads="json"),
    _row(POST, "uploads/{upload_id}/cancel", "upload", reads="json"),
)
_VIDEOS = (
    *_collection("videos", "video", "video_id", makes=()),
    replace(_row(GET, "videos/{video_id}/content", "video"), passes=("variant",)),
    replace(
        _row(POST, "videos/{video_id}/remix", "video", makes=_VIDEO, reads="json"), content=("prompt",), runs=IN_PATH
    ),
    replace(_row(POST, "videos/edits", makes=_VIDEO, reads="either"), content=("prompt",), runs="video.id"),
    replace(_row(POST, "videos/extensions", makes=_VIDEO, reads="either"), content=("prompt",), runs="video.id"),
)
_ASSISTANTS = (
    _row(GET, "assistants", "assistant", handler="objects"),
    _row(GET | DELETE, "assistants/{assistant_id}", "assistant"),
    _row(POST, "assistants/{assistant_id}", "assistant", reads="json"),
)
_THREADS = (
    *(replace(row, content=("messages",)) for row in _collection("threads", "thread", "thread_id", listed=False)),
    _row(POST, "threads/{thread_id}", "thread", reads="json"),
    replace(
        _row(POST, "threads/{thread_id}/runs", "thread", reads="json"),
        operation="infer",
        content=("additional_messages", "instructions"),
    ),
    _row(GET, "threads/{thread_id}/runs", "thread"),
    _row(GET, "threads/{thread_id}/runs/{run_id}", "thread"),
    _row(POST, "threads/{thread_id}/runs/{run_id}", "thread", reads="json"),
    _row(POST, "threads/{thread_id}/runs/{run_id}/cancel", "thread", reads="json"),
    _row(GET, "threads/{thread_id}/runs/{run_id}/steps", "thread"),
    _row(GET, "threads/{thread_id}/runs/{run_id}/steps/{step_id}", "thread"),
    replace(_row(POST, "threads/{thread_id}/messages", "thread", reads="json"), content=("content",)),
    _row(GET, "threads/{thread_id}/messages", "thread"),
    _row(POST, "threads/{thread_id}/messages/{message_id}", "thread", reads="json"),
    _row(GET | DELETE, "threads/{thread_id}/messages/{message_id}", "thread"),
)
# Not at any depth of a data source: the items that it holds are the caller's own data.
_GRADED = (
    *(*NESTED, "testing_criteria.**.model", "data_source.source.model"),
    *("data_source.sampling_params.tools[].model", "data_source.sampling_params.tools[].svg.model"),
    *("data_source.grader.**.model", "data_source.graders.**.model"),
)
_ROWS = ("data_source.input_messages", "data_source.source.content")
_RENAMED = Shape("", frozenset({"name", "metadata"}))
_OF_A_SOURCE = Shape(
    "data_source",
    frozenset({"type", "source", "input_messages", "model", "sampling_params", "grader", "graders"}),
)
_EVALS = (
    *(replace(row, nested=_GRADED, content=_ROWS) for row in _collection("evals", "eval", "eval_id")),
    replace(_row(POST, "evals/{eval_id}", "eval", reads="json"), shapes=(_RENAMED,)),
    replace(
        _row(POST, "evals/{eval_id}/runs", "eval", reads="json"),
        operation="infer",
        names=("data_source.model", "model"),
        nested=_GRADED,
        content=_ROWS,
        runs=IN_PATH,
        shapes=(_OF_A_SOURCE,),
    ),
    _row(GET, "evals/{eval_id}/runs", "eval"),
    _row(GET | DELETE, "evals/{eval_id}/runs/{run_id}", "eval"),
    _row(POST, "evals/{eval_id}/runs/{run_id}", "eval", reads="json"),
    _row(POST, "evals/{eval_id}/runs/{run_id}/cancel", "eval", reads="json"),
    _row(GET, "evals/{eval_id}/runs/{run_id}/output_items", "eval"),
    _row(GET, "evals/{eval_id}/runs/{run_id}/output_items/{output_item_id}", "eval"),
)

ROUTES: tuple[Route, ...] = tuple(
    mounted(
        (
            *_RESPONSES,
            *_FILES,
            *_BATCHES,
            *_FINE_TUNING,
            *_CONVERSATIONS,
            *_VECTOR_STORES,
            *_CONTAINERS,
            *_UPLOADS,
            *_VIDEOS,
            *_ASSISTANTS,
            *_THREADS,
            *_EVALS,
        )
    )
)
