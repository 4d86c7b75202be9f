//! The one table: keys, two sparse indexes, expiry, change stream. The AWS home declares the same in its template.

use crate::error::StoreError;
use crate::table::Table;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection, ProjectionType,
    ScalarAttributeType, StreamSpecification, StreamViewType, TimeToLiveSpecification,
};

/// Attribute that tells the store when it may forget an item, in Unix seconds.
pub const EXPIRES_AT: &str = "expires_at";
/// The two sparse indexes: name, partition key, sort key. Both project keys only.
pub const INDEXES: [(&str, &str, &str); 2] = [("list", "lpk", "lsk"), ("due", "dpk", "dsk")];

fn built<T, E: std::fmt::Display>(result: Result<T, E>) -> Result<T, StoreError> {
    result.map_err(|e| StoreError::corrupt(&e.to_string()))
}

fn key(name: &str, kind: KeyType) -> Result<KeySchemaElement, StoreError> {
    built(KeySchemaElement::builder().attribute_name(name).key_type(kind).build())
}

/// Creates the table if it is not there.
pub async fn create_if_missing(table: &Table) -> Result<(), StoreError> {
    let client = table.client();
    if client.describe_table().table_name(table.name()).send().await.is_ok() {
        return Ok(());
    }
    let mut create = client
        .create_table()
        .table_name(table.name())
        .billing_mode(BillingMode::PayPerRequest)
        .key_schema(key("pk", KeyType::Hash)?)
        .key_schema(key("sk", KeyType::Range)?)
        .stream_specification(built(
            StreamSpecification::builder().stream_enabled(true).stream_view_type(StreamViewType::NewAndOldImages).build(),
        )?);
    for name in ["pk", "sk", "lpk", "lsk", "dpk", "dsk"] {
        let definition = AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::S);
        create = create.attribute_definitions(built(definition.build())?);
    }
    for (index, hash, range) in INDEXES {
        let index = GlobalSecondaryIndex::builder()
            .index_name(index)
            .key_schema(key(hash, KeyType::Hash)?)
            .key_schema(key(range, KeyType::Range)?)
            .projection(Projection::builder().projection_type(ProjectionType::KeysOnly).build());
        create = create.global_secondary_indexes(built(index.build())?);
    }
    let unavailable = |e: String| StoreError::Unavailable(e);
    create.send().await.map_err(|e| unavailable(aws_sdk_dynamodb::error::DisplayErrorContext(&e).to_string()))?;
    let expiry = TimeToLiveSpecification::builder().enabled(true).attribute_name(EXPIRES_AT);
    client
        .update_time_to_live()
        .table_name(table.name())
        .time_to_live_specification(built(expiry.build())?)
        .send()
        .await
        .map_err(|e| unavailable(aws_sdk_dynamodb::error::DisplayErrorContext(&e).to_string()))?;
    Ok(())
}
