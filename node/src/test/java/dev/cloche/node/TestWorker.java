package dev.cloche.node;

import dev.cloche.wasm.Wat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A plug-in for tests: {@code empty}, {@code echo}, {@code endless}, {@code fail}, {@code refuse}, {@code trap}, {@code setting} (the value of {@code k}). */
final class TestWorker {
    /** What {@code refuse} says. */
    static final String REFUSAL = "{\"field\":\"B\",\"rule\":\"shape\",\"message\":\"B must have 2 rows.\"}";
    private static final String FIELDS = """
            (import "extism:host/env" "input_length" (func $input_length (result i64)))
            (import "extism:host/env" "input_load_u8" (func $input_load_u8 (param i64) (result i32)))
            (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
            (import "extism:host/env" "store_u8" (func $store_u8 (param i64 i32)))
            (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))
            (import "extism:host/env" "error_set" (func $error_set (param i64)))
            (import "extism:host/env" "config_get" (func $config_get (param i64) (result i64)))
            (import "extism:host/env" "length" (func $length (param i64) (result i64)))
            (memory (export "memory") 1)
            (data (i32.const 0) "%s")
            (data (i32.const 512) "it failed")
            (func (export "empty") (result i32) (i32.const 0))
            (func (export "endless") (result i32) (loop $l (br $l)) (i32.const 0))
            (func (export "trap") (result i32) (unreachable))
            (func $error (param $from i32) (param $length i32) (local $at i64) (local $i i32)
              (local.set $at (call $alloc (i64.extend_i32_u (local.get $length))))
              (loop $next
                (call $store_u8 (i64.add (local.get $at) (i64.extend_i32_u (local.get $i))) (i32.load8_u (i32.add (local.get $from) (local.get $i))))
                (local.set $i (i32.add (local.get $i) (i32.const 1)))
                (br_if $next (i32.lt_u (local.get $i) (local.get $length))))
              (call $error_set (local.get $at)))
            (func (export "refuse") (result i32) (call $error (i32.const 0) (i32.const %d)) (i32.const 1))
            (func (export "fail") (result i32) (call $error (i32.const 512) (i32.const 9)) (i32.const 1))
            (func (export "echo") (result i32) (local $n i64) (local $at i64) (local $i i64)
              (local.set $n (call $input_length))
              (local.set $at (call $alloc (local.get $n)))
              (block $end
                (loop $next
                  (br_if $end (i64.ge_u (local.get $i) (local.get $n)))
                  (call $store_u8 (i64.add (local.get $at) (local.get $i)) (call $input_load_u8 (local.get $i)))
                  (local.set $i (i64.add (local.get $i) (i64.const 1)))
                  (br $next)))
              (call $output_set (local.get $at) (local.get $n))
              (i32.const 0))
            (func (export "setting") (result i32) (local $at i64)
              (local.set $at (call $alloc (i64.const 1)))
              (call $store_u8 (local.get $at) (i32.const 107))
              (local.set $at (call $config_get (local.get $at)))
              (if (i64.ne (local.get $at) (i64.const 0))
                (then (call $output_set (local.get $at) (call $length (local.get $at)))))
              (i32.const 0))
            """.formatted(REFUSAL.replace("\"", "\\22"), REFUSAL.length());

    private TestWorker() {}

    /** Its bytes. */
    static byte[] bytes() {
        return Wat.module(FIELDS);
    }

    /** It as a file of this name in the folder. */
    static Path in(Path folder, String name) throws IOException {
        return Files.write(folder.resolve(name), bytes());
    }
}
