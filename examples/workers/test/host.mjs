// A small host for workers under Node: blocks of memory with offsets, as the Extism interface has them, and just enough of WASI.
import { readFileSync } from 'node:fs'

/** Loads a module; each call gets an instance of its own. Answers {output}, {error} or {exit, output} as bytes and text. */
export function load(file, config = {}) {
  const module = new WebAssembly.Module(readFileSync(file))
  const command = WebAssembly.Module.exports(module).some((one) => one.name === '_start')
  const functions = WebAssembly.Module.exports(module).filter((one) => one.kind === 'function').map((one) => one.name)
  return { module, functions, call: (name, input, variables = new Map()) => (command ? runCommand(module, name, input) : callFunction(module, name, input, config, variables)) }
}

function callFunction(module, name, input, config, variables) {
  const host = new Host(input, config, variables)
  const instance = new WebAssembly.Instance(module, { 'extism:host/env': host.imports(), env: { abort: host.abort }, wasi_snapshot_preview1: wasiOf(() => instance.exports.memory, [], input, []) })
  instance.exports._initialize?.()
  const status = instance.exports[name]()
  if (host.error !== 0n) return { error: host.text(host.error) }
  if (status !== 0 && status !== undefined) return { error: `status ${status}` }
  return { output: host.output, instance }
}

class Host {
  constructor(input, config, variables) {
    this.bytes = Buffer.alloc(1 << 16)
    this.blocks = new Map()
    this.next = 16
    this.config = config
    this.variables = variables
    this.input = input
    this.inputAt = this.block(input)
    this.output = Buffer.alloc(0)
    this.error = 0n
  }

  alloc(length) {
    const at = this.next
    this.next += Math.max(8, (length + 7) & ~7)
    if (this.next > this.bytes.length) {
      const larger = Buffer.alloc(Math.max(this.next, this.bytes.length * 2))
      this.bytes.copy(larger)
      this.bytes = larger
    }
    this.blocks.set(at, length)
    return at
  }

  block(bytes) {
    const at = this.alloc(bytes.length)
    this.bytes.set(bytes, at)
    return at
  }

  text(at) {
    return this.bytes.toString('utf8', Number(at), Number(at) + this.blocks.get(Number(at)))
  }

  abort = () => {
    throw new Error('the worker gave up')
  }

  imports() {
    const inInput = (offset, size) => {
      if (Number(offset) + size > this.input.length) throw new Error('read beyond the input')
      return this.inputAt + Number(offset)
    }
    const noted = (value) => (value === undefined ? 0n : BigInt(this.block(Buffer.from(value))))
    return {
      input_length: () => BigInt(this.input.length),
      input_offset: () => BigInt(this.inputAt),
      input_load_u8: (offset) => this.bytes.readUInt8(inInput(offset, 1)),
      input_load_u64: (offset) => this.bytes.readBigUInt64LE(inInput(offset, 8)),
      alloc: (length) => BigInt(this.alloc(Number(length))),
      free: () => {},
      length: (at) => BigInt(this.blocks.get(Number(at)) ?? 0),
      length_unsafe: (at) => BigInt(this.blocks.get(Number(at)) ?? 0),
      load_u8: (at) => this.bytes.readUInt8(Number(at)),
      load_u64: (at) => this.bytes.readBigUInt64LE(Number(at)),
      store_u8: (at, value) => void this.bytes.writeUInt8(value & 255, Number(at)),
      store_u64: (at, value) => void this.bytes.writeBigUInt64LE(BigInt.asUintN(64, value), Number(at)),
      output_set: (at, length) => void (this.output = Buffer.from(this.bytes.subarray(Number(at), Number(at) + Number(length)))),
      error_set: (at) => void (this.error = at),
      config_get: (key) => noted(this.config[this.text(key)]),
      var_get: (key) => noted(this.variables.get(this.text(key))),
      var_set: (key, value) => void (value === 0n ? this.variables.delete(this.text(key)) : this.variables.set(this.text(key), this.text(value))),
      http_request: () => 0n,
      http_status_code: () => 0,
      http_headers: () => 0n,
      get_log_level: () => 0x7fffffff,
      log_trace: () => {}, log_debug: () => {}, log_info: () => {}, log_warn: () => {}, log_error: () => {},
    }
  }
}

class Exit extends Error {
  constructor(code) {
    super(`exit ${code}`)
    this.code = code
  }
}

function runCommand(module, name, input) {
  const output = [], errors = []
  const instance = new WebAssembly.Instance(module, { wasi_snapshot_preview1: wasiOf(() => instance.exports.memory, ['worker', name], input, output, errors) })
  try {
    instance.exports._start()
  } catch (failure) {
    if (!(failure instanceof Exit)) throw failure
    if (failure.code !== 0) return { error: Buffer.concat(errors).toString().trim() || `exit ${failure.code}` }
  }
  return { output: Buffer.concat(output) }
}

/** What a command asks of WASI: its arguments, standard input, output and error. Everything else is refused. */
function wasiOf(memory, words, input, output, errors = []) {
  let read = 0
  const view = () => new DataView(memory().buffer)
  const strings = words.map((word) => Buffer.from(`${word}\0`))
  const each = (list, count, use) => {
    let done = 0
    for (let i = 0; i < count; i++) done += use(view().getUint32(list + 8 * i, true), view().getUint32(list + 8 * i + 4, true))
    return done
  }
  const known = {
    args_sizes_get: (count, size) => (view().setUint32(count, strings.length, true), view().setUint32(size, strings.reduce((sum, one) => sum + one.length, 0), true), 0),
    args_get: (list, at) => {
      for (const [i, one] of strings.entries()) {
        view().setUint32(list + 4 * i, at, true)
        new Uint8Array(memory().buffer).set(one, at)
        at += one.length
      }
      return 0
    },
    environ_sizes_get: (count, size) => (view().setUint32(count, 0, true), view().setUint32(size, 0, true), 0),
    environ_get: () => 0,
    fd_read: (fd, list, count, done) => {
      if (fd !== 0) return 8
      const got = each(list, count, (at, length) => {
        const part = input.subarray(read, read + length)
        new Uint8Array(memory().buffer).set(part, at)
        read += part.length
        return part.length
      })
      return view().setUint32(done, got, true), 0
    },
    fd_write: (fd, list, count, done) => {
      if (fd !== 1 && fd !== 2) return 8
      const put = each(list, count, (at, length) => ((fd === 1 ? output : errors).push(Buffer.from(memory().buffer.slice(at, at + length))), length))
      return view().setUint32(done, put, true), 0
    },
    fd_fdstat_get: (fd, at) => {
      if (fd > 2) return 8
      for (let i = 0; i < 24; i++) view().setUint8(at + i, 0)
      return view().setUint8(at, 2), 0
    },
    fd_close: () => 0,
    fd_seek: () => 70,
    fd_prestat_get: () => 8,
    fd_prestat_dir_name: () => 8,
    proc_exit: (code) => {
      throw new Exit(code)
    },
  }
  return new Proxy(known, { get: (all, name) => all[name] ?? (() => 52), has: () => true })
}
