"""The endpoints of OpenAI's style, path by path; `{}` is an id."""

OPENAI = """
POST /chat/completions
POST /completions
POST /embeddings
POST /moderations
POST /responses
POST /responses/compact
POST /responses/input_tokens
GET DELETE /responses/{}
GET /responses/{}/input_items
POST /responses/{}/cancel
WEBSOCKET /responses
WEBSOCKET /realtime
POST /realtime/client_secrets
POST /realtime/sessions
POST /realtime/calls
POST /audio/speech
POST /audio/transcriptions
POST /audio/translations
POST /images/generations
POST /images/edits
POST /images/variations
GET POST /videos
GET DELETE /videos/{}
GET /videos/{}/content
POST /videos/{}/remix
POST /videos/edits
POST /videos/extensions
GET POST /files
GET DELETE /files/{}
GET /files/{}/content
GET POST /batches
GET /batches/{}
POST /batches/{}/cancel
POST /uploads
POST /uploads/{}/parts
POST /uploads/{}/complete
POST /uploads/{}/cancel
GET POST /fine_tuning/jobs
GET /fine_tuning/jobs/{}
GET /fine_tuning/jobs/{}/events
GET /fine_tuning/jobs/{}/checkpoints
POST /fine_tuning/jobs/{}/cancel
POST /fine_tuning/jobs/{}/pause
POST /fine_tuning/jobs/{}/resume
GET POST /evals
GET DELETE POST /evals/{}
GET POST /evals/{}/runs
GET DELETE POST /evals/{}/runs/{}
POST /evals/{}/runs/{}/cancel
GET /evals/{}/runs/{}/output_items
GET /evals/{}/runs/{}/output_items/{}
GET POST /assistants
GET DELETE POST /assistants/{}
POST /threads
GET DELETE POST /threads/{}
POST /threads/runs
GET POST /threads/{}/runs
GET POST /threads/{}/runs/{}
POST /threads/{}/runs/{}/cancel
GET /threads/{}/runs/{}/steps
GET /threads/{}/runs/{}/steps/{}
GET POST /threads/{}/messages
GET DELETE POST /threads/{}/messages/{}
POST /conversations
GET DELETE POST /conversations/{}
GET POST /conversations/{}/items
GET DELETE /conversations/{}/items/{}
GET POST /vector_stores
GET DELETE POST /vector_stores/{}
POST /vector_stores/{}/search
GET POST /vector_stores/{}/files
GET DELETE POST /vector_stores/{}/files/{}
GET /vector_stores/{}/files/{}/content
POST /vector_stores/{}/file_batches
GET /vector_stores/{}/file_batches/{}
GET /vector_stores/{}/file_batches/{}/files
POST /vector_stores/{}/file_batches/{}/cancel
GET POST /containers
GET DELETE /containers/{}
GET POST /containers/{}/files
GET DELETE /containers/{}/files/{}
GET /containers/{}/files/{}/content
"""
"""Served below `/v1` and without it, and as a pass-through."""
