//! Finds committed credentials: in buffers, streams, files, trees and git
//! histories. Safe Rust over the C library libsecscan.
//!
//! ```
//! let mut scanner = secscan::Scanner::new(&secscan::Rules::builtin()?)?;
//! let findings = scanner.scan("nothing to see here")?;
//! assert!(findings.is_empty() && findings.is_complete());
//! # Ok::<(), secscan::Error>(())
//! ```
//!
//! A [`Target`] is what is scanned; there are three styles to scan it in:
//!
//! - [`Scanner::scan`] gives all that is found, [`Findings`];
//! - [`Scanner::each`] calls a [`Sink`], or a closure, with each [`Finding`], which
//!   is borrowed and copies nothing;
//! - [`Scanner::iter`] is an [`Iterator`] of [`OwnedFinding`], while the scan goes
//!   on beside it.
//!
//! # Threads
//!
//! [`Rules`] and [`Policy`] are shared by any number of threads; a [`Scanner`] is
//! for one thread at a time: it may be sent, and each thread makes its own.
//!
//! ```compile_fail
//! fn shared<T: Sync>() {}
//! shared::<secscan::Scanner>();
//! ```
//!
//! A borrowed finding ends with the call that it was given to:
//!
//! ```compile_fail
//! # use std::ops::ControlFlow;
//! # let mut scanner = secscan::Scanner::new(&secscan::Rules::builtin()?)?;
//! let mut kept = None;
//! scanner.each("text", |finding: secscan::Finding<'_>| {
//!     kept = Some(finding);
//!     ControlFlow::Continue(())
//! })?;
//! # Ok::<(), secscan::Error>(())
//! ```
//!
//! # What could not be scanned
//!
//! is never silent: [`Outcome::complete`] and [`Findings::complete`] make an error
//! of it, and an iterator ends with one.

#![deny(missing_docs, unsafe_op_in_unsafe_fn)]

mod c;
mod cancel;
mod convert;
mod error;
mod finding;
mod findings;
#[cfg(feature = "git")]
mod git;
mod iter;
mod names;
mod owned;
mod policy;
mod rules;
mod scanner;
mod secret;
mod sink;
mod target;

pub use cancel::CancelToken;
pub use error::{Code, Error};
pub use finding::{Commit, Finding, Introduction, Part, Place, Skip};
pub use findings::Findings;
#[cfg(feature = "git")]
pub use git::{GitMode, GitOptions, GitUpdate};
pub use iter::Scan;
pub use names::{version, Evidence, Reach, Severity, Source};
pub use owned::OwnedFinding;
pub use policy::{Policy, PolicyOptions};
pub use rules::{Rule, Rules, RulesOptions};
pub use scanner::{Options, Profile, Scanner};
pub use secret::{Secret, SecretBuf};
pub use sink::{Outcome, Progress, Sink};
pub use target::{Target, TreeOptions};

// What may cross threads, checked where it is compiled.
const _: () = {
    const fn send<T: Send>() {}
    const fn sync<T: Sync>() {}

    send::<Rules>();
    sync::<Rules>();
    send::<Policy>();
    sync::<Policy>();
    send::<Scanner>();
    send::<Findings>();
    sync::<Findings>();
    send::<Finding<'_>>();
    sync::<Finding<'_>>();
    send::<OwnedFinding>();
    sync::<OwnedFinding>();
    send::<Scan>();
    send::<Error>();
    sync::<Error>();
    sync::<CancelToken>();
};
