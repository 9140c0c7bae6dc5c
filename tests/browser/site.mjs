// Knows the built portal: where it lies, which pages it has, and one page of each kind.
import { readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** The portal under test, built from the example organisation. */
export const SITE = resolve(process.env.MILEPOST_SITE ?? join(root, 'target/example-site'));

/** Every HTML page of the portal, relative to it. */
export function pages(folder = SITE) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.html'))
    .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)))
    .sort();
}

/** The kind of a page: its path with every id replaced. */
function kind(page) {
  const parts = page.split('/');
  if (parts.length <= 2) return page;
  return [parts[0], ...parts.slice(1, -1).map((part) => (part.startsWith('_') ? '_' : '*')), parts.at(-1)].join('/');
}

/** One page of each kind: the largest, which shows most. */
export function onePageOfEachKind(size) {
  const largest = new Map();
  for (const page of pages()) {
    const known = largest.get(kind(page));
    if (known === undefined || size(page) > size(known)) largest.set(kind(page), page);
  }
  return [...largest.values()].sort();
}
