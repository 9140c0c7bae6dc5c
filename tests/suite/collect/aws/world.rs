//! The world behind the stand-in: an organisation with units and accounts, and in them resources with tags.

use std::collections::{BTreeMap, BTreeSet};

use milepost::day::Moment;
use serde_json::{Value, json};

/// The account that everything is asked from.
pub(super) const MANAGEMENT: &str = "999999999999";

/// What an operation gives, or the status and code of its error.
pub(super) type Answered = Result<Value, (u16, &'static str)>;

/// Keys with their values.
pub(super) type Tags = Vec<(String, String)>;

/// An ARN with its tags.
pub(super) type Resource = (String, Tags);

/// An account.
#[derive(Clone, Debug)]
pub(super) struct Account {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) state: &'static str,
    /// The unit it lies in.
    pub(super) unit: &'static str,
    pub(super) tags: Tags,
}

/// Everything there is.
#[derive(Clone, Debug, Default)]
pub(super) struct World {
    pub(super) accounts: Vec<Account>,
    /// Units: id, name, parent.
    pub(super) units: Vec<(&'static str, &'static str, &'static str)>,
    /// ARNs with tags, by account and region.
    pub(super) resources: BTreeMap<(String, String), Vec<Resource>>,
    /// Tag policies: id, name, document, and ids of what each is attached to.
    pub(super) policies: Vec<(&'static str, &'static str, String, Vec<&'static str>)>,
    /// Indices of Resource Explorer, and how many resources without tags each has, by account and region.
    pub(super) indices: BTreeMap<(String, String), (Value, u64)>,
    /// The view that everybody looks through; one that shows everything when there is none.
    pub(super) view: Option<Value>,
    /// Operations that are refused.
    pub(super) denied: BTreeSet<&'static str>,
    /// Accounts whose role cannot be assumed.
    pub(super) closed: BTreeSet<String>,
    /// Whether accounts say where they lie.
    pub(super) tells_paths: bool,
    /// Most items of a page of resources; what is asked for when 0.
    pub(super) page: usize,
    /// Seconds that the first session of each role says it lasts, and the others do for ever; these too when 0.
    pub(super) session_lasts: i64,
    /// Calls after which a session is over; never when 0.
    pub(super) good_for: usize,
    /// Calls of every session, by its key.
    pub(super) uses: BTreeMap<String, usize>,
    /// As whom the caller is known; somebody harmless when empty.
    pub(super) name: String,
    /// The account and role of every session, by its key.
    pub(super) sessions: BTreeMap<String, String>,
    /// Where the page of a token begins.
    pub(super) tokens: BTreeMap<String, usize>,
    pub(super) given: usize,
}

impl World {
    /// The account that a key belongs to.
    pub(super) fn account_of(&self, key: &str) -> String {
        let role = self.sessions.get(key).map_or(MANAGEMENT, |role| role.split(':').nth(4).expect("an ARN"));
        role.to_owned()
    }

    /// What `operation` gives whoever holds `key` in `region`.
    pub(super) fn answer(&mut self, operation: &str, key: &str, region: &str, question: &Value) -> Answered {
        if self.is_over(key) {
            return Err((
                400,
                if operation == "AssumeRole" { "ExpiredToken" } else { "ExpiredTokenException" },
            ));
        }
        if self.denied.contains(operation) {
            return Err((403, "AccessDeniedException"));
        }
        match operation {
            "GetCallerIdentity" => Ok(self.identity()),
            "AssumeRole" => self.assume(question["RoleArn"].as_str().expect("a role")),
            "GetIndex" | "Search" | "GetView" => self.explored(operation, key, region, question),
            "GetResources" => self.resources(&self.account_of(key), region, question),
            _ if self.account_of(key) != MANAGEMENT => Err((400, "AccessDeniedException")),
            "ListAccounts" => {
                let accounts: Vec<Value> =
                    self.accounts.iter().map(|account| self.account(account)).collect();
                self.paged(accounts, 2, "Accounts", "NextToken", question)
            }
            "ListPolicies" | "DescribePolicy" | "ListTargetsForPolicy" => self.policies(operation, question),
            "ListRoots" => Ok(json!({ "Roots": [{ "Id": "r-root", "Name": "Root" }] })),
            "ListOrganizationalUnitsForParent" => {
                let parent = question["ParentId"].as_str().expect("a parent");
                let below = self.units.iter().filter(|(_, _, above)| *above == parent);
                let below = below.map(|(id, name, _)| json!({ "Id": id, "Name": name })).collect();
                self.paged(below, 2, "OrganizationalUnits", "NextToken", question)
            }
            "ListAccountsForParent" => {
                let parent = question["ParentId"].as_str().expect("a parent");
                let within = self.accounts.iter().filter(|account| account.unit == parent);
                let within = within.map(|account| self.account(account)).collect();
                self.paged(within, 2, "Accounts", "NextToken", question)
            }
            "ListTagsForResource" => {
                let id = question["ResourceId"].as_str().expect("a resource");
                let account = self.accounts.iter().find(|account| account.id == id).expect("it is there");
                Ok(json!({ "Tags": tags(&account.tags) }))
            }
            other => panic!("nobody should ask for {other}"),
        }
    }

    /// A page without anything, of a listing that goes on.
    pub(super) fn empty_page(
        &mut self,
        operation: &str,
        key: &str,
        region: &str,
        question: &Value,
    ) -> Answered {
        if operation != "GetResources" {
            return self.answer(operation, key, region, question);
        }
        let begin = match question["PaginationToken"].as_str().filter(|token| !token.is_empty()) {
            None => 0,
            Some(token) => self.tokens.remove(token).expect("a token works once"),
        };
        Ok(json!({ "ResourceTagMappingList": [], "PaginationToken": self.token(begin) }))
    }

    /// Makes an index in which so many resources carry no tag.
    pub(super) fn index(&mut self, account: &str, region: &str, index: Value, untagged: u64) {
        self.indices.insert((account.to_owned(), region.to_owned()), (index, untagged));
    }

    fn explored(&self, operation: &str, key: &str, region: &str, question: &Value) -> Answered {
        let account = self.account_of(key);
        let (index, untagged) = self
            .indices
            .get(&(account.clone(), region.to_owned()))
            .ok_or((404, "ResourceNotFoundException"))?;
        let view = format!("arn:aws:resource-explorer-2:{region}:{account}:view/all/1");
        Ok(match operation {
            "GetIndex" => index.clone(),
            "Search" => {
                assert_eq!(
                    (&question["QueryString"], &question["MaxResults"]),
                    (&json!("tag:none"), &json!(1))
                );
                let count = json!({ "TotalResources": untagged, "Complete": *untagged < 1000 });
                json!({ "Count": count, "Resources": [], "ViewArn": view })
            }
            _ => {
                assert_eq!(question["ViewArn"], view);
                let all = json!({
                    "Scope": format!("arn:aws:iam::{account}:root"), "IncludedProperties": [{ "Name": "tags" }]
                });
                json!({ "View": self.view.clone().unwrap_or(all) })
            }
        })
    }

    fn policies(&mut self, operation: &str, question: &Value) -> Answered {
        let summary = |(id, name, ..): &(&str, &str, String, Vec<&str>)| json!({ "Id": id, "Name": name, "Type": "TAG_POLICY", "AwsManaged": false });
        if operation == "ListPolicies" {
            assert_eq!(question["Filter"], "TAG_POLICY");
            let all = self.policies.iter().map(summary).collect();
            return self.paged(all, 2, "Policies", "NextToken", question);
        }
        let policy = self.policies.iter().find(|(id, ..)| question["PolicyId"] == *id).expect("it is there");
        if operation == "DescribePolicy" {
            return Ok(json!({ "Policy": { "PolicySummary": summary(policy), "Content": policy.2 } }));
        }
        let kind = |id: &str| match id {
            _ if id.starts_with("r-") => "ROOT",
            _ if id.starts_with("ou-") => "ORGANIZATIONAL_UNIT",
            _ => "ACCOUNT",
        };
        let target = |id: &&str| json!({ "TargetId": id, "Name": format!("the {id}"), "Type": kind(id) });
        let targets = policy.3.iter().map(target).collect();
        self.paged(targets, 2, "Targets", "NextToken", question)
    }

    fn account(&self, account: &Account) -> Value {
        let mut told = json!({ "Id": account.id, "Name": account.name, "State": account.state });
        if self.tells_paths {
            told["Paths"] = json!([format!("o-exampleorgid/r-root/{}/{}/", account.unit, account.id)]);
        }
        told
    }

    /// Whether the session of `key` was used too often.
    fn is_over(&mut self, key: &str) -> bool {
        if self.good_for == 0 || !self.sessions.contains_key(key) {
            return false;
        }
        let uses = self.uses.entry(key.to_owned()).or_default();
        *uses += 1;
        *uses > self.good_for
    }

    fn identity(&self) -> Value {
        let name = match &*self.name {
            "" => format!("arn:aws:iam::{MANAGEMENT}:user/night"),
            // XML holds no control characters, not even escaped.
            name => name.replace('\u{1b}', "").replace('<', "&lt;"),
        };
        json!(format!(
            "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
             <Arn>{name}</Arn><UserId>AIDAEXAMPLEEXAMPLE00</UserId><Account>{MANAGEMENT}</Account>\
             </GetCallerIdentityResult></GetCallerIdentityResponse>"
        ))
    }

    fn assume(&mut self, role: &str) -> Answered {
        let account = role.split(':').nth(4).expect("an ARN");
        if self.closed.contains(account) {
            return Err((403, "AccessDenied"));
        }
        let key = format!("ASIA{:016}", self.sessions.len());
        let is_first = !self.sessions.values().any(|known| known == role);
        self.sessions.insert(key.clone(), role.to_owned());
        let end = match self.session_lasts {
            seconds if is_first && seconds > 0 => {
                let end = Moment::now().unix_seconds() + seconds;
                Moment::from_unix_seconds(end).expect("a moment").to_string()
            }
            _ => "2099-01-01T00:00:00Z".to_owned(),
        };
        Ok(json!(format!(
            "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult><Credentials>\
             <AccessKeyId>{key}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>\
             <Expiration>{end}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"
        )))
    }

    fn resources(&mut self, account: &str, region: &str, question: &Value) -> Answered {
        let all = self.resources.get(&(account.to_owned(), region.to_owned())).cloned().unwrap_or_default();
        let all = all.iter().map(|(arn, own)| json!({ "ResourceARN": arn, "Tags": tags(own) })).collect();
        let asked = question["ResourcesPerPage"].as_u64().expect("a size") as usize;
        let size = if self.page == 0 { asked } else { self.page };
        self.paged(all, size, "ResourceTagMappingList", "PaginationToken", question)
    }

    /// The page that `question` asks for. A token that was used gives an empty last page, as moto's does.
    fn paged(&mut self, all: Vec<Value>, size: usize, list: &str, token: &str, question: &Value) -> Answered {
        let begin = match question[token].as_str().filter(|token| !token.is_empty()) {
            None => 0,
            Some(token) => match self.tokens.remove(token) {
                Some(begin) => begin,
                None => return Ok(json!({ list: [] })),
            },
        };
        let end = (begin + size).min(all.len());
        let next = (end < all.len()).then(|| self.token(end));
        let mut page = json!({ list: all[begin..end] });
        if let Some(next) = next {
            page[token] = json!(next);
        }
        Ok(page)
    }

    fn token(&mut self, begin: usize) -> String {
        self.given += 1;
        let token = format!("page-{}", self.given);
        self.tokens.insert(token.clone(), begin);
        token
    }
}

fn tags(tags: &[(String, String)]) -> Value {
    tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect()
}
