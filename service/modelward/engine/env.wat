;; What the policies import, by OPA's interface for Wasm, beside their memory.
(module
  ;; A policy that aborts leaves the address of its message.
  (global $aborted (export "aborted") (mut i32) (i32.const 0))
  (func (export "opa_abort") (param i32) (global.set $aborted (local.get 0)) unreachable)
  (func (export "opa_println") (param i32))
  ;; Never called: policies that need a function of their host are refused.
  (func (export "opa_builtin0") (param i32 i32) (result i32) unreachable)
  (func (export "opa_builtin1") (param i32 i32 i32) (result i32) unreachable)
  (func (export "opa_builtin2") (param i32 i32 i32 i32) (result i32) unreachable)
  (func (export "opa_builtin3") (param i32 i32 i32 i32 i32) (result i32) unreachable)
  (func (export "opa_builtin4") (param i32 i32 i32 i32 i32 i32) (result i32) unreachable))
