// Serves a built portal on loopback with the headers it is meant to be served with.
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';

/** The policy that a portal must live with: no inline script or style, nothing from elsewhere. */
export const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const MEDIA_TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.ics': 'text/calendar; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
};

/** Serves `folder`, with the policy unless told otherwise; resolves to its address and what ends it. */
export async function serve(folder, { policy = true } = {}) {
  const root = resolve(folder);
  const server = createServer((request, response) => {
    let path = resolve(root, '.' + decodeURIComponent(new URL(request.url, 'http://portal').pathname));
    let found = path === root || path.startsWith(root + sep) ? statSync(path, { throwIfNoEntry: false }) : undefined;
    if (found?.isDirectory()) {
      path = join(path, 'index.html');
      found = statSync(path, { throwIfNoEntry: false });
    }
    if (!found?.isFile()) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('not found');
      return;
    }
    response.writeHead(200, {
      'content-type': MEDIA_TYPES[extname(path)] ?? 'application/octet-stream',
      ...(policy ? { 'content-security-policy': CONTENT_SECURITY_POLICY } : {}),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    createReadStream(path).pipe(response);
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    address: `http://127.0.0.1:${server.address().port}/`,
    close: () => new Promise((closed) => server.close(closed)),
  };
}
