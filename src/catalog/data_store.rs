//! Where a service keeps data: which store, how sensitive, and what happens when it is lost.

use super::field::Field;
use super::record::record;
use super::scalar::{Declaration, Duration};
use super::service::DataClassification;

record! {
    /// One thing a service stores data in (lesson §23).
    pub struct DataStore called "data store" shorthand "name" {
        /// Its name.
        #[example("quotes")]
        "name" => name: Field<Box<str>>,
        /// The product: `aurora`, `rds`, `dynamodb`, `s3`, `elasticache`, `opensearch` …
        #[example("aurora-postgresql")]
        "type" => store_type: Field<Box<str>>,
        /// Its ARN.
        #[example("arn:aws:rds:eu-central-1:111122223333:cluster:quotes")]
        "arn" => arn: Field<Box<str>>,
        /// How sensitive its data is.
        "dataClassification" => data_classification: Field<DataClassification>,
        /// Who owns the schema.
        #[example("checkout")]
        "schemaOwner" => schema_owner: Field<Box<str>>,
        /// Who may read and write, and how.
        #[example("this service alone")]
        "accessModel" => access_model: Field<Box<str>>,
        /// How long backups are kept.
        "backupRetention" => backup_retention: Field<Duration>,
        /// Whether any point in time can be restored.
        "pitr" => pitr: Field<bool>,
        /// How often a restore is tried.
        "restoreTest" => restore_test: Field<Duration>,
        /// The key it is encrypted with.
        "encryptionKey" => encryption_key: Field<Declaration>,
        /// Whether it is protected from deletion.
        "deletionProtection" => deletion_protection: Field<bool>,
        /// How long data is kept.
        "retention" => retention: Field<Duration>,
        /// Expected reads and writes.
        #[example("few writes, many reads")]
        "workload" => workload: Field<Box<str>>,
        /// How its schema is changed.
        "migrationPlan" => migration_plan: Field<Declaration>,
        /// Who is told when it misbehaves.
        "monitoring" => monitoring: Field<Declaration>,
        /// Where its data may lie.
        #[example("eu")]
        "residency" => residency: Field<Box<str>>,
    }
}
