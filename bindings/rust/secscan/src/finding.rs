use std::borrow::Cow;
use std::ffi::{CStr, OsStr};
use std::fmt;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use secscan_sys as sys;

use crate::convert::{bytes, fixed, lossy, maybe_lossy, slice, texts};
use crate::secret::masked;
use crate::{Evidence, OwnedFinding, Reach, Secret, SecretBuf, Severity, Source};

/// Where a secret stands. Lines and columns are from 1, columns count code
/// points, the end column is one past the last. Paths that are no UTF-8 have
/// U+FFFD where they are not; [`Place::file`] is what can be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// A member of a container is "outer.zip!inner/file".
    pub path: Option<Cow<'a, str>>,
    /// Of a member: how many bytes of the path name the file; else 0.
    pub file_len: u32,
    /// Hex id of the object it is in.
    pub object: Option<Cow<'a, str>>,
    /// In bytes.
    pub offset: u64,
    /// First line.
    pub line_start: u64,
    /// Last line.
    pub line_end: u64,
    /// First column.
    pub column_start: u64,
    /// One past the last column.
    pub column_end: u64,
    /// What it stands in.
    pub source: Source,
    /// How the secret is written there, outermost first.
    pub encodings: Vec<&'static str>,
    /// The file's part of a path that is no UTF-8.
    raw_file: Option<Cow<'a, Path>>,
}

impl<'a> Place<'a> {
    pub(crate) fn of(raw: &'a sys::secscan_place) -> Place<'a> {
        // SAFETY: `raw` is the library's, which keeps the header's promises.
        unsafe {
            let path = maybe_lossy(raw.path);
            let (file_len, raw_file) = match path {
                Some(Cow::Owned(_)) => raw_file(raw),
                _ => (raw.file_len, None),
            };
            Place {
                path,
                file_len,
                raw_file,
                object: maybe_lossy(raw.object),
                offset: raw.offset,
                line_start: raw.line_start,
                line_end: raw.line_end,
                column_start: raw.column_start,
                column_end: raw.column_end,
                source: Source::of(raw.source),
                encodings: texts(raw.encodings, raw.n_encodings).collect(),
            }
        }
    }

    /// The file (of a repository: the blob's path) that it is in, as the system
    /// has it: of a member the outermost container.
    pub fn file(&self) -> Option<&Path> {
        if let Some(file) = &self.raw_file {
            return Some(file);
        }
        let path = self.path.as_deref()?;
        Some(Path::new(match self.file_len as usize {
            0 => path,
            len => &path[..len],
        }))
    }

    /// A copy that borrows nothing.
    pub fn into_owned(self) -> Place<'static> {
        Place {
            raw_file: self.raw_file.map(|file| Cow::Owned(file.into_owned())),
            path: owned_option(self.path),
            object: owned_option(self.object),
            file_len: self.file_len,
            offset: self.offset,
            line_start: self.line_start,
            line_end: self.line_end,
            column_start: self.column_start,
            column_end: self.column_end,
            source: self.source,
            encodings: self.encodings,
        }
    }
}

/// Of a path that is no UTF-8: how long the file's part of it is as text, and that
/// part.
///
/// # Safety
/// `raw` is the library's, and has a path.
unsafe fn raw_file(raw: &sys::secscan_place) -> (u32, Option<Cow<'_, Path>>) {
    // SAFETY: as the caller promises.
    let path = unsafe { CStr::from_ptr(raw.path) }.to_bytes();
    let file = match raw.file_len as usize {
        0 => path,
        len => &path[..len],
    };
    let len = match raw.file_len {
        0 => 0,
        _ => String::from_utf8_lossy(file).len() as u32,
    };
    (len, Some(Cow::Borrowed(Path::new(OsStr::from_bytes(file)))))
}

fn owned(text: Cow<'_, str>) -> Cow<'static, str> {
    Cow::Owned(text.into_owned())
}

fn owned_option(text: Option<Cow<'_, str>>) -> Option<Cow<'static, str>> {
    text.map(owned)
}

/// A commit of a history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit<'a> {
    /// Hex id.
    pub id: Cow<'a, str>,
    /// Who wrote it.
    pub author_name: Cow<'a, str>,
    /// And how to reach them.
    pub author_email: Cow<'a, str>,
    /// First line of the message.
    pub subject: Cow<'a, str>,
    /// Seconds since 1970.
    pub author_time: i64,
    /// Minutes east of UTC.
    pub author_offset: i32,
    /// Seconds since 1970.
    pub commit_time: i64,
}

impl<'a> Commit<'a> {
    pub(crate) fn of(raw: &'a sys::secscan_commit) -> Commit<'a> {
        // SAFETY: `raw` is the library's, which keeps the header's promises.
        unsafe {
            Commit {
                id: lossy(raw.id),
                author_name: lossy(raw.author_name),
                author_email: lossy(raw.author_email),
                subject: lossy(raw.subject),
                author_time: raw.author_time,
                author_offset: raw.author_offset,
                commit_time: raw.commit_time,
            }
        }
    }

    /// A copy that borrows nothing.
    pub fn into_owned(self) -> Commit<'static> {
        Commit {
            id: owned(self.id),
            author_name: owned(self.author_name),
            author_email: owned(self.author_email),
            subject: owned(self.subject),
            author_time: self.author_time,
            author_offset: self.author_offset,
            commit_time: self.commit_time,
        }
    }
}

/// A commit that brought a secret in, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Introduction<'a> {
    /// The commit.
    pub commit: Commit<'a>,
    /// Where.
    pub place: Place<'a>,
    /// How the history reaches the commit.
    pub reach: Reach,
    /// The border of a shallow clone: at or before this commit.
    pub is_boundary: bool,
}

impl<'a> Introduction<'a> {
    fn of(raw: &'a sys::secscan_introduction) -> Introduction<'a> {
        Introduction {
            commit: Commit::of(&raw.commit),
            place: Place::of(&raw.place),
            reach: Reach::of(raw.reach),
            is_boundary: raw.is_boundary != 0,
        }
    }

    /// A copy that borrows nothing.
    pub fn into_owned(self) -> Introduction<'static> {
        Introduction {
            commit: self.commit.into_owned(),
            place: self.place.into_owned(),
            reach: self.reach,
            is_boundary: self.is_boundary,
        }
    }
}

/// What stands near a secret and belongs to it: a key's id, a password's user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Id of its rule.
    pub rule: String,
    /// Of the rule.
    pub description: String,
    /// What it is to the finding; may be empty.
    pub role: String,
    /// Of the secret.
    pub fingerprint: String,
    /// The bytes.
    pub secret: SecretBuf,
    /// How many of them may be shown.
    pub public_prefix: usize,
    /// Where.
    pub place: Place<'static>,
}

impl Part {
    fn of(raw: &sys::secscan_part) -> Part {
        // SAFETY: `raw` is the library's, which keeps the header's promises.
        unsafe {
            Part {
                rule: fixed(raw.rule).to_owned(),
                description: fixed(raw.description).to_owned(),
                role: fixed(raw.role).to_owned(),
                fingerprint: fixed(raw.fingerprint).to_owned(),
                secret: Secret::new(bytes(raw.secret)).to_owned(),
                public_prefix: raw.public_prefix,
                place: Place::of(&raw.place).into_owned(),
            }
        }
    }
}

/// Something that was not scanned, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skip<'a> {
    /// What it is, if it has a path.
    pub path: Option<Cow<'a, str>>,
    /// Its hex id, if it is an object.
    pub object: Option<Cow<'a, str>>,
    /// A fixed word: "unreadable", "too-large" ...
    pub reason: Cow<'a, str>,
    /// One line; may be empty.
    pub detail: Cow<'a, str>,
    /// The scan is incomplete because of it.
    pub is_incomplete: bool,
}

impl<'a> Skip<'a> {
    pub(crate) fn of(raw: &'a sys::secscan_skip) -> Skip<'a> {
        // SAFETY: `raw` is the library's, which keeps the header's promises.
        unsafe {
            Skip {
                path: maybe_lossy(raw.path),
                object: maybe_lossy(raw.object),
                reason: lossy(raw.reason),
                detail: lossy(raw.detail),
                is_incomplete: raw.is_incomplete != 0,
            }
        }
    }

    /// A copy that borrows nothing.
    pub fn into_owned(self) -> Skip<'static> {
        Skip {
            path: owned_option(self.path),
            object: owned_option(self.object),
            reason: owned(self.reason),
            detail: owned(self.detail),
            is_incomplete: self.is_incomplete,
        }
    }
}

/// One finding, borrowed from the library: nothing is copied until it is asked
/// for. Buffers, files, trees and the index have one for each place, in order;
/// histories one for each secret.
#[derive(Clone, Copy)]
pub struct Finding<'a> {
    raw: &'a sys::secscan_finding,
}

// SAFETY: plain memory that nobody writes while it is borrowed.
unsafe impl Send for Finding<'_> {}
// SAFETY: as above.
unsafe impl Sync for Finding<'_> {}

/// Accessors whose value stands in the struct. All of `raw` is the library's,
/// which keeps the header's promises for `'a`.
macro_rules! accessors {
    ($($(#[$doc:meta])* $name:ident: $kind:ty = |$raw:ident| $value:expr;)*) => {
        $($(#[$doc])*
        #[allow(unused_unsafe)]
        pub fn $name(&self) -> $kind {
            let $raw = self.raw;
            // SAFETY: see the macro.
            unsafe { $value }
        })*
    };
}

impl<'a> Finding<'a> {
    /// # Safety
    /// All that `raw` points to is as the header says, for `'a`.
    pub(crate) unsafe fn new(raw: &'a sys::secscan_finding) -> Finding<'a> {
        Finding { raw }
    }

    pub(crate) fn as_raw(&self) -> &'a sys::secscan_finding {
        self.raw
    }

    accessors! {
        /// Id of the rule.
        rule: &'a str = |raw| fixed(raw.rule);
        /// Of the rule.
        description: &'a str = |raw| fixed(raw.description);
        /// token, key, password, connection, webhook, generic, hygiene.
        category: &'a str = |raw| fixed(raw.category);
        /// How to revoke and rotate; may be empty.
        advice: &'a str = |raw| fixed(raw.advice);
        /// "s1:" and 24 hex digits, of the secret alone.
        fingerprint: &'a str = |raw| fixed(raw.fingerprint);
        /// Why the evidence is what it is; may be empty.
        reason: &'a str = |raw| fixed(raw.reason);
        /// What it would grant.
        severity: Severity = |raw| Severity::of(raw.severity);
        /// What says that it is one.
        evidence: Evidence = |raw| Evidence::of(raw.evidence);
        /// How sure it is that this is a secret, 0 to 100.
        confidence: u32 = |raw| raw.confidence;
        /// It decides the exit code.
        gates: bool = |raw| raw.gates != 0;
        /// The strongest of all its places.
        reach: Reach = |raw| Reach::of(raw.reach);
        /// The secret.
        secret: Secret<'a> = |raw| Secret::new(bytes(raw.secret));
        /// What the rule matched, secret included.
        matched: Secret<'a> = |raw| Secret::new(bytes(raw.match_));
        /// The lines, at most 1,024 bytes around.
        line: Secret<'a> = |raw| Secret::new(bytes(raw.line));
        /// What stands at the place when the secret is encoded there.
        encoded: Secret<'a> = |raw| Secret::new(bytes(raw.encoded));
        /// Offset of the secret in `line`.
        secret_at: usize = |raw| raw.secret_at;
        /// Leading bytes of the secret that may be shown.
        public_prefix: usize = |raw| raw.public_prefix;
        /// The first place.
        place: Place<'a> = |raw| Place::of(&raw.place);
        /// Histories: commits whose tree holds it.
        n_commits: u64 = |raw| raw.n_commits;
        /// Histories: paths that it is at.
        n_paths: u64 = |raw| raw.n_paths;
        /// Histories: it is there yet.
        in_head: bool = |raw| raw.in_head != 0;
        /// Ranges: it was there before.
        is_known: bool = |raw| raw.is_known != 0;
        /// Where it was.
        known_path: Option<Cow<'a, str>> = |raw| maybe_lossy(raw.known_path);
        /// Path of the submodule that it is in.
        submodule: Option<Cow<'a, str>> = |raw| maybe_lossy(raw.submodule);
        /// Histories: how many refs lead to it; at most 100 are listed.
        n_refs: u64 = |raw| raw.n_refs;
        /// What hides it, if anything does.
        suppressed_by: Option<Cow<'a, str>> = |raw| maybe_lossy(raw.suppressed_by);
        /// And what that says of it.
        suppressed_reason: Option<Cow<'a, str>> = |raw| maybe_lossy(raw.suppressed_reason);
    }

    /// The secret with all hidden but the vendor's mark in front.
    pub fn masked(&self) -> String {
        masked(self.secret().reveal(), self.raw.public_prefix)
    }

    /// Ids of other rules that matched here.
    pub fn also(&self) -> impl Iterator<Item = &'a str> {
        // SAFETY: see `accessors`.
        unsafe { texts(self.raw.also, self.raw.n_also) }
    }

    /// Every place known, the first included.
    pub fn places(&self) -> impl Iterator<Item = Place<'a>> {
        // SAFETY: see `accessors`.
        unsafe { slice(self.raw.places, self.raw.n_places) }
            .iter()
            .map(Place::of)
    }

    /// Histories: the introducing commit first; none: it is in no commit.
    pub fn introductions(&self) -> impl Iterator<Item = Introduction<'a>> {
        // SAFETY: see `accessors`.
        unsafe { slice(self.raw.introductions, self.raw.n_introductions) }
            .iter()
            .map(Introduction::of)
    }

    /// Histories: commits that have it no more while all their parents do.
    pub fn removals(&self) -> impl Iterator<Item = Commit<'a>> {
        // SAFETY: see `accessors`.
        unsafe { slice(self.raw.removals, self.raw.n_removals) }
            .iter()
            .map(Commit::of)
    }

    /// Histories: refs that lead to it, sorted.
    pub fn refs(&self) -> impl Iterator<Item = Cow<'a, str>> {
        // SAFETY: see `accessors`.
        unsafe { slice(self.raw.refs, self.raw.n_refs_listed) }
            .iter()
            .map(|&name| unsafe { lossy(name) })
    }

    /// What stands near it and belongs to it.
    pub fn parts(&self) -> impl Iterator<Item = Part> + 'a {
        // SAFETY: see `accessors`.
        unsafe { slice(self.raw.parts, self.raw.n_parts) }.iter().map(Part::of)
    }

    /// A copy that borrows nothing.
    pub fn to_owned(&self) -> OwnedFinding {
        OwnedFinding::of(self)
    }
}

impl fmt::Debug for Finding<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Finding")
            .field("rule", &self.rule())
            .field("place", &self.place())
            .field("fingerprint", &self.fingerprint())
            .finish_non_exhaustive()
    }
}

/// Over structs that are made here: nothing of the library's is called.
#[cfg(test)]
mod tests {
    use std::os::raw::c_char;
    use std::ptr;

    use super::*;

    /// The header: what there is none of is NULL, or has a length of 0.
    fn zeroed<T>() -> T {
        // SAFETY: all of it is numbers and pointers.
        unsafe { std::mem::zeroed() }
    }

    fn text(bytes: &'static [u8]) -> *const c_char {
        assert_eq!(bytes.last(), Some(&0));
        bytes.as_ptr().cast()
    }

    fn secret(bytes: &'static [u8]) -> sys::secscan_bytes {
        sys::secscan_bytes {
            data: bytes.as_ptr().cast(),
            len: bytes.len(),
        }
    }

    #[test]
    fn what_there_is_none_of_is_empty() {
        let raw: sys::secscan_finding = zeroed();
        // SAFETY: as `zeroed` says.
        let finding = unsafe { Finding::new(&raw) };
        assert_eq!(
            (finding.rule(), finding.advice(), finding.masked()),
            ("", "", "********".to_owned())
        );
        assert!(finding.secret().reveal().is_empty() && finding.line().reveal().is_empty());
        assert_eq!(
            (finding.known_path(), finding.suppressed_by(), finding.place().path),
            (None, None, None)
        );
        assert_eq!(
            (finding.also().count(), finding.places().count(), finding.refs().count()),
            (0, 0, 0)
        );
        assert_eq!((finding.introductions().count(), finding.removals().count()), (0, 0));
        assert_eq!((finding.parts().count(), finding.place().encodings.len()), (0, 0));
        assert!(finding.to_owned().parts.is_empty());
    }

    #[test]
    fn an_empty_list_may_point_anywhere() {
        let mut raw: sys::secscan_finding = zeroed();
        raw.places = ptr::null::<sys::secscan_place>().wrapping_add(1);
        raw.secret.data = text(b"x\0").wrapping_add(2);
        // SAFETY: as `zeroed` says; nothing is read of empty lists.
        let finding = unsafe { Finding::new(&raw) };
        assert!(finding.places().next().is_none() && finding.secret().reveal().is_empty());
    }

    #[test]
    fn lists_and_texts_are_what_they_point_at() {
        let encodings = [text(b"base64\0"), text(b"gzip\0")];
        let names = [text(b"main\0"), text(b"not \xff text\0")];
        let mut places: [sys::secscan_place; 2] = zeroed();
        places[1].path = text(b"a\xffb\0");
        places[1].encodings = encodings.as_ptr();
        places[1].n_encodings = encodings.len();
        let mut part: sys::secscan_part = zeroed();
        part.role = text(b"user\0");
        part.secret = secret(b"ada");
        let mut raw: sys::secscan_finding = zeroed();
        raw.rule = text(b"own\0");
        raw.secret = secret(b"own-secret");
        raw.public_prefix = 4;
        (raw.places, raw.n_places) = (places.as_ptr(), places.len());
        (raw.parts, raw.n_parts) = (&part, 1);
        (raw.refs, raw.n_refs_listed) = (names.as_ptr(), names.len());
        // SAFETY: all of it lives until the end.
        let finding = unsafe { Finding::new(&raw) };
        assert_eq!((finding.rule(), finding.masked()), ("own", "own-********".to_owned()));
        let place = finding.places().nth(1).unwrap();
        assert_eq!(
            (place.path.as_deref(), place.encodings),
            (Some("a\u{FFFD}b"), vec!["base64", "gzip"])
        );
        assert_eq!(finding.refs().collect::<Vec<_>>(), ["main", "not \u{FFFD} text"]);
        let part = finding.parts().next().unwrap();
        assert_eq!((part.role.as_str(), part.secret.reveal()), ("user", &b"ada"[..]));
    }

    #[test]
    fn a_copy_needs_nothing_of_what_it_was_made_of() {
        let copy = {
            let path = b"a/b\0".to_vec();
            let value = b"own-secret".to_vec();
            let mut raw: sys::secscan_finding = zeroed();
            raw.place.path = path.as_ptr().cast();
            raw.secret = sys::secscan_bytes {
                data: value.as_ptr().cast(),
                len: value.len(),
            };
            // SAFETY: both live longer than the view.
            let finding = unsafe { Finding::new(&raw) };
            finding.to_owned()
        };
        assert_eq!(copy.place.path.as_deref(), Some("a/b"));
        assert_eq!(copy.secret.reveal(), b"own-secret");
    }

    #[test]
    fn values_that_a_newer_library_has_are_the_last_known_one() {
        let mut raw: sys::secscan_finding = zeroed();
        (raw.severity, raw.evidence) = (u32::MAX, 17);
        // SAFETY: as `zeroed` says.
        let finding = unsafe { Finding::new(&raw) };
        assert_eq!(
            (finding.severity(), finding.evidence()),
            (Severity::Critical, Evidence::Checksum)
        );
    }
}
