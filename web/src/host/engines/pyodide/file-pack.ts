/**
 * A file pack is a container with many small files. Its readers get views into the one buffer, never copies.
 */
import { ContainerError, readContainer, writeContainer } from './container';

/** A file of a pack; the path is relative, with `/`, without `.` and `..`. */
export interface PackedFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A file that the pack only announces; its bytes are in another pack. */
export interface AbsentFile {
  readonly path: string;
  readonly length: number;
}

export interface FilePack {
  readonly files: readonly PackedFile[];
  readonly absent: readonly AbsentFile[];
}

/** The order of the files is kept: for libraries it decides the addresses that they get. */
export function writeFilePack(files: readonly PackedFile[], absent: readonly AbsentFile[] = []): Uint8Array {
  const header = {
    files: files.map(({ path, bytes }) => [checkedPath(path), bytes.length] as const),
    absent: absent.map(({ path, length }) => [checkedPath(path), length] as const),
  };
  return writeContainer(header, files.map((file) => file.bytes));
}

export function readFilePack(pack: Uint8Array): FilePack {
  const { header, payload } = readContainer(pack);
  const { files: present, absent } = (header ?? {}) as Record<string, unknown>;
  if (!Array.isArray(present) || !Array.isArray(absent)) {
    throw new ContainerError('the header of a file pack has two lists');
  }
  let at = 0;
  const files = present.map((entry: unknown) => {
    const [path, length] = checkedEntry(entry);
    const bytes = payload.subarray(at, at + length);
    at += length;
    return { path, bytes };
  });
  if (at !== payload.length) {
    throw new ContainerError(`a file pack of ${at} bytes came with ${payload.length}`);
  }
  return {
    files,
    absent: absent.map((entry: unknown) => {
      const [path, length] = checkedEntry(entry);
      return { path, length };
    }),
  };
}

function checkedEntry(entry: unknown): readonly [string, number] {
  if (!Array.isArray(entry) || entry.length !== 2) {
    throw new ContainerError('an entry of a file pack is a path and a length');
  }
  const [path, length] = entry as readonly unknown[];
  if (typeof path !== 'string' || typeof length !== 'number' || !Number.isSafeInteger(length) || length < 0) {
    throw new ContainerError('an entry of a file pack is a path and a length');
  }
  return [checkedPath(path), length];
}

function checkedPath(path: string): string {
  if (path.split('/').some((name) => name === '' || name === '.' || name === '..') || path.includes('\0')) {
    throw new ContainerError(`not a path of a file pack: ${JSON.stringify(path)}`);
  }
  return path;
}
