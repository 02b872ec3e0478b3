;; Memory between a worker and its host: blocks named by 64-bit offsets, which both sides read and write.
;;
;; The functions are those of the public plug-in interface `extism:host/env`; this module is our own. It is linked as a
;; library into each worker's instance, so that a worker's loads and stores stay within WebAssembly. The variables of the
;; allocator are globals, which no store reaches. Behind the null page's first 256 bytes lie blocks:
;;
;;   offset-16  u32  tag: offset ^ ACTIVE, or offset ^ FREE
;;   offset-12  u32  room, a multiple of 16
;;   offset-8   u32  length that was asked for
;;   offset     the bytes; in a free block first the offset of the next free one of its class
;;
;; Bytes 128 to 255 are the heads of 32 lists of free blocks; class k has rooms from 2^k to 2^(k+1)-1. A worker can spoil the
;; headers of its blocks. All that is taken from them is compared with the memory's end, so it harms nobody but itself.
;;
;; A free block is used again only when the memory would have to grow otherwise: libraries of some languages free a block
;; that they have given away, and must not hit the one that they got back.
(module
  (memory (export "memory") 1)

  (global $BASE i64 (i64.const 256))
  (global $ACTIVE i32 (i32.const 0x434c4f43))
  (global $FREE i32 (i32.const 0x46524545))

  ;; bytes of memory
  (global $end (mut i64) (i64.const 65536))
  ;; how many offsets from the base on have one byte, eight bytes behind them
  (global $ones (mut i64) (i64.const 65280))
  (global $eights (mut i64) (i64.const 65273))
  ;; where the next new block begins
  (global $position (mut i64) (i64.const 256))
  (global $input (mut i64) (i64.const 0))
  (global $input_length (mut i64) (i64.const 0))
  ;; how many places of the input have eight bytes behind them
  (global $input_eights (mut i64) (i64.const 0))
  (global $output (mut i64) (i64.const 0))
  (global $output_length (mut i64) (i64.const 0))
  (global $error (mut i64) (i64.const 0))
  ;; how many allocations were refused since the last reset
  (global $refused (mut i32) (i32.const 0))

  ;; whether n bytes from p on lie behind the base and before the end
  (func $inside (param $p i64) (param $n i64) (result i32)
    (i32.and
      (i64.ge_u (local.get $p) (global.get $BASE))
      (i32.and
        (i64.le_u (local.get $n) (global.get $end))
        (i64.le_u (local.get $p) (i64.sub (global.get $end) (local.get $n))))))

  ;; whether p is the offset of a block with this tag; its room lies before the position
  (func $block (param $p i64) (param $tag i32) (result i32)
    (local $at i32)
    (if (i64.lt_u (local.get $p) (i64.const 272)) (then (return (i32.const 0))))
    (if (i64.ge_u (local.get $p) (global.get $position)) (then (return (i32.const 0))))
    (local.set $at (i32.wrap_i64 (local.get $p)))
    (if (i32.ne (i32.load (i32.sub (local.get $at) (i32.const 16))) (i32.xor (local.get $at) (local.get $tag))) (then (return (i32.const 0))))
    (i64.le_u
      (i64.add (local.get $p) (i64.load32_u (i32.sub (local.get $at) (i32.const 12))))
      (global.get $position)))

  (func $class (param $room i32) (result i32)
    (i32.sub (i32.const 31) (i32.clz (local.get $room))))

  (func $head (param $class i32) (result i32)
    (i32.add (i32.const 128) (i32.shl (local.get $class) (i32.const 2))))

  ;; takes the first free block of a class if it has room enough, else gives 0
  (func $take (param $class i32) (param $room i32) (result i32)
    (local $head i32) (local $found i32)
    (local.set $head (call $head (local.get $class)))
    (local.set $found (i32.load (local.get $head)))
    (if (i32.eqz (local.get $found)) (then (return (i32.const 0))))
    (if (i32.eqz (call $block (i64.extend_i32_u (local.get $found)) (global.get $FREE)))
      (then
        ;; the list is spoiled
        (i32.store (local.get $head) (i32.const 0))
        (return (i32.const 0))))
    (if (i32.lt_u (i32.load (i32.sub (local.get $found) (i32.const 12))) (local.get $room)) (then (return (i32.const 0))))
    (i32.store (local.get $head) (i32.load (local.get $found)))
    (local.get $found))

  (func $alloc (export "alloc") (param $n i64) (result i64)
    (local $room i32) (local $class i32) (local $at i32) (local $next i64) (local $pages i64)
    (if (i64.eqz (local.get $n)) (then (return (i64.const 0))))
    (if (i64.gt_u (local.get $n) (i64.const 0xfffe0000))
      (then
        (global.set $refused (i32.add (global.get $refused) (i32.const 1)))
        (return (i64.const 0))))
    (local.set $room (i32.and (i32.add (i32.wrap_i64 (local.get $n)) (i32.const 15)) (i32.const -16)))
    (local.set $next (i64.add (i64.add (global.get $position) (i64.const 16)) (i64.extend_i32_u (local.get $room))))
    (if (i64.gt_u (local.get $next) (global.get $end))
      (then
        (local.set $class (call $class (local.get $room)))
        (local.set $at (call $take (local.get $class) (local.get $room)))
        (if (i32.eqz (local.get $at))
          (then (if (i32.lt_u (local.get $class) (i32.const 31))
            (then (local.set $at (call $take (i32.add (local.get $class) (i32.const 1)) (local.get $room)))))))))
    (if (i32.eqz (local.get $at))
      (then
        (if (i64.gt_u (local.get $next) (global.get $end))
          (then
            (local.set $pages (i64.shr_u (i64.add (i64.sub (local.get $next) (global.get $end)) (i64.const 65535)) (i64.const 16)))
            (if (i32.eq (memory.grow (i32.wrap_i64 (local.get $pages))) (i32.const -1))
              (then
                (global.set $refused (i32.add (global.get $refused) (i32.const 1)))
                (return (i64.const 0))))
            (global.set $end (i64.add (global.get $end) (i64.shl (local.get $pages) (i64.const 16))))
            (global.set $ones (i64.sub (global.get $end) (global.get $BASE)))
            (global.set $eights (i64.sub (global.get $ones) (i64.const 7)))))
        (local.set $at (i32.wrap_i64 (i64.add (global.get $position) (i64.const 16))))
        (i32.store (i32.sub (local.get $at) (i32.const 12)) (local.get $room))
        (global.set $position (local.get $next))))
    (i32.store (i32.sub (local.get $at) (i32.const 16)) (i32.xor (local.get $at) (global.get $ACTIVE)))
    (i32.store (i32.sub (local.get $at) (i32.const 8)) (i32.wrap_i64 (local.get $n)))
    (i64.extend_i32_u (local.get $at)))

  (func (export "free") (param $p i64)
    (local $at i32) (local $room i32) (local $head i32)
    (if (i32.eqz (call $block (local.get $p) (global.get $ACTIVE))) (then (return)))
    (local.set $at (i32.wrap_i64 (local.get $p)))
    (local.set $room (i32.load (i32.sub (local.get $at) (i32.const 12))))
    (if (i64.eq (local.get $p) (global.get $input)) (then
      (global.set $input_length (i64.const 0))
      (global.set $input_eights (i64.const 0))))
    (if (i32.lt_u (local.get $room) (i32.const 16)) (then (return)))
    (local.set $head (call $head (call $class (local.get $room))))
    (i32.store (i32.sub (local.get $at) (i32.const 16)) (i32.xor (local.get $at) (global.get $FREE)))
    (i32.store (local.get $at) (i32.load (local.get $head)))
    (i32.store (local.get $head) (local.get $at)))

  (func $length (export "length") (param $p i64) (result i64)
    (local $used i32) (local $room i32)
    (if (i32.eqz (call $block (local.get $p) (global.get $ACTIVE))) (then (return (i64.const 0))))
    (local.set $used (i32.load (i32.sub (i32.wrap_i64 (local.get $p)) (i32.const 8))))
    (local.set $room (i32.load (i32.sub (i32.wrap_i64 (local.get $p)) (i32.const 12))))
    ;; a spoiled header may say more than there is
    (i64.extend_i32_u (select (local.get $used) (local.get $room) (i32.lt_u (local.get $used) (local.get $room)))))
  (export "length_unsafe" (func $length))

  ;; the four below are called for every few bytes, so each compares once: what lies before the base wraps round
  (func (export "load_u8") (param $p i64) (result i32)
    (if (result i32) (i64.lt_u (i64.sub (local.get $p) (i64.const 256)) (global.get $ones))
      (then (i32.load8_u (i32.wrap_i64 (local.get $p))))
      (else (i32.const 0))))

  (func (export "load_u64") (param $p i64) (result i64)
    (if (result i64) (i64.lt_u (i64.sub (local.get $p) (i64.const 256)) (global.get $eights))
      (then (i64.load align=1 (i32.wrap_i64 (local.get $p))))
      (else (i64.const 0))))

  (func (export "store_u8") (param $p i64) (param $value i32)
    (if (i64.lt_u (i64.sub (local.get $p) (i64.const 256)) (global.get $ones))
      (then (i32.store8 (i32.wrap_i64 (local.get $p)) (local.get $value)))))

  (func (export "store_u64") (param $p i64) (param $value i64)
    (if (i64.lt_u (i64.sub (local.get $p) (i64.const 256)) (global.get $eights))
      (then (i64.store align=1 (i32.wrap_i64 (local.get $p)) (local.get $value)))))

  (func (export "input_load_u8") (param $k i64) (result i32)
    (if (result i32) (i64.lt_u (local.get $k) (global.get $input_length))
      (then (i32.load8_u (i32.wrap_i64 (i64.add (global.get $input) (local.get $k)))))
      (else (i32.const 0))))

  (func (export "input_load_u64") (param $k i64) (result i64)
    (if (result i64) (i64.lt_u (local.get $k) (global.get $input_eights))
      (then (i64.load align=1 (i32.wrap_i64 (i64.add (global.get $input) (local.get $k)))))
      (else (i64.const 0))))

  (func $input_set (export "input_set") (param $p i64) (param $n i64)
    (if (i32.eqz (call $inside (local.get $p) (local.get $n))) (then (return)))
    (global.set $input (local.get $p))
    (global.set $input_length (local.get $n))
    (global.set $input_eights (select (i64.sub (local.get $n) (i64.const 7)) (i64.const 0) (i64.gt_u (local.get $n) (i64.const 7)))))

  (func (export "output_set") (param $p i64) (param $n i64)
    (if (i64.eqz (local.get $n))
      (then
        (global.set $output (i64.const 0))
        (global.set $output_length (i64.const 0))
        (return)))
    (if (i32.eqz (call $inside (local.get $p) (local.get $n))) (then (return)))
    (global.set $output (local.get $p))
    (global.set $output_length (local.get $n)))

  (func (export "error_set") (param $p i64)
    (if (i32.or (i64.eqz (local.get $p)) (call $inside (local.get $p) (i64.const 1)))
      (then (global.set $error (local.get $p)))))

  (func (export "input_offset") (result i64) (global.get $input))
  (func (export "input_length") (result i64) (global.get $input_length))
  (func (export "output_offset") (result i64) (global.get $output))
  (func (export "output_length") (result i64) (global.get $output_length))
  (func (export "error_get") (result i64) (global.get $error))
  (func (export "memory_bytes") (result i64) (global.get $end))

  ;; forgets and clears everything
  (func $reset (export "reset")
    (memory.fill (i32.const 128) (i32.const 0) (i32.wrap_i64 (i64.sub (global.get $position) (i64.const 128))))
    (global.set $position (global.get $BASE))
    (global.set $input (i64.const 0))
    (global.set $input_length (i64.const 0))
    (global.set $input_eights (i64.const 0))
    (global.set $output (i64.const 0))
    (global.set $output_length (i64.const 0))
    (global.set $error (i64.const 0))
    (global.set $refused (i32.const 0)))

  ;; for the host: forgets everything and makes room for an input; 0 if there is none
  (func (export "cloche_begin") (param $n i64) (result i64)
    (local $at i64)
    (call $reset)
    (local.set $at (call $alloc (local.get $n)))
    (if (i64.ne (local.get $at) (i64.const 0)) (then (call $input_set (local.get $at) (local.get $n))))
    (local.get $at))

  ;; for the host: the error's offset, its length, the output's offset, its length, how many allocations were refused
  (func (export "cloche_end") (result i64 i64 i64 i64 i32)
    (global.get $error)
    (call $length (global.get $error))
    (global.get $output)
    (global.get $output_length)
    (global.get $refused))
)
