//! Obtaining a session of the provider: e-mail and password, then the code that LinkedIn sends.

use crate::accounts::{self, Signed, Wanted};
use crate::call::{Call, Outcome, Reply};
use crate::problem::Problem;
use crate::words::text;
use domain::ids::JobId;
use domain::provider::Ability;
use domain::vocabulary::Provider;
use outbound::linkedin::{Login, LoginOutcome, Verification};
use secrecy::SecretString;
use serde_json::json;
use store::settings::Background;

/// The kind of a sign-in that waits for its code.
const LOGIN: &str = "login";
/// How long a code is waited for.
const CODE_VALID_MINUTES: i64 = 30;

/// `POST /accounts/login`: makes the account, or asks for the code that LinkedIn has sent.
pub async fn login(call: Call) -> Outcome {
    let (wanted, email, password, country, provider) = {
        let body = call.body()?;
        body.required("label", 200);
        let email = body.required("email", 320);
        let password = body.required("password", 500);
        let wanted = Wanted::read(&body);
        let country = body.text("country", 2).map_or_else(|| "FR".to_owned(), |c| c.to_ascii_uppercase());
        let provider = body.word("provider", Provider::parse, &[]);
        body.finish()?;
        (wanted, email.unwrap_or_default(), password.unwrap_or_default(), country, provider)
    };
    let provider = provider.unwrap_or(call.console.default_provider);
    if !provider.capabilities().sign_in {
        return Err(accounts::not_offered_here(Ability::SignIn));
    }
    let client = call.console.providers.linkedin(provider).ok_or_else(|| accounts::no_client(provider))?;
    let login =
        Login { email: SecretString::from(email.clone()), password: SecretString::from(password), country: country.clone() };
    match client.login(&login).await?.value {
        LoginOutcome::Session(token) => accounts::add(&call, wanted.with_session(&Signed::Token(token))).await,
        LoginOutcome::Account(id) => accounts::add(&call, wanted.with_session(&Signed::Account(id))).await,
        LoginOutcome::CodeRequired => wait_for_code(&call, provider, &email, &country).await,
    }
}

async fn wait_for_code(call: &Call, provider: Provider, email: &str, country: &str) -> Outcome {
    let id = JobId::from_uuid(call.new_uuid());
    let mut asked = call.json.clone();
    if let Some(map) = asked.as_object_mut() {
        map.remove("password");
        map.remove("email");
    }
    let sealed = call.console.sealer.seal(&SecretString::from(email.to_owned()), id.as_str())?;
    let waiting = Background {
        result: json!({"provider": provider, "country": country, "email": sealed, "asked": asked}),
        ..Background::begun(call.ws(), &id, LOGIN, 1, call.now)
    };
    // Lost: the same request came before and already waits.
    let _known = call.store().create(&waiting).await?;
    Reply::waiting(json!({"login_id": id, "status": "code_required"}))
}

/// `POST /accounts/verify`: the code that LinkedIn has sent; makes the account.
pub async fn verify(call: Call) -> Outcome {
    let (id, code) = {
        let body = call.body()?;
        body.required("login_id", 200);
        let id = body.id("login_id", JobId::parse);
        let code = body.required("code", 50);
        body.finish()?;
        (id, code.unwrap_or_default())
    };
    let id = id.ok_or_else(Problem::not_found)?;
    let found = call.store().background(call.ws(), &id).await?.filter(|b| b.kind == LOGIN).ok_or_else(Problem::not_found)?;
    let late = call.now.duration_since(found.created_at).as_mins() >= CODE_VALID_MINUTES;
    if late || found.status != "running" {
        return Err(Problem::conflict(text(
            "Cette connexion a expiré ou a déjà abouti. Recommencez.",
            "This sign-in has expired or was finished already. Start again.",
        )));
    }
    let provider = found.result["provider"].as_str().and_then(Provider::parse).unwrap_or(call.console.default_provider);
    let client = call.console.providers.linkedin(provider).ok_or_else(|| accounts::no_client(provider))?;
    let email = call.console.sealer.open(found.result["email"].as_str().unwrap_or_default(), id.as_str())?;
    let country = found.result["country"].as_str().unwrap_or("FR").to_owned();
    let verification = Verification { email, code: SecretString::from(code), country };
    let session = match client.verify(&verification).await?.value {
        LoginOutcome::CodeRequired => return Err(Problem::field("code", text("code refusé", "code refused"))),
        LoginOutcome::Session(token) => Signed::Token(token),
        LoginOutcome::Account(id) => Signed::Account(id),
    };
    let asked = found.result["asked"].clone();
    let wanted = {
        let body = crate::read::Fields::of(&asked, &asked_fields(&asked))?;
        Wanted::read(&body)
    };
    let answer = accounts::add(&call, wanted.with_session(&session)).await?;
    let mut done = found;
    done.status = "done".to_owned();
    done.done = 1;
    done.result = json!({});
    // Lost: the same code was sent twice at once; the account is one and the same.
    let _known = call.store().save(&mut done).await?;
    Ok(answer)
}

fn asked_fields(asked: &serde_json::Value) -> Vec<&str> {
    asked.as_object().into_iter().flat_map(|map| map.keys().map(String::as_str)).collect()
}
