#!/usr/bin/env bash
# Derives ecs.json, the fields of the Elastic Common Schema that the tests compare our documents with, from the published
# npm package @elastic/ecs (Apache-2.0). Needs node and npm. Run it again to take another version:
#
#   tests/exporters/elastic/derive-ecs.sh 9.4.0
set -euo pipefail

readonly version="${1:-9.4.0}"
here=$(cd "$(dirname "$0")" && pwd)
readonly here
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cd "$folder"
npm pack --silent "@elastic/ecs@$version" >/dev/null
tar -xzf "elastic-ecs-$version.tgz"
node - "$version" >"$here/ecs.json" <<'SCRIPT'
const { EcsFlat } = require("./package/build/commonjs/ecs_flat.js");
// The groups that this product uses or may soon use; the rest of the schema is about other things.
const groups = new Set(["@timestamp", "message", "tags", "labels", "ecs", "data_stream", "event", "host", "observer", "organization", "related", "rule", "threat"]);
const fields = {};
for (const [name, field] of Object.entries(EcsFlat).sort()) {
  if (!groups.has(name.split(".")[0]) || name.startsWith("threat.enrichments") || name.startsWith("threat.indicator")) continue;
  fields[name] = field.normalize.includes("array") ? field.type + "[]" : field.type;
}
const allowed = (name) => EcsFlat[name].allowed_values;
const names = (values) => values.map((value) => value.name).sort();
const out = {
  source: "npm package @elastic/ecs " + process.argv[2] + ", Apache-2.0, (c) Elasticsearch B.V.; derived by derive-ecs.sh",
  date: new Date().toISOString().slice(0, 10),
  version: process.argv[2],
  kinds: names(allowed("event.kind")),
  outcomes: names(allowed("event.outcome")),
  categories: Object.fromEntries(allowed("event.category").map((value) => [value.name, (value.expected_event_types || []).slice().sort()])),
  types: names(allowed("event.type")),
  fields,
};
console.log(JSON.stringify(out, null, 1));
SCRIPT
