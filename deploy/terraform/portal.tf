# The portal as deploy/cloudformation/portal.yaml has it: a private bucket, CloudFront before it, and a bucket for evidence
# that nobody can delete from. Formatted and parsed; planned and applied by nobody yet.

terraform {
  required_version = ">= 1.6"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.40"
    }
  }
}

variable "name" {
  description = "What everything is called"
  type        = string
  default     = "milepost"
}

variable "domain" {
  description = "The name that people type; empty for the name that CloudFront gives"
  type        = string
  default     = ""
}

variable "certificate_arn" {
  description = "Its certificate in ACM, in us-east-1; needed with domain"
  type        = string
  default     = ""
}

variable "prefix" {
  description = "The folder in the bucket that publish writes to, with a slash before it; empty for the whole bucket"
  type        = string
  default     = ""
}

variable "sign_in" {
  description = "The key group whose cookies let people in, and the host that sets them, served below /_sign-in/"
  type        = object({ key_group = string, origin = string })
  default     = null
}

variable "web_acl_arn" {
  description = "A web ACL of AWS WAF (scope CLOUDFRONT)"
  type        = string
  default     = null
}

variable "log_days" {
  description = "How many days access logs are kept"
  type        = number
  default     = 400
}

variable "evidence_years" {
  description = "How many years nobody can delete a pack"
  type        = number
  default     = 7
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  buckets = {
    site     = aws_s3_bucket.site
    logs     = aws_s3_bucket.logs
    evidence = aws_s3_bucket.evidence
  }
}

resource "aws_s3_bucket" "site" {
  bucket_prefix = "${var.name}-site-"
}

resource "aws_s3_bucket" "logs" {
  bucket_prefix = "${var.name}-logs-"
}

resource "aws_s3_bucket" "evidence" {
  bucket_prefix       = "${var.name}-evidence-"
  object_lock_enabled = true
}

resource "aws_s3_bucket_public_access_block" "private" {
  for_each                = local.buckets
  bucket                  = each.value.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "kept" {
  for_each = local.buckets
  bucket   = each.value.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "encrypted" {
  for_each = local.buckets
  bucket   = each.value.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_ownership_controls" "owned" {
  for_each = local.buckets
  bucket   = each.value.id
  rule {
    # Standard logs of CloudFront are written through an ACL.
    object_ownership = each.key == "logs" ? "BucketOwnerPreferred" : "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "site" {
  bucket = aws_s3_bucket.site.id
  rule {
    id     = "old-versions"
    status = "Enabled"
    filter {}
    noncurrent_version_expiration {
      noncurrent_days = 30
    }
    abort_incomplete_multipart_upload {
      days_after_initiation = 2
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id
  rule {
    id     = "expire"
    status = "Enabled"
    filter {}
    expiration {
      days = var.log_days
    }
    noncurrent_version_expiration {
      noncurrent_days = 7
    }
    abort_incomplete_multipart_upload {
      days_after_initiation = 2
    }
  }
}

resource "aws_s3_bucket_logging" "logged" {
  for_each      = { site = aws_s3_bucket.site, evidence = aws_s3_bucket.evidence }
  bucket        = each.value.id
  target_bucket = aws_s3_bucket.logs.id
  target_prefix = "s3/${each.key}/"
}

resource "aws_s3_bucket_object_lock_configuration" "evidence" {
  bucket = aws_s3_bucket.evidence.id
  rule {
    # Compliance: nobody, the root user included, shortens it or deletes before its end.
    default_retention {
      mode  = "COMPLIANCE"
      years = var.evidence_years
    }
  }
}

data "aws_iam_policy_document" "buckets" {
  for_each = local.buckets

  statement {
    sid       = "OnlyEncryptedConnections"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [each.value.arn, "${each.value.arn}/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }

  dynamic "statement" {
    # So that what is not there is 404 and not 403. Nobody lists through CloudFront: it passes no query on.
    for_each = each.key == "site" ? { "s3:GetObject" = "${each.value.arn}/*", "s3:ListBucket" = each.value.arn } : {}
    content {
      effect    = "Allow"
      actions   = [statement.key]
      resources = [statement.value]
      principals {
        type        = "Service"
        identifiers = ["cloudfront.amazonaws.com"]
      }
      condition {
        test     = "StringEquals"
        variable = "AWS:SourceArn"
        values   = [aws_cloudfront_distribution.portal.arn]
      }
    }
  }

  dynamic "statement" {
    for_each = each.key == "logs" ? ["s3/*"] : []
    content {
      sid       = "OnlyOurBucketsLog"
      effect    = "Allow"
      actions   = ["s3:PutObject"]
      resources = ["${each.value.arn}/${statement.value}"]
      principals {
        type        = "Service"
        identifiers = ["logging.s3.amazonaws.com"]
      }
      condition {
        test     = "StringEquals"
        variable = "aws:SourceAccount"
        values   = [data.aws_caller_identity.current.account_id]
      }
    }
  }
}

resource "aws_s3_bucket_policy" "buckets" {
  for_each = local.buckets
  bucket   = each.value.id
  policy   = data.aws_iam_policy_document.buckets[each.key].json
}

resource "aws_cloudfront_origin_access_control" "site" {
  name                              = "${var.name}-portal"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

resource "aws_cloudfront_key_value_store" "release" {
  name    = "${var.name}-release"
  comment = "Which release of the portal counts"
}

resource "aws_cloudfront_function" "portal" {
  name                         = "${var.name}-portal"
  comment                      = "Leads into the release that counts, and addresses of pages to their files"
  runtime                      = "cloudfront-js-2.0"
  publish                      = true
  code                         = file("${path.module}/../cloudfront/portal.js")
  key_value_store_associations = [aws_cloudfront_key_value_store.release.arn]
}

resource "aws_cloudfront_response_headers_policy" "portal" {
  name = "${var.name}-portal"

  security_headers_config {
    content_security_policy {
      override                = true
      content_security_policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    }
    content_type_options {
      override = true
    }
    frame_options {
      frame_option = "DENY"
      override     = true
    }
    referrer_policy {
      referrer_policy = "no-referrer"
      override        = true
    }
    strict_transport_security {
      access_control_max_age_sec = 63072000
      include_subdomains         = true
      override                   = true
    }
  }

  custom_headers_config {
    dynamic "items" {
      for_each = {
        "Cross-Origin-Opener-Policy"   = "same-origin"
        "Cross-Origin-Resource-Policy" = "same-origin"
        "X-Robots-Tag"                 = "noindex"
      }
      content {
        header   = items.key
        value    = items.value
        override = true
      }
    }
  }
}

resource "aws_cloudfront_distribution" "portal" {
  enabled             = true
  comment             = "${var.name} - Milepost portal"
  aliases             = var.domain == "" ? [] : [var.domain]
  default_root_object = "index.html"
  http_version        = "http2and3"
  is_ipv6_enabled     = true
  price_class         = "PriceClass_All"
  web_acl_id          = var.web_acl_arn

  logging_config {
    bucket          = aws_s3_bucket.logs.bucket_domain_name
    include_cookies = false
    prefix          = "cloudfront/"
  }

  viewer_certificate {
    cloudfront_default_certificate = var.domain == ""
    acm_certificate_arn            = var.domain == "" ? null : var.certificate_arn
    minimum_protocol_version       = var.domain == "" ? null : "TLSv1.2_2021"
    ssl_support_method             = var.domain == "" ? null : "sni-only"
  }

  origin {
    origin_id                = "site"
    domain_name              = aws_s3_bucket.site.bucket_regional_domain_name
    origin_path              = var.prefix
    origin_access_control_id = aws_cloudfront_origin_access_control.site.id
  }

  dynamic "origin" {
    for_each = var.sign_in[*]
    content {
      origin_id   = "sign-in"
      domain_name = origin.value.origin
      custom_origin_config {
        http_port              = 80
        https_port             = 443
        origin_protocol_policy = "https-only"
        origin_ssl_protocols   = ["TLSv1.2"]
      }
    }
  }

  default_cache_behavior {
    target_origin_id       = "site"
    viewer_protocol_policy = "redirect-to-https"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    compress               = true
    # CachingOptimized of AWS: it goes by what publish says of each file, and compresses.
    cache_policy_id            = "658327ea-f89d-4fab-a63d-7e88639e58f6"
    response_headers_policy_id = aws_cloudfront_response_headers_policy.portal.id
    trusted_key_groups         = var.sign_in[*].key_group

    function_association {
      event_type   = "viewer-request"
      function_arn = aws_cloudfront_function.portal.arn
    }
  }

  dynamic "ordered_cache_behavior" {
    for_each = var.sign_in[*]
    content {
      path_pattern           = "/_sign-in/*"
      target_origin_id       = "sign-in"
      viewer_protocol_policy = "redirect-to-https"
      allowed_methods        = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]
      cached_methods         = ["GET", "HEAD"]
      compress               = true
      # CachingDisabled and AllViewerExceptHostHeader of AWS: every answer is for one person.
      cache_policy_id            = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
      origin_request_policy_id   = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
      response_headers_policy_id = aws_cloudfront_response_headers_policy.portal.id
    }
  }

  dynamic "custom_error_response" {
    # Without cookies, or with old ones: to the one who signs people in.
    for_each = var.sign_in[*]
    content {
      error_code            = 403
      response_code         = 403
      response_page_path    = "/_sign-in/"
      error_caching_min_ttl = 0
    }
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }
}

output "bucket" {
  description = "For publish: --to s3://BUCKET"
  value       = aws_s3_bucket.site.id
}

output "distribution_id" {
  description = "For publish: --distribution ID"
  value       = aws_cloudfront_distribution.portal.id
}

output "key_value_store_arn" {
  description = "Where the key `release` is put after publishing"
  value       = aws_cloudfront_key_value_store.release.arn
}

output "evidence_bucket" {
  description = "Where packs are kept"
  value       = aws_s3_bucket.evidence.id
}
