"""Makes up an organisation of any size: the same services, once as input for Milepost and once for Hugo.

Everything follows from the number of services and a fixed seed, so two runs give the same bytes.
"""

import json
import random
from dataclasses import dataclass, field
from pathlib import Path

RESOURCES = 20
CHECKS = 25
TYPES = ["http-service", "event-consumer", "scheduled-job", "batch", "data-pipeline", "internal-tool"]
WORDS = (
    "parcel quote tariff label route depot carrier claim refund address scanner sorter customs invoice ledger pickup "
    "locker notice return search stock window delivery driver shift weight volume zone price audit report export"
).split()
SENTENCES = [
    "Check the queue depth first; a value above the alarm line means that consumers are behind.",
    "The dashboard shows latency by region, and the deployment marker tells whether a release is to blame.",
    "Roll back with the pipeline's button; it takes about four minutes and needs no approval at night.",
    "If the dependency is down, switch the feature off and tell the support desk what customers will see.",
    "Restores are tried every quarter; the last protocol lies beside this page.",
]


@dataclass
class Service:
    """One made-up service."""

    id: str
    team: str
    type: str
    tier: int
    runtime: str
    account: str
    depends_on: list = field(default_factory=list)
    gaps: bool = False
    excepted: bool = False
    runbook: str = ""


def services(count):
    """`count` services, each depending on up to three earlier ones."""
    dice = random.Random(20261121)
    made = []
    teams = max(1, count * 816 // 10_000)
    for number in range(count):
        name = f"{dice.choice(WORDS)}-{dice.choice(WORDS)}-{number:05d}"
        service = Service(
            id=name,
            team=f"team-{dice.randrange(teams):04d}",
            type=dice.choice(TYPES),
            tier=dice.randint(1, 4),
            runtime=dice.choice(["ecs-fargate", "lambda", "eks", "batch"]),
            account=f"{100000000000 + number % max(1, count // 50):012d}",
            depends_on=[other.id for other in dice.sample(made, min(len(made), dice.randint(0, 3)))],
            gaps=dice.random() < 0.3,
            excepted=dice.random() < 0.05,
        )
        service.runbook = runbook(service, dice)
        made.append(service)
    return made


def runbook(service, dice):
    """About 9 KB of Markdown."""
    parts = [f"# Runbook of {service.id}\n"]
    for chapter in ["Symptoms", "First look", "Queues", "Database", "Dependencies", "Rollback", "Restore", "Contacts"]:
        parts.append(f"\n## {chapter}\n")
        for _ in range(dice.randint(2, 3)):
            parts.append("\n" + " ".join(dice.choice(SENTENCES) for _ in range(4)) + "\n")
        parts.append(f"\n| Signal | Line | Meaning |\n| --- | ---: | --- |\n")
        parts.extend(f"| {dice.choice(WORDS)} | {dice.randint(1, 900)} | {dice.choice(SENTENCES)[:40]} |\n" for _ in range(3))
        parts.append(f"\n```bash\naws logs tail /{service.team}/{service.id} --since 30m\n```\n")
    return "".join(parts)


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def descriptor(service):
    """The service's `service.yaml`."""
    lines = [
        f"serviceId: {service.id}",
        f"displayName: {service.id.replace('-', ' ').title()}",
        f"description: Handles {service.id.split('-')[0]} work for the {service.id.split('-')[1]} desk.",
        f"type: {service.type}",
        f"ownerTeam: {service.team}",
        f"criticality: tier-{service.tier}",
        "dataClassification: internal",
        f"runtime: {service.runtime}",
        f'accountId: "{service.account}"',
        "region: eu-central-1",
        "managedBy: terraform",
        "lifecycle: {state: production, createdAt: 2025-03-10}",
        "links: {runbook: docs/runbook.md}",
    ]
    if not service.gaps:
        lines += [
            'technicalOwner: "@lead"',
            "businessOwner: desk@example.com",
            f"onCall: {service.team}-primary",
            "costCenter: cc-100",
            "exposure: {type: internal}",
            "failureImpact: Letters wait in the depot until the next shift.",
            "slo: {availability: 99.9, p95LatencyMs: 300}",
            "resilience: {rto: 4h, rpo: 15m}",
            "observability: {logs: standard-json, metrics: true, traces: true, events: true, alarms: true, dashboard: true}",
            "compliance: {auditScope: true, retentionYears: 7, frameworks: [soc2]}",
        ]
    if service.depends_on:
        lines.append("dependsOn: [" + ", ".join(f"{{service: {other}, kind: soft}}" for other in service.depends_on) + "]")
    return "\n".join(lines) + "\n"


def tags(service):
    """Nine required tags, some missing where the service has gaps."""
    pairs = {
        "Service": service.id, "OwnerTeam": service.team, "Environment": "prod", "CostCenter": "cc-100",
        "Product": "shop", "DataClassification": "internal", "Criticality": f"tier-{service.tier}",
        "ManagedBy": "terraform", "LifecycleState": "production",
    }
    if service.gaps:
        del pairs["CostCenter"], pairs["Product"]
    return [{"Key": key, "Value": value} for key, value in pairs.items()]


def for_milepost(folder, made, catalog):
    """Writes the organisation as a catalog folder with repositories; scorecards and policies come from `catalog`."""
    for part in ["scorecards", "controls", "policy", "teams"]:
        for source in sorted((catalog / part).glob("*.yaml")):
            write(folder / part / source.name, source.read_text(encoding="utf-8"))
    write(folder / "milepost.yaml", "\n".join([
        "organisation: {name: Bench}",
        "catalogHistory: digest",
        "sources:",
        "  - {name: repositories, kind: folder, path: repositories, repositories: children}",
        "  - {name: aws, kind: aws-recorded, path: aws}",
        "",
    ]))
    teams = sorted({service.team for service in made})
    for team in teams:
        write(folder / "teams" / f"{team}.yaml",
              f"teamId: {team}\ndisplayName: {team.title()}\nkind: stream-aligned\nlead: \"@lead\"\n"
              f"members: [\"@one\", \"@two\", \"@three\"]\ncontacts: {{email: {team}@example.com, onCall: {team}-primary}}\n")
    by_account = {}
    for number, service in enumerate(made):
        write(folder / "repositories" / service.id / "service.yaml", descriptor(service))
        write(folder / "repositories" / service.id / "docs/runbook.md", service.runbook)
        by_account.setdefault(service.account, []).append(service)
        if service.excepted:
            write(folder / "exceptions" / f"EX-2026-{number:05d}.yaml", "\n".join([
                f"exceptionId: EX-2026-{number:05d}", f"service: {service.id}", f"requestedBy: {service.team}",
                "requestedAt: 2026-10-01", "control: service-metadata", "reason: waiting for the move to the new depot",
                "risk: low", "compensatingControls: [weekly look by the team]", "expiresAt: 2027-03-31",
                "approvals: [{role: platform, by: \"@platform\", at: 2026-10-02}]", "reviewCadence: quarterly", ""]))
    for account, owned in by_account.items():
        listing = [
            {"ResourceARN": f"arn:aws:sqs:eu-central-1:{account}:{service.id}-{index}", "Tags": tags(service)}
            for service in owned for index in range(RESOURCES)
        ]
        write(folder / "aws" / f"{account}.json", json.dumps({
            "operation": "tagging:GetResources", "account": account, "region": "eu-central-1",
            "collectedAt": "2026-11-20T03:00:00Z",
            "answer": {"ResourceTagMappingList": listing, "PaginationToken": ""}}))


def for_hugo(folder, made):
    """Writes the same services as a Hugo site of equal work: pages, runbooks, teams, a list and a JSON of all."""
    write(folder / "hugo.toml", 'baseURL = "https://portal.example.com/"\ntitle = "Bench"\n'
          'disableKinds = ["taxonomy", "RSS", "sitemap"]\n[pagination]\npagerSize = 100\n[outputs]\nhome = ["html", "json"]\n')
    layout = "<!doctype html><html lang=en><head><meta charset=utf-8><title>{{ .Title }}</title>" \
             "<link rel=stylesheet href=/style.css></head><body><header><nav><a href=/services/>Services</a> " \
             "<a href=/teams/>Teams</a></nav></header><main>{{ block \"main\" . }}{{ end }}</main></body></html>"
    write(folder / "layouts/_default/baseof.html", layout)
    write(folder / "layouts/_default/single.html", '{{ define "main" }}<h1>{{ .Title }}</h1>{{ .Content }}{{ end }}')
    write(folder / "layouts/_default/list.html",
          '{{ define "main" }}<h1>{{ .Title }}</h1><table>{{ range (.Paginate .Pages).Pages }}<tr><td><a href="{{ .RelPermalink }}">'
          '{{ .Title }}</a></td><td>{{ .Params.team }}</td><td>{{ .Params.workload }}</td><td>{{ .Params.tier }}</td></tr>{{ end }}</table>'
          '{{ template "_internal/pagination.html" . }}{{ end }}')
    write(folder / "layouts/index.html", '{{ define "main" }}<h1>{{ .Title }}</h1>{{ len site.RegularPages }} pages{{ end }}')
    write(folder / "layouts/index.json",
          '[{{ range $i, $p := where site.RegularPages "Section" "services" }}{{ if $i }},{{ end }}'
          '{{ dict "id" $p.Title "team" $p.Params.team "type" $p.Params.workload "tier" $p.Params.tier | jsonify }}{{ end }}]')
    write(folder / "layouts/services/single.html",
          '{{ define "main" }}<h1>{{ .Title }}</h1><p>{{ .Params.description }}</p><dl>{{ range $k, $v := .Params.facts }}<dt>{{ $k }}</dt>'
          '<dd>{{ $v }} <small>service.yaml:{{ len $k }}</small></dd>{{ end }}</dl><h2>Checks</h2>{{ range .Params.checks }}<section><h3>{{ .id }}</h3>'
          '<p>{{ .outcome }}</p><p>{{ .why }}</p><p>{{ .fix }}</p><dl>{{ range $k, $v := .inputs }}<dt>{{ $k }}</dt><dd>{{ $v }}</dd>{{ end }}</dl>'
          '</section>{{ end }}<h2>Dependencies</h2><ul>{{ range .Params.depends }}<li><a href="/services/{{ . }}/">{{ . }}</a></li>{{ end }}</ul>'
          '<h2>Exceptions</h2><ul>{{ range .Params.exceptions }}<li>{{ .id }} {{ .until }}</li>{{ end }}</ul><h2>Resources</h2><table>'
          '{{ range .Params.resources }}<tr><td>{{ .arn }}</td>{{ range .tags }}<td>{{ . }}</td>{{ end }}</tr>{{ end }}</table>{{ end }}')
    write(folder / "static/style.css", "body{font:15px/1.5 system-ui}\n")
    by_team = {}
    for number, service in enumerate(made):
        by_team.setdefault(service.team, []).append(service)
        front = {
            "title": service.id, "team": service.team, "workload": service.type, "tier": service.tier,
            "description": f"Handles {service.id.split('-')[0]} work for the {service.id.split('-')[1]} desk.",
            "facts": {f"field{index}": f"value {index} of {service.id}" for index in range(24)},
            "checks": [{
                "id": f"check-{index:02d}", "outcome": "fail" if service.gaps and index % 4 == 0 else "pass",
                "why": SENTENCES[index % 5], "fix": SENTENCES[(index + 1) % 5],
                "inputs": {"service.field": service.id, "service.other": service.team},
            } for index in range(CHECKS)],
            "depends": service.depends_on,
            "exceptions": [{"id": f"EX-2026-{number:05d}", "until": "2027-03-31"}] if service.excepted else [],
            "resources": [{
                "arn": f"arn:aws:sqs:eu-central-1:{service.account}:{service.id}-{index}",
                "tags": [tag["Value"] for tag in tags(service)],
            } for index in range(RESOURCES)],
        }
        write(folder / "content/services" / f"{service.id}.md", json.dumps(front) + "\n")
        write(folder / "content/runbooks" / f"{service.id}.md",
              json.dumps({"title": f"Runbook of {service.id}"}) + "\n\n" + service.runbook)
    for team, owned in by_team.items():
        body = "\n".join(f"- [{service.id}](/services/{service.id}/)" for service in owned)
        write(folder / "content/teams" / f"{team}.md", json.dumps({"title": team}) + "\n\n" + body + "\n")
