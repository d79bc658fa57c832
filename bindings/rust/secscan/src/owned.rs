use crate::secret::masked;
use crate::{Commit, Evidence, Finding, Introduction, Part, Place, Reach, SecretBuf, Severity};

/// A finding that borrows nothing; its secrets are wiped when it is dropped. The
/// fields are those of [`Finding`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[allow(missing_docs)] // said of Finding's methods
pub struct OwnedFinding {
    pub rule: String,
    pub description: String,
    pub category: String,
    pub advice: String,
    pub fingerprint: String,
    pub reason: String,
    pub severity: Severity,
    pub evidence: Evidence,
    pub confidence: u32,
    pub gates: bool,
    pub reach: Reach,
    pub secret: SecretBuf,
    pub matched: SecretBuf,
    pub line: SecretBuf,
    pub encoded: SecretBuf,
    pub secret_at: usize,
    pub public_prefix: usize,
    pub place: Place<'static>,
    pub places: Vec<Place<'static>>,
    pub also: Vec<String>,
    pub parts: Vec<Part>,
    pub introductions: Vec<Introduction<'static>>,
    pub removals: Vec<Commit<'static>>,
    pub n_commits: u64,
    pub n_paths: u64,
    pub in_head: bool,
    pub is_known: bool,
    pub known_path: Option<String>,
    pub submodule: Option<String>,
    pub refs: Vec<String>,
    pub n_refs: u64,
    pub suppressed_by: Option<String>,
    pub suppressed_reason: Option<String>,
}

impl OwnedFinding {
    pub(crate) fn of(f: &Finding<'_>) -> OwnedFinding {
        OwnedFinding {
            rule: f.rule().to_owned(),
            description: f.description().to_owned(),
            category: f.category().to_owned(),
            advice: f.advice().to_owned(),
            fingerprint: f.fingerprint().to_owned(),
            reason: f.reason().to_owned(),
            severity: f.severity(),
            evidence: f.evidence(),
            confidence: f.confidence(),
            gates: f.gates(),
            reach: f.reach(),
            secret: f.secret().to_owned(),
            matched: f.matched().to_owned(),
            line: f.line().to_owned(),
            encoded: f.encoded().to_owned(),
            secret_at: f.secret_at(),
            public_prefix: f.public_prefix(),
            place: f.place().into_owned(),
            places: f.places().map(Place::into_owned).collect(),
            also: f.also().map(str::to_owned).collect(),
            parts: f.parts().collect(),
            introductions: f.introductions().map(Introduction::into_owned).collect(),
            removals: f.removals().map(Commit::into_owned).collect(),
            n_commits: f.n_commits(),
            n_paths: f.n_paths(),
            in_head: f.in_head(),
            is_known: f.is_known(),
            known_path: f.known_path().map(|text| text.into_owned()),
            submodule: f.submodule().map(|text| text.into_owned()),
            refs: f.refs().map(|text| text.into_owned()).collect(),
            n_refs: f.n_refs(),
            suppressed_by: f.suppressed_by().map(|text| text.into_owned()),
            suppressed_reason: f.suppressed_reason().map(|text| text.into_owned()),
        }
    }

    /// The secret with all hidden but the vendor's mark in front.
    pub fn masked(&self) -> String {
        masked(self.secret.reveal(), self.public_prefix)
    }
}
