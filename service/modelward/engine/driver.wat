;; Between the host and the policies. Each value that crosses into the guest as an argument costs as much as a tenth of a
;; decision, so `ask` takes none: in `room` are the question's length, the entrypoint and the question; the answer's
;; address takes the place of the length.
(module
  (memory (import "policies" "memory") 0)
  (global (export "version") (import "policies" "opa_wasm_abi_version") i32)
  (func $malloc (export "malloc") (import "policies" "opa_malloc") (param i32) (result i32))
  (func $heap (import "policies" "opa_heap_ptr_get") (result i32))
  (func $parse (import "policies" "opa_json_parse") (param i32 i32) (result i32))
  (func $dump (import "policies" "opa_json_dump") (param i32) (result i32))
  (func $entrypoints (import "policies" "entrypoints") (result i32))
  (func $builtins (import "policies" "builtins") (result i32))
  (func $eval (import "policies" "opa_eval") (param i32 i32 i32 i32 i32 i32 i32) (result i32))
  (global $data (mut i32) (i32.const 0))
  (global $room (mut i32) (i32.const 0))
  (global $scratch (mut i32) (i32.const 0))
  ;; Takes data as JSON, and says where the room for a question of at most `longest` bytes is.
  (func (export "load") (param $json i32) (param $length i32) (param $longest i32) (result i32)
    (global.set $data (call $parse (local.get $json) (local.get $length)))
    (global.set $room (call $malloc (local.get $longest)))
    (global.set $scratch (call $heap))
    (global.get $room))
  (func (export "entrypoints") (result i32) (call $dump (call $entrypoints)))
  (func (export "builtins") (result i32) (call $dump (call $builtins)))
  (func (export "ask")
    (i32.store (global.get $room)
      (call $eval (i32.const 0) (i32.load offset=4 (global.get $room)) (global.get $data)
        (i32.add (global.get $room) (i32.const 8)) (i32.load (global.get $room)) (global.get $scratch) (i32.const 0)))))
