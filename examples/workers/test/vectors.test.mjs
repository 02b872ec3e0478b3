// Each example worker, as it is in the repository, answers its vectors: every build of it, under Node.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { load } from './host.mjs'

const EXAMPLES = join(dirname(fileURLToPath(import.meta.url)), '..')

/** Bytes of a vector's input or output. */
const bytes = (form) => ('text' in form ? Buffer.from(form.text) : Buffer.from(form.base64, 'base64'))

for (const worker of readdirSync(EXAMPLES).filter((one) => existsSync(join(EXAMPLES, one, 'worker.json'))).sort()) {
  const manifest = JSON.parse(readFileSync(join(EXAMPLES, worker, 'worker.json'), 'utf8'))
  const main = manifest.wasm.at(-1)
  for (const file of [main.path, main.simd].filter(Boolean)) {
    test(`${worker}/${file} answers its vectors`, () => {
      const loaded = load(join(EXAMPLES, worker, file), manifest.config)
      const lists = readdirSync(join(EXAMPLES, worker, 'vectors'))
      assert.ok(lists.length > 0)
      for (const list of lists) {
        for (const vector of JSON.parse(readFileSync(join(EXAMPLES, worker, 'vectors', list), 'utf8'))) {
          const answer = loaded.call(vector.function, bytes(vector.input))
          const where = `${list}: ${vector.function}: ${vector.name}`
          if (vector.output) assert.equal(answer.error ?? answer.output.toString('latin1'), bytes(vector.output).toString('latin1'), where)
          else if (vector.error.field) assert.deepEqual(JSON.parse(answer.error), vector.error, where)
          else assert.equal(answer.error, vector.error.message, where)
        }
      }
    })
    test(`${worker}/${file} has the functions that worker.json names`, () => {
      const { functions } = load(join(EXAMPLES, worker, file))
      if (functions.includes('_start')) return
      for (const [name, { divide }] of Object.entries(manifest.functions)) {
        for (const one of [name, divide?.split, divide?.join].filter(Boolean)) assert.ok(functions.includes(one), one)
      }
    })
  }
}
