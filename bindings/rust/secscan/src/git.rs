use std::path::PathBuf;

use secscan_sys as sys;

use crate::c::{self, flag, Texts};
use crate::{Error, SecretBuf};

/// What of a repository is scanned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum GitMode {
    /// Every object, all refs, submodules on disk.
    #[default]
    History = 0,
    /// What the commits of a range introduce.
    Range = 1,
    /// What the index adds to HEAD.
    Staged = 2,
    /// What changes of refs would publish.
    Push = 3,
}

/// One ref of a push, as git's hooks name it. Ids are hex; zeros: there is none.
#[derive(Clone, Debug, Default)]
pub struct GitUpdate {
    /// Its name at the other side.
    pub name: String,
    /// What it leads to there.
    pub old_id: String,
    /// What it shall lead to.
    pub new_id: String,
}

/// What of a repository is scanned; the default is the whole history.
#[derive(Clone, Debug, Default)]
pub struct GitOptions {
    /// What is scanned.
    pub mode: GitMode,
    /// [`GitMode::Range`]: "A..B", "A...B", or "B".
    pub range: Option<String>,
    /// [`GitMode::Range`]: instead of it, what these commits introduce.
    pub commits: Vec<String>,
    /// [`GitMode::Staged`]: the index file; None: the repository's own.
    pub index: Option<PathBuf>,
    /// [`GitMode::Push`]: the refs.
    pub updates: Vec<GitUpdate>,
    /// [`GitMode::Push`]: the remote, by name or URL.
    pub remote: Option<String>,
    /// More directories of objects.
    pub object_dirs: Vec<PathBuf>,
    /// [`GitMode::History`]: only what this holds gates.
    pub gate_ref: Option<String>,
    /// [`GitMode::History`]: a directory for what was found clean.
    pub cache: Option<PathBuf>,
    /// Seals it.
    pub cache_key: SecretBuf,
    /// Ranges and pushes: milliseconds after which no other commit is begun.
    pub deadline: u64,
    /// What only unreachable objects hold gates too.
    pub gate_unreachable: bool,
    /// Leave out the submodules that are on disk.
    pub no_submodules: bool,
    /// [`GitMode::Push`]: the push comes in.
    pub receive: bool,
}

impl GitOptions {
    fn flags(&self) -> u32 {
        flag(self.gate_unreachable, sys::SECSCAN_GIT_GATE_UNREACHABLE)
            | flag(self.no_submodules, sys::SECSCAN_GIT_NO_SUBMODULES)
            | flag(self.receive, sys::SECSCAN_GIT_RECEIVE)
    }

    /// Call with the options as C has them, which live for the call.
    pub(crate) fn with<T>(&self, call: impl FnOnce(&sys::secscan_git_options) -> T) -> Result<T, Error> {
        let range = c::maybe(self.range.as_deref())?;
        let index = c::maybe_path(self.index.as_deref())?;
        let remote = c::maybe(self.remote.as_deref())?;
        let gate_ref = c::maybe(self.gate_ref.as_deref())?;
        let cache = c::maybe_path(self.cache.as_deref())?;
        let commits = Texts::new(self.commits.iter().map(String::as_str))?;
        let object_dirs = Texts::paths(&self.object_dirs)?;
        let cache_key = self.cache_key.reveal();
        let updates = Updates::new(&self.updates)?;
        Ok(call(&sys::secscan_git_options {
            size: std::mem::size_of::<sys::secscan_git_options>(),
            mode: self.mode as u32,
            flags: self.flags(),
            range: c::pointer(&range),
            index: c::pointer(&index),
            cache: c::pointer(&cache),
            cache_key: if cache_key.is_empty() {
                std::ptr::null()
            } else {
                cache_key.as_ptr().cast()
            },
            cache_key_len: cache_key.len(),
            updates: updates.array.as_ptr(),
            n_updates: updates.array.len(),
            remote: c::pointer(&remote),
            object_dirs: object_dirs.pointer(),
            n_object_dirs: object_dirs.len(),
            commits: commits.pointer(),
            n_commits: commits.len(),
            deadline: self.deadline,
            gate_ref: c::pointer(&gate_ref),
        }))
    }
}

/// Updates as C has them; `texts` is what they point to.
struct Updates {
    array: Vec<sys::secscan_git_update>,
    _texts: Vec<Texts>,
}

impl Updates {
    fn new(updates: &[GitUpdate]) -> Result<Updates, Error> {
        let texts = updates
            .iter()
            .map(|u| Texts::new([u.name.as_str(), u.old_id.as_str(), u.new_id.as_str()]))
            .collect::<Result<Vec<_>, _>>()?;
        let array = texts
            .iter()
            .map(|t| sys::secscan_git_update {
                ref_: t.at(0),
                old_id: t.at(1),
                new_id: t.at(2),
            })
            .collect();
        Ok(Updates { array, _texts: texts })
    }
}
