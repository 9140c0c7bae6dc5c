//! Forms that makers gave to credentials, with their page about it beside each.

use super::rules::Kind;

/// A form that a maker gave to credentials.
pub(super) struct Form {
    pub(super) kind: Kind,
    /// What a text must hold to be looked at for it. No `\b`: with it a text that is not ASCII is read the slow way.
    pub(super) hint: &'static str,
    /// The credential is the first group, or all of it.
    pub(super) pattern: &'static str,
}

const fn form(word: &'static str, what: &'static str, hint: &'static str, pattern: &'static str) -> Form {
    Form { kind: Kind { word, what }, hint, pattern }
}

pub(super) static FORMS: &[Form] = &[
    // https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
    form(
        "github-token",
        "a GitHub token",
        "gh[pousr]_|github_pat_",
        "gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,}",
    ),
    // https://docs.gitlab.com/security/tokens/#token-prefixes
    form(
        "gitlab-token",
        "a GitLab token",
        "gl[a-z]{2,5}-",
        "gl(?:pat|oas|dt|rt|rtr|cbt|ptt|ft|imt|agent|soat)-[A-Za-z0-9_.-]{19,}[A-Za-z0-9_-]",
    ),
    // https://docs.slack.dev/authentication/tokens/
    form(
        "slack-token",
        "a Slack token",
        "xox[a-z]|xapp-",
        "xox[a-eoprs](?:\\.xox[bp])?-[A-Za-z0-9%/+=-]{10,}|xapp-[0-9]-[A-Za-z0-9-]{20,}",
    ),
    // https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/
    form(
        "slack-webhook",
        "an address of Slack that lets anybody post",
        "hooks\\.slack\\.com",
        "hooks\\.slack\\.com/(?:services|workflows|triggers)/([A-Za-z0-9/+_-]{30,})",
    ),
    // https://discord.com/developers/docs/resources/webhook
    form(
        "discord-webhook",
        "an address of Discord that lets anybody post",
        "/api/webhooks/",
        "discord(?:app)?\\.com/api/webhooks/([0-9]{15,}/[A-Za-z0-9_-]{40,})",
    ),
    // https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook
    form(
        "teams-webhook",
        "an address of Teams that lets anybody post",
        "webhook\\.office\\.com",
        "webhook\\.office\\.com/(webhookb2/[A-Za-z0-9@/-]{60,})",
    ),
    // https://docs.cloud.google.com/docs/authentication/api-keys
    form("google-api-key", "a Google API key", "AIza", "AIza[A-Za-z0-9_-]{35}"),
    // https://developers.google.com/identity/protocols/oauth2
    form("google-client-secret", "a Google client secret", "GOCSPX-", "GOCSPX-[A-Za-z0-9_-]{28}"),
    // https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html
    form("aws-bedrock-key", "an API key of Amazon Bedrock", "ABSK", "ABSK[A-Za-z0-9+/]{100,}={0,2}"),
    // https://learn.microsoft.com/en-us/azure/storage/common/storage-account-keys-manage
    form("azure-storage-key", "a key of Azure Storage", "AccountKey=", "AccountKey=([A-Za-z0-9+/]{86}==)"),
    // https://docs.stripe.com/keys
    form("stripe-key", "a Stripe key", "[rs]k_(?:live|test)_", "[rs]k_(?:live|test)_[A-Za-z0-9]{16,}"),
    // https://docs.npmjs.com/about-access-tokens
    form("npm-token", "an npm token", "npm_", "npm_[A-Za-z0-9]{36}"),
    // https://pypi.org/help/#apitoken
    form("pypi-token", "a PyPI token", "pypi-AgE", "pypi-AgE[A-Za-z0-9_-]{50,}"),
    // https://developer.hashicorp.com/vault/docs/concepts/tokens#token-prefixes
    form("vault-token", "a Vault token", "hv[sbr]\\.", "hv[sbr]\\.[A-Za-z0-9_-]{24,}"),
    // https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys
    form("sendgrid-key", "a SendGrid key", "SG\\.", "SG\\.[A-Za-z0-9_-]{22}\\.[A-Za-z0-9_-]{43}"),
    // https://docs.digitalocean.com/reference/api/create-personal-access-token/
    form("digitalocean-token", "a DigitalOcean token", "do[opr]_v1_", "do[opr]_v1_[a-f0-9]{64}"),
    // https://grafana.com/docs/grafana/latest/administration/service-accounts/
    form("grafana-token", "a Grafana token", "glsa_", "glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}"),
    // https://platform.claude.com/docs/en/api/overview and https://platform.openai.com/docs/api-reference/authentication
    form(
        "model-key",
        "an API key of a language model",
        "sk-",
        "(?:^|[^A-Za-z0-9_-])(sk-(?:(?:ant|proj|svcacct|admin)-[A-Za-z0-9_-]{40,}|[A-Za-z0-9]{48}))",
    ),
    // https://huggingface.co/docs/hub/security-tokens
    form("hugging-face-token", "a Hugging Face token", "hf_", "(?:^|[^A-Za-z0-9_-])(hf_[A-Za-z0-9]{30,})"),
    // https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/
    form("atlassian-token", "an Atlassian API token", "AT[AC]TT3", "AT[AC]TT3[A-Za-z0-9_=-]{60,}"),
    // https://docs.docker.com/security/access-tokens/
    form("docker-token", "a Docker access token", "dckr_[op]at_", "dckr_[op]at_[A-Za-z0-9_-]{20,}"),
    // https://developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/api-tokens
    form(
        "terraform-token",
        "a token of HCP Terraform",
        "\\.atlasv1\\.",
        "[A-Za-z0-9]{14}\\.atlasv1\\.[A-Za-z0-9_=-]{60,}",
    ),
    // https://learn.microsoft.com/en-us/rest/api/storageservices/create-service-sas
    form(
        "azure-signature",
        "the signature of an Azure address that lets anybody in",
        "sig=",
        "[?&;]sig=([A-Za-z0-9%+/_-]{40,}={0,2})",
    ),
    // RFC 9110, 11.4, with the schemes of RFC 6750, RFC 7617 and GitHub.
    form(
        "authorization",
        "what a request is let in with",
        "(?i:authorization)",
        "(?i:authorization)[\"'`*]{0,3}[ \\t]{0,8}[:=,][ \\t]{0,8}[\"'`*]{0,3}(?i:bearer|basic|token)[ \\t]{1,8}([A-Za-z0-9._~+/-]{16,}={0,2})",
    ),
    // https://github.com/C2SP/C2SP/blob/main/age.md
    form("age-key", "an age key", "AGE-SECRET-KEY-", "AGE-SECRET-KEY-1[0-9A-Z]{58}"),
    // RFC 7519: header and claims are JSON objects, which begin so in base64.
    form(
        "jwt",
        "a signed token (JWT)",
        "eyJ",
        "eyJ[A-Za-z0-9_-]{10,}\\.eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{16,}",
    ),
];
