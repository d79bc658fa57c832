use std::fmt;

use secscan_sys as sys;

use crate::convert::fixed;

/// The version of the library that is linked, as "0.1.0".
pub fn version() -> &'static str {
    // SAFETY: a static string.
    unsafe { fixed(sys::secscan_version()) }
}

/// An enum of C's: its values, and their names as C has them. A value that a
/// newer library has, and this crate does not know, is the last one here.
macro_rules! named {
    ($(#[$doc:meta])* $name:ident, $of:path,
     $($(#[$value_doc:meta])* $value:ident = $number:literal,)*) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$value_doc])* $value = $number,)*
        }

        impl $name {
            pub(crate) fn of(raw: u32) -> $name {
                let all = [$($name::$value),*];
                *all.get(raw as usize).unwrap_or(&all[all.len() - 1])
            }

            /// Its name, as reports have it.
            pub fn name(self) -> &'static str {
                // SAFETY: a static string.
                unsafe { fixed($of(self as i32)) }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.name())
            }
        }
    };
}

named! {
    /// What a credential would grant, were it alive.
    Severity, sys::secscan_severity_name,
    /// For information.
    Info = 0,
    /// Low.
    Low = 1,
    /// Medium.
    Medium = 2,
    /// High.
    High = 3,
    /// Critical.
    Critical = 4,
}

named! {
    /// What makes a match a finding, weakest first.
    Evidence, sys::secscan_evidence_name,
    /// The words around it.
    Context = 0,
    /// The shape of one vendor's credential.
    Pattern = 1,
    /// It decodes to what it should.
    Structure = 2,
    /// A checksum inside it is right: the form is, not that it is alive.
    Checksum = 3,
}

named! {
    /// What kind of thing a secret stands in.
    Source, sys::secscan_source_name,
    /// Memory or a stream.
    Buffer = 0,
    /// A file.
    File = 1,
    /// A blob of a repository.
    Blob = 2,
    /// The message of a commit.
    CommitMessage = 3,
    /// The author of a commit.
    Author = 4,
    /// The committer of a commit.
    Committer = 5,
    /// The message of a tag.
    TagMessage = 6,
    /// Who made a tag.
    Tagger = 7,
    /// A note.
    Note = 8,
    /// The name of a ref.
    Ref = 9,
    /// A line of a reflog.
    Reflog = 10,
    /// What a commit carries beside people and message.
    CommitHeader = 11,
    /// What a tag carries beside people and message.
    TagHeader = 12,
    /// A Git LFS object, at the path of its pointer.
    Lfs = 13,
}

named! {
    /// How a history still reaches something, strongest first.
    Reach, sys::secscan_reach_name,
    /// Not a history scan.
    None = 0,
    /// From a ref or HEAD.
    Ref = 1,
    /// From the stash.
    Stash = 2,
    /// From a reflog.
    Reflog = 3,
    /// Only as an object.
    Unreachable = 4,
}
