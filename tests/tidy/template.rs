//! Reads `infra/template.yaml` as JSON, with CloudFormation's short tags in their long form.

use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests lie in the repository").to_owned()
}

/// The AWS template, `!Ref X` read as `{"Ref":"X"}` and so on.
pub fn read() -> Value {
    let text = std::fs::read_to_string(root().join("infra/template.yaml")).expect("the template is there");
    let documents = Yaml::load_from_str(&text).expect("the template is YAML");
    assert_eq!(documents.len(), 1, "the template is one document");
    long_form(&documents[0])
}

fn long_form(node: &Yaml) -> Value {
    match node {
        Yaml::Value(Scalar::Null) => Value::Null,
        Yaml::Value(Scalar::Boolean(b)) => json!(b),
        Yaml::Value(Scalar::Integer(i)) => json!(i),
        Yaml::Value(Scalar::FloatingPoint(f)) => json!(f.into_inner()),
        Yaml::Value(Scalar::String(s)) => json!(s),
        Yaml::Sequence(items) => items.iter().map(long_form).collect(),
        Yaml::Mapping(entries) => {
            let entry = |(k, v): (&Yaml, &Yaml)| (k.as_str().expect("keys are text").to_owned(), long_form(v));
            Value::Object(entries.iter().map(entry).collect())
        }
        Yaml::Tagged(tag, inner) => intrinsic(&tag.suffix, long_form(inner)),
        other => panic!("the template uses a YAML form that CloudFormation does not: {other:?}"),
    }
}

fn intrinsic(tag: &str, argument: Value) -> Value {
    let name = match tag {
        "Ref" | "Condition" => tag.to_owned(),
        _ => format!("Fn::{tag}"),
    };
    let argument = match (tag, argument.as_str().and_then(|text| text.split_once('.'))) {
        ("GetAtt", Some((resource, attribute))) => json!([resource, attribute]),
        _ => argument,
    };
    Value::Object(Map::from_iter([(name, argument)]))
}
