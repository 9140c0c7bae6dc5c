// The function before the portal's cache: leads every request into the release that counts, and addresses of pages to
// their files. Runs in CloudFront (JavaScript runtime 2.0) for each viewer request; the store holds one key, `release`: the
// folder of a release with a slash before it, which the step after `milepost publish` exchanges at once.
import cf from 'cloudfront';

const store = cf.kvs();

// What a portal has beside pages; an address with another ending, or none, is that of a page without its slash.
const FILE = /\.(css|csv|gz|html|ics|js|json|png|svg|txt|webmanifest|woff2|xml|zip)$/;

function answer(statusCode, statusDescription, headers) {
  const all = { 'cache-control': { value: 'no-store' }, 'content-type': { value: 'text/plain; charset=utf-8' } };
  return { statusCode, statusDescription, headers: Object.assign(all, headers), body: statusDescription };
}

async function handler(event) {
  const request = event.request;
  const uri = request.uri;
  // Notes of the publisher, and releases by name, are not the portal's.
  if (/^\/(\.milepost|releases)(\/|$)/.test(uri) || /(^|\/)\.\.?(\/|$)/.test(uri)) {
    return answer(404, 'Not Found', {});
  }
  let release;
  try {
    release = await store.get('release');
  } catch (_) {
    return answer(503, 'Nothing is published yet', { 'retry-after': { value: '60' } });
  }
  if (uri.endsWith('/')) {
    request.uri = `${release}${uri}index.html`;
  } else if (FILE.test(uri)) {
    request.uri = `${release}${uri}`;
  } else {
    return answer(308, 'Permanent Redirect', { location: { value: `${uri.replace(/^\/{2,}/, '/')}/` } });
  }
  return request;
}
