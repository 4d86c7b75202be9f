//! `amorce demo`: one whole lap told in the terminal, on accelerated time, over the sandbox.

use crate::client::Client;
use crate::home::{Home, Options};
use crate::welcome;
use anyhow::Context;
use jiff::{SignedDuration, Timestamp, ToSpan};
use kit::Clock;
use serde_json::{Value, json};
use std::io::Write;

/// A Monday morning in Paris.
const START: &str = "2026-11-16T07:30:00Z";
/// How many days the story lasts.
const DAYS: u32 = 12;
/// How many lines of a list are shown.
const SHOWN: usize = 8;

/// Tells the lap on standard output.
///
/// # Errors
/// When one of its steps fails, naming it.
pub async fn tell() -> anyhow::Result<()> {
    let clock = Clock::at(START.parse()?);
    let home = Home::open(Options::in_memory(clock.clone())).await?;
    let client = welcome::demonstration(&home).await?.context("the demonstration starts anew")?;
    title("Amorce, un tour complet", &clock);
    publish(&home, &client).await?;
    collect(&home, &client).await?;
    people(&client).await?;
    weeks(&home, &client).await?;
    funnel(&home, &client).await
}

fn title(text: &str, clock: &Clock) {
    let paris = clock.now().in_tz("Europe/Paris").map(|z| z.strftime("%d/%m %H h %M").to_string()).unwrap_or_default();
    println!("\n── {text} · {paris} {}", "─".repeat(58_usize.saturating_sub(text.chars().count())));
}

fn bar(done: usize, total: usize) {
    let width = 30;
    let filled = (done * width).checked_div(total).unwrap_or(width);
    print!("\r   {}{} {done}/{total}", "█".repeat(filled), "░".repeat(width - filled));
    let _flushed = std::io::stdout().flush();
    if done == total {
        println!();
    }
}

async fn publish(home: &Home, client: &Client) -> anyhow::Result<()> {
    title("Publication", &home.clock);
    let account = client.get("/api/v1/accounts").await?["items"][0]["id"].clone();
    let at = home.clock.now() + SignedDuration::from_mins(30);
    let text = "Relancer un devis sans harceler\u{a0}: la méthode en trois temps.";
    let post = json!({ "account_id": account, "kind": "profile", "text": text, "scheduled_at": at });
    let post = client.post("/api/v1/posts", &post).await?;
    let path = format!("/api/v1/posts/{}", word(&post["id"]));
    if post["status"] == "draft" {
        client.post(&format!("{path}/schedule"), &json!({})).await?;
    }
    println!("   «\u{a0}{text}\u{a0}» programmée pour {}", hour(at));
    home.run_until(at + SignedDuration::from_secs(90)).await?;
    let post = client.get(&path).await?;
    println!("   {} · {}", word(&post["status"]), word(&post["post_url"]));
    Ok(())
}

async fn collect(home: &Home, client: &Client) -> anyhow::Result<()> {
    title("Collecte des réactions et des commentaires", &home.clock);
    let until = home.clock.now() + SignedDuration::from_hours(3);
    let steps = 12;
    for step in 1..=steps {
        let share = until.duration_since(home.clock.now()) / (steps - step + 1);
        home.run_until(home.clock.now() + share).await?;
        bar(usize::try_from(step)?, usize::try_from(steps)?);
    }
    for run in client.all("/api/v1/runs").await?.iter().filter(|r| r["status"] == "done") {
        println!(
            "   {:<60} personnes\u{a0}: {:>3}, dont nouvelles\u{a0}: {:>2}, écartées à la porte\u{a0}: {}, crédits\u{a0}: {}",
            short(&word(&run["post_url"]), 60),
            run["found"],
            run["created"],
            run["dropped"],
            run["credits_spent"]
        );
    }
    Ok(())
}

async fn people(client: &Client) -> anyhow::Result<()> {
    let people = client.all("/api/v1/prospects").await?;
    let (allowed, others): (Vec<_>, Vec<_>) = people.iter().partition(|p| p["decision"]["verdict"] == "allow");
    println!("\n   Autorisés ({} sur {})", allowed.len(), people.len());
    for person in allowed.iter().take(SHOWN) {
        println!("   {}", line(person));
    }
    println!("\n   Écartés ou en attente ({})", others.len());
    for person in others.iter().take(SHOWN) {
        println!("   {}\n        {}", line(person), word(&person["decision"]["reasons"][0]["text"]));
    }
    Ok(())
}

/// The score as a line from 0 to 100, the threshold across it.
fn line(person: &Value) -> String {
    let value = person["score"]["value"].as_u64();
    let threshold = person["decision"]["threshold"].as_u64().unwrap_or(100) / 5;
    let filled = value.unwrap_or(0) / 5;
    let rule: String = (0..20)
        .map(|n| {
            if n == threshold {
                '│'
            } else if n < filled {
                '━'
            } else {
                '·'
            }
        })
        .collect();
    let score = value.map_or_else(|| format!("≤{}", person["upper_bound"]), |v| v.to_string());
    format!("{rule} {score:>4}  {:<24} {}", short(&word(&person["name"]), 24), short(&word(&person["headline"]), 44))
}

async fn weeks(home: &Home, client: &Client) -> anyhow::Result<()> {
    title("Brouillons, approbations, envois", &home.clock);
    let mut shown = 0;
    for day in 1..=DAYS {
        let review = client.all("/api/v1/review?kind=message").await?;
        for message in review.iter().take(3_usize.saturating_sub(shown)) {
            let person = client.get(&format!("/api/v1/prospects/{}", word(&message["prospect_id"]))).await?;
            println!("   ┌ brouillon pour {} · {}", word(&person["name"]), channel(&message["channel"]));
            word(&message["body"]).lines().for_each(|l| println!("   │ {l}"));
            shown += 1;
        }
        let ids: Vec<&Value> = review.iter().map(|m| &m["id"]).collect();
        if !ids.is_empty() {
            let answer = client.post("/api/v1/review/approve", &json!({ "ids": ids })).await?;
            let count = |name: &str| answer[name].as_array().map_or(0, Vec::len);
            println!(
                "\r   jour {day:>2} · approuvés\u{a0}: {:>2}, refusés au dernier moment\u{a0}: {}       ",
                count("approved"),
                count("refused")
            );
        }
        let tomorrow = home.clock.now().in_tz("Europe/Paris")?.date().checked_add(1.day())?.at(8, 0, 0, 0);
        home.run_until(tomorrow.in_tz("Europe/Paris")?.timestamp()).await?;
        bar(usize::try_from(day)?, usize::try_from(DAYS)?);
    }
    Ok(())
}

async fn funnel(home: &Home, client: &Client) -> anyhow::Result<()> {
    title("Entonnoir", &home.clock);
    let report = client.get("/api/v1/reports/overview?range=all").await?;
    let report = report.get("totals").unwrap_or(&report);
    for (name, label) in [
        ("leads", "personnes trouvées"),
        ("allowed", "autorisées"),
        ("drafts", "brouillons"),
        ("approved", "approuvés"),
        ("invitations_sent", "invitations envoyées"),
        ("acceptances", "acceptées"),
        ("messages_sent", "messages envoyés"),
        ("replies", "réponses"),
    ] {
        let n = report[name].as_u64().unwrap_or(0);
        println!("   {label:<24} {n:>4} {}", "▇".repeat(usize::try_from(n.min(60))?));
    }
    let budget = client.get("/api/v1/budget").await?;
    println!("\n   crédits dépensés\u{a0}: {} sur {}", budget["credits_spent"], budget["credits_per_month"]);
    let reached = home.sandbox.log().iter().filter(|call| call.reaches_person).count();
    println!("   appels qui ont atteint une personne, d’après LinkedIn\u{a0}: {reached}");
    Ok(())
}

fn channel(value: &Value) -> &'static str {
    match value.as_str() {
        Some("linkedin_invitation") => "invitation",
        _ => "message",
    }
}

fn word(value: &Value) -> String {
    value.as_str().unwrap_or("–").to_owned()
}

fn short(text: &str, max: usize) -> String {
    if text.chars().count() <= max { text.to_owned() } else { format!("{}…", text.chars().take(max - 1).collect::<String>()) }
}

fn hour(at: Timestamp) -> String {
    at.in_tz("Europe/Paris").map(|z| z.strftime("%H h %M").to_string()).unwrap_or_default()
}
