//! The readers of LinkupAPI's answers by themselves, for whoever holds a body and no connection.

pub use super::failure::{Refusal, refusal};
pub use super::messages::{
    conversation, created_post, done, inbox, invitation_receipt, invitation_status, login_outcome, message_receipt,
    webhook_account, webhook_accounts, webhook_state,
};
pub use super::people::{company, connections, people, profile, sent_invitations};
pub use super::posts::{comments, posts, reactions};
pub use super::reading::{Unread, credits_told};
pub use crate::presentable::presentable;
