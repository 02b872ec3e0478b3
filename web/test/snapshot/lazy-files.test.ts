import { describe, expect, it } from 'vitest';
import type { FileNode, FileSystem } from '@/host/engines/pyodide/emscripten';
import { LazyFiles } from '@/host/engines/pyodide/lazy-files';

/** As much of the in-memory file system as the lazy files touch. */
class Files implements FileSystem {
  readonly nodes = new Map<string, FileNode>();
  readonly folders: string[] = [];
  readonly ErrnoError = class extends Error {
    constructor(readonly errno: number) {
      super(`errno ${errno}`);
    }
  };

  mkdirTree(path: string): void {
    this.folders.push(path);
    this.nodes.set(path, this.#node((folder, name) => {
      const node = this.#node(() => { throw new this.ErrnoError(54); });
      this.nodes.set(`${path}/${name}`, node);
      return node;
    }));
  }

  writeFile(): void {
    throw new Error('not used');
  }

  lookupPath(path: string): { node: FileNode } {
    const node = this.nodes.get(path);
    if (node === undefined) {
      throw new this.ErrnoError(44);
    }
    return { node };
  }

  #node(mknod: FileNode['node_ops']['mknod']): FileNode {
    return { contents: null, usedBytes: 0, node_ops: { mknod } };
  }

  chdir(): void {
    throw new Error('not used');
  }
}

const BYTES = Uint8Array.of(1, 2, 3);
const PACK = [{ path: 'a/b.py', bytes: BYTES }, { path: 'c.py', bytes: BYTES }];

describe('lazy files', () => {
  const declared = (fetchNow: () => typeof PACK) => {
    const fs = new Files();
    const lazy = new LazyFiles(fetchNow);
    lazy.declare(fs, '/site', [{ path: 'a/b.py', length: 3 }, { path: 'c.py', length: 3 }]);
    return { fs, lazy, node: fs.lookupPath('/site/a/b.py').node };
  };

  it('are there with their lengths, and come all together when the first is read', () => {
    let fetched = 0;
    const { fs, node } = declared(() => { fetched += 1; return PACK; });

    expect([node.usedBytes, fetched, fs.folders]).toEqual([3, 0, ['/site/a', '/site']]);
    expect([node.contents, fs.lookupPath('/site/c.py').node.contents, node.contents]).toEqual([BYTES, BYTES, BYTES]);
    expect(fetched).toBe(1);
  });

  it('wait for nobody when they were supplied before', () => {
    const { lazy, node } = declared(() => { throw new Error('not needed'); });

    lazy.supply(PACK);

    expect(node.contents).toBe(BYTES);
  });

  it('keep what a program writes over them', () => {
    const { node } = declared(() => { throw new Error('not needed'); });

    node.contents = null;
    node.usedBytes = 0;

    expect(node.contents).toBeNull();
  });

  it('answer with an error of the file system when they cannot be fetched, and come when they can', () => {
    let online = false;
    const { node } = declared(() => {
      if (!online) {
        throw new Error('offline');
      }
      return PACK;
    });

    expect(() => node.contents).toThrow('errno 29');
    online = true;
    expect(node.contents).toBe(BYTES);
  });
});
