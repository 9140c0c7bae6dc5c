// What Milepost asks GitHub over REST, and what the tests' stand-in answers, against the description that GitHub
// publishes. Prism judges both, between whoever asks and a server that answers once more what the stand-in answered.
// The exchanges are written down by `cargo test`, in `tests/suite/collect/github/rest.rs`.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

const JSON_TYPE = "application/json";
const VENDOR = "application/vnd.github+json";
const RAW = "application/vnd.github.raw+json";
const BLOBS = "/repos/{owner}/{repo}/git/blobs/{file_sha}";
const OPERATIONS = [
  "GET /orgs/{org}/installation",
  "GET /rate_limit",
  `GET ${BLOBS}`,
  "GET /users/{username}/installation",
  "POST /app/installations/{installation_id}/access_tokens",
];

const published = JSON.parse(read("node_modules/@octokit/openapi/generated/api.github.com.json"));
const exchanges = JSON.parse(read("../../target/tmp/github-rest-exchanges.json"));

function read(path) {
  return readFileSync(new URL(path, import.meta.url), "utf8");
}

/** What `pointer` names in the description. */
function resolved(pointer) {
  return pointer.split("/").slice(1).reduce((at, name) => at[name], published);
}

/** Says `nullable` in words of JSON Schema where no type stands beside it: Prism would drop such a schema unsaid. */
function allowNull(value) {
  if (value === null || typeof value !== "object") return;
  if (value.nullable === true && value.anyOf && !value.type) {
    delete value.nullable;
    value.anyOf.push({ enum: [null] });
  }
  Object.values(value).forEach(allowNull);
}

/** GitHub's description of what we ask, with all that it refers to, and what GitHub does without describing it. */
function description() {
  const paths = {};
  for (const operation of OPERATIONS) {
    const [method, path] = operation.split(" ");
    paths[path] = { [method.toLowerCase()]: structuredClone(published.paths[path][method.toLowerCase()]) };
  }
  // Where an App is not installed, which is documented in words only.
  for (const path of ["/orgs/{org}/installation", "/users/{username}/installation"]) {
    paths[path].get.responses[404] ??= { $ref: "#/components/responses/not_found" };
  }
  const components = {};
  const follow = (value) => {
    if (value === null || typeof value !== "object") return;
    if (typeof value.$ref === "string") {
      const [kind, name] = value.$ref.split("/").slice(2);
      components[kind] ??= {};
      if (!(name in components[kind])) {
        components[kind][name] = structuredClone(resolved(value.$ref));
        follow(components[kind][name]);
      }
    }
    Object.values(value).forEach(follow);
  };
  follow(paths);
  // Asked for raw, a blob is its own text. Prism takes all types that end with `+json` for the same, so it stands alone.
  paths[BLOBS].get.responses[200].content = { [RAW]: { schema: { type: "string" } } };
  [paths, components].forEach(allowNull);
  const { openapi, info, servers } = published;
  return { openapi, info, servers, paths, components };
}

const folder = mkdtempSync(join(tmpdir(), "milepost-github-rest-"));
let upstream;
let prism;
let port;
/** What the server behind Prism answers next, and how many requests reached it. */
let next;
let reached = 0;

before(async () => {
  upstream = createServer((asked, answer) => {
    reached += 1;
    asked.resume();
    const type = next.headers["content-type"];
    // Prism takes whatever ends with `+json` for JSON, which raw text is not: it is handed over as a string of JSON.
    const body = type.startsWith(RAW) ? JSON.stringify(next.body) : next.body;
    const { "content-length": _, ...headers } = next.headers;
    answer.writeHead(next.status, headers).end(body);
  });
  await once(upstream.listen(0, "127.0.0.1"), "listening");
  const document = join(folder, "github.json");
  writeFileSync(document, JSON.stringify(description()));
  const program = fileURLToPath(new URL("node_modules/@stoplight/prism-cli/dist/index.js", import.meta.url));
  const behind = `http://127.0.0.1:${upstream.address().port}`;
  const options = ["--errors", "--host", "127.0.0.1", "--port", "0"];
  prism = spawn(process.execPath, [program, "proxy", document, behind, ...options], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  port = await new Promise((resolve, reject) => {
    const listen = (text) => {
      said += text;
      const found = /listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(said);
      if (found) resolve(Number(found[1]));
    };
    prism.stdout.on("data", listen);
    prism.stderr.on("data", listen);
    prism.once("error", reject);
    prism.once("exit", (code) => reject(new Error(`Prism ended with ${code}: ${said}`)));
  });
}, { timeout: 120_000 });

after(async () => {
  upstream?.close();
  if (prism && prism.exitCode === null) {
    prism.kill("SIGKILL");
    await once(prism, "exit");
  }
  rmSync(folder, { recursive: true });
});

/** Asks through Prism what was asked, to be answered as it was; what Prism says to that. */
async function judged({ method, path, headers, body, answer }) {
  next = answer;
  // Not `fetch`, which sends headers of its own.
  const asking = request({ host: "127.0.0.1", port, method, path, headers, agent: false });
  asking.end(body);
  const [told] = await once(asking, "response");
  let text = "";
  for await (const part of told.setEncoding("utf8")) text += part;
  return { status: told.statusCode, violations: told.headers["sl-violations"], text };
}

/** The exchange of this path with this status. */
function one(path, status) {
  const found = exchanges.find((exchange) => path.test(exchange.path) && exchange.answer.status === status);
  assert.ok(found, `${path} with ${status} was recorded`);
  return structuredClone(found);
}

test("every operation was asked", () => {
  const asked = exchanges.map(({ method, path }) => {
    const matches = (operation) =>
      new RegExp(`^${operation.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(`${method} ${path}`);
    return OPERATIONS.find(matches) ?? `${method} ${path}`;
  });
  assert.deepEqual([...new Set(asked)].sort(), OPERATIONS);
});

test("requests say who asks, which version is meant, and what is accepted", () => {
  for (const { path, headers, answer } of exchanges) {
    assert.equal(headers.authorization, "Bearer withheld", path);
    assert.match(headers["user-agent"], /^milepost\//, path);
    assert.match(headers["x-github-api-version"], /^\d{4}-\d{2}-\d{2}$/, path);
    assert.equal(headers.accept, path.includes("/blobs/") ? RAW : VENDOR);
    const type = answer.headers["content-type"].split(";")[0];
    assert.ok([JSON_TYPE, headers.accept].includes(type), `${path} is answered with ${type}`);
  }
});

test("requests and answers are what GitHub describes", async () => {
  for (const exchange of exchanges) {
    const count = reached;
    const { status, violations, text } = await judged(exchange);
    const what = `${exchange.method} ${exchange.path}: ${text}`;
    assert.equal(violations, undefined, what);
    assert.equal(status, exchange.answer.status, what);
    assert.equal(reached, count + 1, what);
  }
});

test("a request that GitHub does not describe is refused", async () => {
  const count = reached;
  const whole = one(/access_tokens$/, 201);
  const asked = (body) => ({
    ...whole,
    headers: { ...whole.headers, "content-type": JSON_TYPE, "content-length": String(body.length) },
    body,
  });
  const broken = await judged(asked('{"repository_ids":"all"}'));
  assert.equal(broken.status, 422, broken.text);
  assert.match(broken.text, /repository_ids must be array/i);
  const number = await judged({ ...whole, path: "/app/installations/seventh/access_tokens" });
  assert.equal(number.status, 422, number.text);
  const elsewhere = await judged({ ...whole, path: "/app/installations/7/tokens" });
  assert.equal(elsewhere.status, 404, elsewhere.text);
  const wrongly = await judged({ ...one(/rate_limit$/, 200), method: "POST" });
  assert.equal(wrongly.status, 405, wrongly.text);
  assert.equal(reached, count, "none of them was let through");
  assert.equal((await judged(asked('{"repository_ids":[1]}'))).status, 201);
});

test("no answer goes unjudged", async () => {
  for (const exchange of exchanges) {
    const headers = { ...exchange.answer.headers, "content-type": JSON_TYPE };
    const { status, text } = await judged({ ...exchange, answer: { ...exchange.answer, headers, body: "[]" } });
    assert.equal(status, 500, `${exchange.method} ${exchange.path}, ${exchange.answer.status}: ${text}`);
    assert.match(text, /Response body must be (object|string)/);
  }
});

test("an answer that GitHub does not describe is refused", async () => {
  const answered = (exchange, change) => {
    const body = JSON.parse(exchange.answer.body);
    change(body);
    exchange.answer.body = JSON.stringify(body);
    return judged(exchange);
  };
  const installation = () => one(/orgs\/.*\/installation$/, 200);
  for (const [exchange, change, said] of [
    [installation(), (body) => delete body.app_id, /app_id/],
    [installation(), (body) => (body.repository_selection = "some"), /repository_selection/i],
    [installation(), (body) => delete body.account.login, /account/],
    [one(/rate_limit$/, 200), (body) => (body.resources.graphql.reset = "soon"), /reset/],
    [one(/access_tokens$/, 201), (body) => delete body.expires_at, /expires_at/],
    [one(/blobs/, 404), (body) => (body.message = 404), /message/],
  ]) {
    const { status, text } = await answered(exchange, change);
    assert.equal(status, 500, text);
    assert.match(JSON.parse(text).type, /VIOLATIONS$/);
    assert.match(text, said);
  }
  const page = one(/blobs/, 200);
  page.answer.headers["content-type"] = "text/html";
  assert.match((await judged(page)).text, /media type/);
});
