//! Checks an answer against the question's schema: a vendor's promise is no proof.

use serde_json::Value;

/// Where and how `value` breaks `schema`; `None` where it holds to it. The place is a path such as `$.tones[2]`.
pub(super) fn breach(value: &Value, schema: &Value) -> Option<String> {
    at("$", value, schema)
}

fn at(place: &str, value: &Value, schema: &Value) -> Option<String> {
    if let Some(wanted) = schema.get("type").filter(|wanted| !is_of(value, wanted)) {
        return Some(format!("{place} is no {}", wanted.to_string().replace('"', "")));
    }
    if let Some(listed) = schema.get("enum").and_then(Value::as_array).filter(|listed| !listed.contains(value)) {
        return Some(format!("{place} is none of {} values", listed.len()));
    }
    match value {
        Value::Object(_) => object(place, value, schema),
        Value::Array(items) => {
            let of_items = schema.get("items")?;
            items.iter().enumerate().find_map(|(i, item)| at(&format!("{place}[{i}]"), item, of_items))
        }
        _ => None,
    }
}

fn object(place: &str, value: &Value, schema: &Value) -> Option<String> {
    let fields = value.as_object()?;
    let required = schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let missing = required.into_iter().find(|name| !fields.contains_key(*name));
    if let Some(name) = missing {
        return Some(format!("{place}.{name} is missing"));
    }
    let known = schema.get("properties").and_then(Value::as_object);
    let closed = schema.get("additionalProperties") == Some(&Value::Bool(false));
    fields.iter().find_map(|(name, field)| match known.and_then(|known| known.get(name)) {
        Some(schema) => at(&format!("{place}.{name}"), field, schema),
        None if closed => Some(format!("{place} has a field that nobody asked for")),
        None => None,
    })
}

fn is_of(value: &Value, wanted: &Value) -> bool {
    match wanted {
        Value::Array(any) => any.iter().any(|one| is_of(value, one)),
        Value::String(name) => match name.as_str() {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            // 80.0 is a whole number in JSON Schema.
            "integer" => value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|n| n.fract() == 0.0),
            "number" => value.is_number(),
            "boolean" => value.is_boolean(),
            "null" => value.is_null(),
            _ => false,
        },
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn answers_hold_to_the_schema_or_say_where_not() {
        let schema = json!({"type": "object", "properties": {
            "value": {"type": "integer"},
            "site": {"type": ["string", "null"]},
            "tones": {"type": "array", "items": {"type": "string", "enum": ["positive", "negative"]}},
        }, "required": ["value"], "additionalProperties": false});
        let check = |value: Value, expected: Option<&str>| assert_eq!(breach(&value, &schema).as_deref(), expected, "{value}");
        check(json!({"value": 80}), None);
        check(json!({"value": 80.0, "site": null, "tones": ["positive"]}), None);
        check(json!({"value": 80.5}), Some("$.value is no integer"));
        check(json!({"value": "80"}), Some("$.value is no integer"));
        check(json!({"site": "x"}), Some("$.value is missing"));
        check(json!({"value": 1, "site": 2}), Some("$.site is no [string,null]"));
        check(json!({"value": 1, "score": 2}), Some("$ has a field that nobody asked for"));
        check(json!({"value": 1, "tones": ["positive", "great"]}), Some("$.tones[1] is none of 2 values"));
        check(json!([{"value": 1}]), Some("$ is no object"));
        check(json!("80"), Some("$ is no object"));
        check(Value::Null, Some("$ is no object"));
    }
}
