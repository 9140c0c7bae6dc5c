# Who collects, publishes and keeps evidence, as deploy/cloudformation/ci.yaml and member-role.yaml have it. The policies are
# the files that are tested, with the names of this portal in them.

variable "repository" {
  description = "The repository of the nightly run, such as example/catalog"
  type        = string
}

variable "environment" {
  description = "The environment of that repository; protect it, so that only the default branch runs in it"
  type        = string
  default     = "portal"
}

variable "organization_id" {
  description = "The organisation whose accounts are read"
  type        = string
}

variable "organizational_units" {
  description = "The units (or the root) below which every account gets the reading role"
  type        = list(string)
}

variable "provider_arn" {
  description = "GitHub's provider, when the account has it already; an account can have it once"
  type        = string
  default     = ""
}

resource "aws_iam_openid_connect_provider" "github" {
  count          = var.provider_arn == "" ? 1 : 0
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

locals {
  provider_arn = var.provider_arn == "" ? aws_iam_openid_connect_provider.github[0].arn : var.provider_arn

  policies = {
    collect = replace(file("${path.module}/../policies/crawl.json"), "$${aws:PrincipalOrgID}", var.organization_id)
    publish = replace(replace(replace(
      file("${path.module}/../policies/publish.json"),
      "example-portal", aws_s3_bucket.site.id),
      "arn:aws:cloudfront::111122223333:distribution/EDFDVBD6EXAMPLE", aws_cloudfront_distribution.portal.arn),
      "arn:aws:cloudfront::111122223333:key-value-store/11111111-2222-3333-4444-555555555555", aws_cloudfront_key_value_store.release.arn
    )
    evidence = replace(file("${path.module}/../policies/evidence.json"), "example-evidence", aws_s3_bucket.evidence.id)
  }
}

data "aws_iam_policy_document" "nightly" {
  statement {
    sid     = "OnlyTheNightlyRun"
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = [local.provider_arn]
    }
    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:aud"
      values   = ["sts.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:sub"
      values   = ["repo:${var.repository}:environment:${var.environment}"]
    }
  }
}

resource "aws_iam_role" "nightly" {
  for_each             = local.policies
  path                 = "/milepost/"
  name                 = "${var.name}-${each.key}"
  max_session_duration = each.key == "collect" ? 14400 : 3600
  assume_role_policy   = data.aws_iam_policy_document.nightly.json
}

resource "aws_iam_role_policy" "nightly" {
  for_each = local.policies
  name     = each.key
  role     = aws_iam_role.nightly[each.key].id
  policy   = replace(each.value, "arn:aws:", "arn:${data.aws_partition.current.partition}:")
}

# In every account below the units, new ones included, but for the management account: that needs a stack of its own.
resource "aws_cloudformation_stack_set" "member" {
  name             = "${var.name}-member-role"
  permission_model = "SERVICE_MANAGED"
  call_as          = "DELEGATED_ADMIN"
  capabilities     = ["CAPABILITY_NAMED_IAM"]
  template_body    = file("${path.module}/../cloudformation/member-role.yaml")

  parameters = {
    CrawlRoleArn   = aws_iam_role.nightly["collect"].arn
    OrganizationId = var.organization_id
  }

  auto_deployment {
    enabled                          = true
    retain_stacks_on_account_removal = false
  }
}

resource "aws_cloudformation_stack_set_instance" "member" {
  stack_set_name = aws_cloudformation_stack_set.member.name
  call_as        = "DELEGATED_ADMIN"

  deployment_targets {
    organizational_unit_ids = var.organizational_units
  }
}

output "roles" {
  description = "The roles of the steps of the nightly run"
  value       = { for step, role in aws_iam_role.nightly : step => role.arn }
}
