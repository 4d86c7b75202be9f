//! Answers against the recorded ones, dates put back.

use sandbox::{SandboxOptions, Shift, Switches, id_millis, recorded_file};
use serde_json::{Value, json};

use crate::setting::*;

/// Moves an answer's dates back to the recorded ones.
fn at_recorded_dates(setting: &Setting, mut answer: Value) -> Value {
    let own_3 = setting.sandbox.posts().into_iter().find(|post| post.key == "own-3").expect("own-3");
    let recorded: i64 = id_millis(7_526_554_376_605_354_069);
    Shift { ms: recorded - id_millis(own_3.id) }.answer(&mut answer);
    answer
}

fn recorded(path: &str) -> Value {
    recorded_file(path).unwrap_or_else(|| panic!("{path}"))
}

const PAGES: [(&str, usize, usize); 7] =
    [("own-1", 6, 2), ("own-2", 4, 1), ("own-3", 3, 2), ("own-4", 2, 1), ("rival-1", 7, 3), ("rival-2", 5, 1), ("rival-3", 4, 2)];

#[test]
fn every_recorded_page_of_reactions_and_comments_is_served() {
    let setting = setting();
    for (key, reaction_pages, comment_pages) in PAGES {
        for (what, path, pages) in [
            ("reactions", "/v1/posts/reactions", reaction_pages),
            ("reactions", "/v1/data/signals/posts/reactions", reaction_pages),
            ("comments", "/v1/posts/extract-comments", comment_pages),
            ("comments", "/v1/data/signals/posts/comments", comment_pages),
        ] {
            for page in 1..=pages {
                let body = json!({"post_url": setting.post(key), "start_page": page, "use_pagination": true});
                let (status, answer) = setting.call(path, body);
                assert_eq!(status, 200);
                let expected = recorded(&format!("{what}/{key}-page-{page}.json"));
                assert_eq!(at_recorded_dates(&setting, answer), expected, "{path} {key} {page}");
            }
        }
    }
}

#[test]
fn posts_in_both_shapes_and_by_every_call() {
    let setting = setting();
    let own = json!({"profile_url": "https://www.linkedin.com/in/claire-vasselin", "use_pagination": true});
    let (_, answer) = setting.call("/v1/data/signals/profile/posts", own.clone());
    assert_eq!(at_recorded_dates(&setting, answer), recorded("posts.json"));
    let rivals = json!({"company_url": "https://www.linkedin.com/company/studio-rival-b2b"});
    let (_, answer) = setting.call("/v1/data/signals/company/posts", rivals);
    assert_eq!(at_recorded_dates(&setting, answer), recorded("posts-rivals.json"));
    let (_, answer) =
        setting.call("/v1/posts/search", json!({"linkedin_url": "https://www.linkedin.com/in/claire-vasselin", "start_page": 1}));
    assert_eq!(at_recorded_dates(&setting, answer), recorded("posts.json"));
    setting.sandbox.set_switches(Switches { older_shapes: true, ..setting.sandbox.switches() });
    let (_, answer) = setting.call("/v1/data/signals/profile/posts", own);
    assert_eq!(at_recorded_dates(&setting, answer), recorded("posts-older-shape.json"));
}

#[test]
fn posts_are_filtered_by_word_and_date() {
    let setting = setting();
    let texts = |body: Value| {
        let data = setting.data("/v1/posts/search", body);
        data["posts"].as_array().expect("posts").len()
    };
    let own = "https://www.linkedin.com/in/claire-vasselin";
    assert_eq!(texts(json!({"linkedin_url": own})), 4);
    assert_eq!(texts(json!({"linkedin_url": own, "keyword": "REMISE en décembre"})), 1);
    assert_eq!(texts(json!({"linkedin_url": own, "post_date": "PAST_WEEK"})), 1);
    assert_eq!(texts(json!({"linkedin_url": own, "post_date": "PAST_MONTH"})), 3);
    assert_eq!(texts(json!({"linkedin_url": own, "post_type": "VIDEOS"})), 1);
    assert_eq!(texts(json!({"linkedin_url": own, "total_results": 2})), 2);
    assert_eq!(texts(json!({"keyword": "baromètre"})), 1);
}

#[test]
fn profiles_by_slug_by_id_and_by_urn() {
    let setting = setting();
    let ids = recorded("profiles/_by_member_id.json");
    for (id, slug) in ids.as_object().expect("ids") {
        let slug = slug.as_str().expect("a slug");
        let expected = recorded(&format!("profiles/{slug}.json"));
        for address in [
            format!("https://www.linkedin.com/in/{slug}"),
            format!("https://fr.linkedin.com/in/{slug}/?miniProfileUrn=x"),
            format!("https://www.linkedin.com/in/{id}"),
            format!("urn:li:fsd_profile:{id}"),
        ] {
            let (_, answer) = setting.call("/v1/profile/info", json!({"linkedin_url": address}));
            assert_eq!(answer, expected, "{address}");
        }
        let (_, answer) = setting.call("/v1/data/profil/info", json!({"profile_url": id}));
        assert_eq!(answer, expected, "{id}");
    }
}

#[test]
fn companies_by_page_and_by_domain() {
    let setting = setting();
    for (domain, slug) in recorded("companies/_by_domain.json").as_object().expect("domains") {
        let slug = slug.as_str().expect("a slug");
        let expected = recorded(&format!("companies/{slug}.json"));
        let url = format!("https://www.linkedin.com/company/{slug}/");
        let (_, answer) = setting.call("/v1/data/company/info", json!({"company_url": url}));
        assert_eq!(answer, expected);
        let (_, answer) = setting.call("/v1/companies/info", json!({"company_url": url}));
        assert_eq!(answer, expected);
        let (_, answer) = setting.call("/v1/data/company/info-by-domain", json!({"domain": domain}));
        assert_eq!(answer, expected);
    }
}

#[test]
fn searches_as_recorded_and_over_the_world() {
    let setting = setting();
    for (body, name) in [
        (json!({"job_title": "CEO", "location": "Lyon"}), "ceo-lyon"),
        (json!({"keyword": "Directeur commercial"}), "directeur-commercial"),
        (json!({"keyword": "DRH", "job_title": "DRH"}), "drh"),
        (json!({"job_title": "Head of Sales"}), "head-of-sales"),
        (json!({"keyword": "rien"}), "rien"),
    ] {
        let mut body = body;
        body["total_results"] = 50.into();
        let (_, answer) = setting.call("/v1/data/search/profiles", body);
        assert_eq!(answer, recorded(&format!("search/{name}.json")), "{name}");
    }
    let (_, answer) = setting.call("/v1/profile/search", json!({"title": "VP Sales", "start_page": 1}));
    assert_eq!(answer, recorded("search/vp-sales-session.json"));
    let (_, answer) = setting.call("/v1/data/search/profiles", json!({"job_title": "CTO", "location": "Nantes"}));
    let found = answer["data"]["results"].as_array().expect("results");
    assert!(!found.is_empty());
    for row in found {
        assert_eq!((&row["title"], &row["location"]), (&json!("CTO"), &json!("Nantes")));
    }
    assert_eq!(setting.error("/v1/data/search/profiles", json!({})), "Invalid parameter");
}

#[test]
fn conversations_and_inbox_have_the_recorded_shapes() {
    let setting = setting();
    for (slug, name) in [
        ("mehdi-monfort-c964d3d44", "with-reply"),
        ("maeva-pinard", "only-ours"),
        ("chloe-beaumont-rey", "same-name-as-owner"),
        ("keith-sherwin-5791b5", "empty"),
    ] {
        let data = setting.data("/v1/messages/conversation", json!({"linkedin_url": slug}));
        let expected = recorded(&format!("conversation/{name}.json"))["data"].clone();
        // The conversations have a move of their own: found by their newest message.
        let moved = |data: &Value| data["messages"][0]["timestamp"].as_i64().unwrap_or_default();
        let mut back = data.clone();
        Shift { ms: moved(&expected) - moved(&data) }.answer(&mut back);
        assert_eq!(back, expected, "{name}");
        assert!(moved(&data) <= start().as_millisecond(), "{name}");
    }
    let rows = |data: &Value| data["conversations"].as_array().cloned().expect("conversations");
    let first = setting.data("/v1/messages/inbox", json!({"total_results": 5}));
    let cursor = first["next_cursor"].clone();
    assert!(cursor.is_string());
    let second = setting.data("/v1/messages/inbox", json!({"total_results": 5, "next_cursor": cursor}));
    assert_eq!(second["next_cursor"], Value::Null);
    let served: Vec<Value> = rows(&first).into_iter().chain(rows(&second)).collect();
    let times: Vec<i64> = served.iter().filter_map(|row| row["last_message"]["time"].as_i64()).collect();
    assert!(times.is_sorted_by(|a, b| a >= b), "{times:?}");
    for path in ["inbox/page-1.json", "inbox/page-2.json"] {
        for mut expected in rows(&recorded(path)["data"]) {
            let id = expected["conversation_id"].clone();
            let mut row = served.iter().find(|row| row["conversation_id"] == id).expect("a row").clone();
            row["last_message"]["time"] = 0.into();
            expected["last_message"]["time"] = 0.into();
            assert_eq!(row, expected);
        }
    }
}

#[test]
fn actions_answer_as_recorded() {
    let setting = setting();
    let (_, answer) = setting.call("/v1/network/connect", json!({"linkedin_url": setting.stranger()}));
    assert_eq!(answer, recorded("actions/connect.json"));
    let (_, answer) = setting.call("/v1/posts/create", json!({"message": "Bonjour à tous"}));
    assert_eq!(answer, recorded("actions/create-post.json"));
    let message = json!({"linkedin_url": "mehdi-monfort-c964d3d44", "message_text": "Bonjour"});
    let (_, answer) = setting.call("/v1/messages/send-message", message.clone());
    let expected = recorded("actions/send-message.json");
    assert_eq!(answer["data"]["conversation_id"], expected["data"]["conversation_id"]);
    assert_eq!(answer["data"]["deliveredAt"], start().as_millisecond());
    let keys = |value: &Value| value.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&answer["data"]), keys(&expected["data"]));
    setting.sandbox.set_switches(Switches { older_shapes: true, ..Switches::default() });
    let (_, answer) = setting.call("/v1/messages/send-message", message);
    assert_eq!(answer, recorded("actions/send-message-old.json"));
}

#[test]
fn webhook_accounts_live_as_recorded() {
    let setting = setting();
    let sample = recorded("webhook-accounts/create.json");
    let fields = json!({
        "plateforme": "linkedin", "account_name": "Claire", "country": "FR", "webhook_url": sample["webhook_url"],
    });
    let (_, mut created) = setting.call("/v1/webhooks/accounts", fields);
    let id = created["id"].as_str().expect("an id").to_owned();
    assert_eq!(id.len(), 24);
    let listed = setting.sandbox.handle(sandbox::Call {
        method: "GET",
        path: "/v1/webhooks/accounts",
        api_key: Some("sandbox"),
        body: b"",
    });
    assert_eq!(read(listed), (200, json!({"accounts": [created.clone()], "total": 1})));
    for key in ["id", "login_token", "created_at", "updated_at"] {
        created[key] = sample[key].clone();
    }
    assert_eq!(created, sample);
    for (action, path) in [("start", "webhook-accounts/start.json"), ("stop", "webhook-accounts/stop.json")] {
        let mut expected = recorded(path);
        expected["account_id"] = id.clone().into();
        let (_, answer) = setting.call(&format!("/v1/webhooks/accounts/{id}/{action}"), json!({}));
        assert_eq!(answer, expected);
    }
    let (status, _) = setting.call("/v1/webhooks/accounts/000000000000000000000000/start", json!({}));
    assert_eq!(status, 404);
}

#[test]
fn total_mode_has_no_pages_and_costs_by_ten() {
    let setting = setting();
    let data = setting.data("/v1/posts/reactions", json!({"post_url": setting.post("own-1"), "total_results": 25}));
    assert_eq!((&data["total_results"], &data["total_available_results"]), (&json!(25), &json!(50)));
    assert_eq!(data.get("pagination"), None);
    assert_eq!(setting.sandbox.credits(), 3);
    let data = setting.data("/v1/posts/reactions", json!({"post_url": setting.post("own-1"), "start_page": 2, "end_page": 3}));
    assert_eq!(data["pagination"], json!({"start_page": 2, "end_page": 3, "results_per_page": 10, "pages_fetched": 2}));
    assert_eq!(setting.sandbox.credits(), 5);
    let data = setting.data("/v1/posts/reactions", json!({"post_url": setting.post("own-1"), "start_page": 7}));
    assert_eq!(data["reactions"], json!([]));
}

#[test]
fn dates_are_fresh_and_agree_with_the_ids() {
    for age in [0, 3 * HOUR, 10 * DAY] {
        let setting = setting_with(SandboxOptions { newest_post_age_seconds: age, ..SandboxOptions::default() });
        let posts = setting.sandbox.posts();
        let newest = posts.iter().filter(|post| post.own).map(|post| post.published_at).max().expect("posts");
        assert_eq!(start().as_second() - newest.as_second(), age);
        let data = setting.data("/v1/posts/search", json!({"linkedin_url": "claire-vasselin"}));
        for item in data["posts"].as_array().expect("posts") {
            let post = posts.iter().find(|post| item["post_urn"] == post.urn.as_str()).expect("the post");
            assert_eq!(item["date"], post.published_at.to_string());
            assert_eq!(item["post_url"], post.url.as_str());
            assert!(post.url.contains(&post.id.to_string()));
        }
        let data = setting.data("/v1/posts/extract-comments", json!({"post_url": setting.post("own-1"), "total_results": 50}));
        let own_1 = posts.iter().find(|post| post.key == "own-1").expect("own-1");
        for comment in data["comments"].as_array().expect("comments") {
            let urn = comment["comment_urn"].as_str().expect("a urn");
            assert!(urn.contains(&format!("(activity:{},", own_1.id)), "{urn}");
        }
    }
}

#[test]
fn later_comments_can_wait_for_their_time() {
    let mut options = SandboxOptions::default();
    options.switches.reveal_in_time = true;
    let setting = setting_with(options);
    let count = || {
        let data = setting.data("/v1/posts/extract-comments", json!({"post_url": setting.post("own-3"), "total_results": 50}));
        data["comments"].as_array().expect("comments").len()
    };
    let at_first = count();
    assert!(at_first < 12, "{at_first}");
    setting.advance(5 * DAY);
    assert_eq!(count(), 12);
}

#[test]
fn a_post_answers_to_every_form_of_its_address() {
    let setting = setting();
    for post in setting.sandbox.posts() {
        let kind = post.kind.name();
        for url in [
            post.url.clone(),
            format!("{}?utm_source=share", post.url),
            format!("https://www.linkedin.com/feed/update/{}", post.urn),
            format!("https://www.linkedin.com/feed/update/urn%3Ali%3A{kind}%3A{}/", post.id),
            post.urn.clone(),
        ] {
            let data = setting.data("/v1/posts/reactions", json!({"post_url": url}));
            assert_ne!(data["reactions"], json!([]), "{url}");
        }
    }
    let id = setting.sandbox.posts()[0].id;
    for (url, error) in [
        (format!("https://www.linkedin.com/feed/update/urn:li:share:{id}"), "Post not found"),
        ("https://www.linkedin.com/feed/update/urn:li:activity:7000000000000000000".into(), "Post not found"),
        ("https://www.linkedin.com/in/claire-vasselin".into(), "Invalid parameter"),
    ] {
        assert_eq!(setting.error("/v1/posts/reactions", json!({"post_url": url})), error, "{url}");
    }
}

#[test]
fn the_second_pull_takes_over_page_one_at_its_time() {
    let mut options = SandboxOptions::default();
    options.switches.second_pull_after_seconds = Some(HOUR);
    let setting = setting_with(options);
    let page = |page: usize| {
        let (_, answer) = setting.call("/v1/posts/reactions", json!({"post_url": setting.post("own-1"), "start_page": page}));
        answer
    };
    assert_eq!(page(1), recorded("reactions/own-1-page-1.json"));
    setting.advance(HOUR);
    assert_eq!(page(1), recorded("reactions/own-1-pull-2-page-1.json"));
    let data = setting.data("/v1/posts/reactions", json!({"post_url": setting.post("own-1"), "total_results": 100}));
    assert_eq!((&data["total_results"], &data["total_available_results"]), (&json!(54), &json!(53)));
}

#[test]
fn where_a_person_was_active() {
    let setting = setting();
    let body = json!({"profile_url": "https://www.linkedin.com/in/mehdi-vigneault", "total_results": 50});
    let data = setting.data("/v1/data/signals/profile/reactions", body.clone());
    assert_eq!(data["reactions"].as_array().map(Vec::len), Some(3));
    let data = setting.data("/v1/data/signals/profile/comments", body);
    assert_eq!(data["comments"], json!([]));
}

#[test]
fn invitation_status_in_every_recorded_form() {
    let setting = setting();
    let keys = |value: &Value| value.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    let mut seen = std::collections::BTreeSet::new();
    setting.stranger();
    setting.sandbox.receive_invitation(CLAIRE, "keith-sherwin-5791b5");
    for person in setting.sandbox.people() {
        let data = setting.data("/v1/network/invitation-status", json!({"linkedin_url": person.id_url()}));
        let name = match (data["invitation_type"].as_str(), &data["invitation_id"], &data["member_distance"]) {
            (Some("CONNECTED"), _, _) => "accepted",
            (Some("SENT"), Value::Number(_), _) => "id-as-number",
            (Some("SENT"), _, _) => "pending-sent",
            (Some("RECEIVED"), _, _) => "pending-received",
            (_, _, Value::Null) => "none-unknown-distance",
            _ => "none",
        };
        let mut expected = recorded(&format!("invitation-status/{name}.json"))["data"].clone();
        assert_eq!(keys(&data), keys(&expected));
        for key in ["invitation_id", "member_distance"] {
            assert_eq!(data[key].is_null(), expected[key].is_null(), "{name} {key}");
            expected[key] = data[key].clone();
        }
        assert_eq!(data, expected, "{name}");
        seen.insert(name);
        if name == "none" {
            setting.data("/v1/network/connect", json!({"linkedin_url": person.slug}));
            let after = setting.data("/v1/network/invitation-status", json!({"linkedin_url": person.slug}));
            seen.insert(if after["invitation_id"].is_number() { "id-as-number" } else { "pending-sent" });
        }
    }
    assert_eq!(seen.len(), 6, "{seen:?}");
}
