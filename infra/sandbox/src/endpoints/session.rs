//! `auth/login` and `auth/verify`.

use serde_json::json;

use crate::scene::Scene;
use crate::wire::{Body, Done, Outcome, Refusal};

/// The code "sent by e-mail".
const CODE: &str = "123456";

/// `/v1/auth/login`
pub(crate) fn login(scene: &mut Scene<'_>, body: Body<'_>) -> Outcome {
    let (email, password) = (body.text("email")?, body.text("password")?);
    let known = scene.options.accounts.iter().any(|a| a.email == email && a.password == password);
    if !known {
        return Err(Refusal::said("Invalid email or password"));
    }
    if scene.switches.login_asks_code {
        let answer = json!({
            "status": "success", "message": "Check your email for verification code", "email": email,
        });
        return Done::bare(answer, 0);
    }
    open(scene, email)
}

/// `/v1/auth/verify`
pub(crate) fn verify(scene: &mut Scene<'_>, body: Body<'_>) -> Outcome {
    let (email, code) = (body.text("email")?, body.text("code")?);
    if code != CODE {
        return Err(Refusal::said("Invalid code"));
    }
    open(scene, email)
}

fn open(scene: &mut Scene<'_>, email: &str) -> Outcome {
    let account = scene.options.accounts.iter().find(|account| account.email == email);
    let account = account.ok_or_else(|| Refusal::said("Invalid email or password"))?;
    let network = scene.network(account);
    let reopened = std::mem::take(&mut network.expired);
    network.expiry_told = false;
    let answer = json!({
        "status": "success", "login_token": account.login_token, "message": "Login successful",
    });
    Ok(Done { answer, credits: 0, effect: reopened })
}
