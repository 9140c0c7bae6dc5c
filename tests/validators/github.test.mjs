// What Milepost asks GitHub, and what the tests' stand-in answers, against the schema that GitHub publishes. The
// exchanges are written down by `cargo test`, in `tests/suite/collect/github/exchanges.rs`.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { schema as published } from "@octokit/graphql-schema";
import { buildSchema, execute, getNamedType, parse, TypeInfo, validate, visit, visitWithTypeInfo } from "graphql";

// As published it defines a few fields twice, which is not ours to judge.
const schema = buildSchema(published.idl, { assumeValidSDL: true });
const exchanges = JSON.parse(
  readFileSync(new URL("../../target/tmp/github-exchanges.json", import.meta.url), "utf8"),
);

/** Which type a part of an answer has, where the schema leaves several open. */
function typeOf(value) {
  if ("__typename" in value) return value.__typename;
  if ("login" in value) return "User";
  if ("nameWithOwner" in value || "object" in value) return "Repository";
  if ("members" in value) return "Team";
  if ("repositories" in value) return "Organization";
  if ("byteSize" in value) return "Blob";
  if ("entries" in value) return "Tree";
  if ("statuses" in value) return "Deployment";
  return "Commit";
}

/** Connections without a bound, or with one over 100. */
function unbounded(document, variables) {
  const found = [];
  const types = new TypeInfo(schema);
  const visitor = {
    Field(field) {
      if (!getNamedType(types.getType())?.name.endsWith("Connection")) return;
      const first = field.arguments.find(({ name }) => ["first", "last"].includes(name.value))?.value;
      const bound = first?.kind === "Variable" ? variables[first.name.value] : Number(first?.value);
      if (!(bound >= 1 && bound <= 100)) found.push(field.name.value);
    },
  };
  visit(document, visitWithTypeInfo(types, visitor));
  return found;
}

test("every operation was asked", () => {
  const names = new Set(exchanges.map(({ question }) => question.operationName));
  assert.deepEqual([...names].sort(), [
    "Activity",
    "DeploymentStatuses",
    "DeploymentsAfter",
    "Doctor",
    "DoctorPeople",
    "Files",
    "Firsts",
    "Members",
    "People",
    "Repositories",
    "RepositoriesById",
    "Revisions",
    "Teams",
  ]);
});

test("questions are what GitHub understands", () => {
  for (const { question } of exchanges) {
    const document = parse(question.query);
    assert.deepEqual(validate(schema, document).map(String), [], question.operationName);
    assert.deepEqual(unbounded(document, question.variables), [], question.operationName);
    assert.ok(!/"example/.test(question.query), "values belong into variables");
  }
});

test("answers of the stand-in are what GitHub could answer", () => {
  for (const { question, answer } of exchanges) {
    const told = execute({
      schema,
      document: parse(question.query),
      rootValue: answer.data,
      variableValues: question.variables,
      operationName: question.operationName,
      fieldResolver: (source, _arguments, _context, { path }) => source[path.key],
      typeResolver: typeOf,
    });
    assert.deepEqual(told.errors ?? [], [], question.operationName);
    assert.deepEqual(JSON.parse(JSON.stringify(told.data)), answer.data, question.operationName);
  }
});
