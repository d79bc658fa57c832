use std::fmt;
use std::os::raw::c_char;
use std::path::{Path, PathBuf};
use std::ptr::{self, NonNull};

use secscan_sys as sys;

use crate::c::{self, flag, Texts};
use crate::convert::{fixed, lossy, texts};
use crate::error::{check, empty};
use crate::{Error, Evidence, Severity};

/// How rules are read; the default is all zero, as in C.
#[derive(Clone, Debug, Default)]
pub struct RulesOptions {
    /// Only what the files hold.
    pub no_builtin: bool,
    /// Do not use the private cache of compiled rules.
    pub no_cache: bool,
    /// Read all files as gitleaks does.
    pub gitleaks: bool,
    /// The files come from who is being judged.
    pub untrusted: bool,
    /// An allowlist that matches nothing, or everything, is an error.
    pub strict: bool,
    /// Directory of the cache.
    pub cache_dir: Option<PathBuf>,
    /// What errors call the text of [`Rules::parse`].
    pub name: Option<String>,
    /// Ids of rules to leave out.
    pub without: Vec<String>,
    /// The folder that `[extend] path` has to be below.
    pub extend_root: Option<PathBuf>,
}

impl RulesOptions {
    fn flags(&self) -> u32 {
        flag(self.no_builtin, sys::SECSCAN_RULES_NO_BUILTIN)
            | flag(self.no_cache, sys::SECSCAN_RULES_NO_CACHE)
            | flag(self.gitleaks, sys::SECSCAN_RULES_GITLEAKS)
            | flag(self.untrusted, sys::SECSCAN_RULES_UNTRUSTED)
            | flag(self.strict, sys::SECSCAN_RULES_STRICT)
    }

    /// Call with the options as C has them, which live for the call.
    fn with<T>(&self, call: impl FnOnce(&sys::secscan_rules_options) -> T) -> Result<T, Error> {
        let cache_dir = c::maybe_path(self.cache_dir.as_deref())?;
        let name = c::maybe(self.name.as_deref())?;
        let extend_root = c::maybe_path(self.extend_root.as_deref())?;
        let without = Texts::new(self.without.iter().map(String::as_str))?;
        Ok(call(&sys::secscan_rules_options {
            size: std::mem::size_of::<sys::secscan_rules_options>(),
            flags: self.flags(),
            cache_dir: c::pointer(&cache_dir),
            name: c::pointer(&name),
            without: without.pointer(),
            n_without: without.len(),
            extend_root: c::pointer(&extend_root),
            ..Default::default()
        }))
    }
}

/// Rules, immutable and reference-counted: a clone is the same set.
pub struct Rules(NonNull<sys::secscan_rules>);

// SAFETY: immutable once made, and counted atomically (secscan.h).
unsafe impl Send for Rules {}
// SAFETY: as above.
unsafe impl Sync for Rules {}

impl Rules {
    /// The built-in ones.
    pub fn builtin() -> Result<Rules, Error> {
        Rules::load::<&Path>(&[], &RulesOptions::default())
    }

    /// From files, which are joined; without any, the built-in ones.
    pub fn load<P: AsRef<Path>>(paths: &[P], options: &RulesOptions) -> Result<Rules, Error> {
        let paths = Texts::paths(paths)?;
        Rules::make(options, |out, options, err| {
            // SAFETY: all arguments live for the call.
            unsafe { sys::secscan_rules_load(out, paths.pointer(), paths.len(), options, err) }
        })
    }

    /// From the text of a rule file.
    ///
    /// ```
    /// use secscan::{Code, Rules};
    ///
    /// let error = Rules::parse("[[rules]]\nid = 'own'\nregex = '('", &Default::default()).unwrap_err();
    /// assert_eq!((error.code(), error.line()), (Code::Rule, 3));
    /// ```
    pub fn parse(toml: &str, options: &RulesOptions) -> Result<Rules, Error> {
        Rules::make(options, |out, options, err| {
            // SAFETY: all arguments live for the call.
            unsafe { sys::secscan_rules_parse(out, toml.as_ptr().cast::<c_char>(), toml.len(), options, err) }
        })
    }

    fn make(
        options: &RulesOptions,
        call: impl FnOnce(*mut *mut sys::secscan_rules, &sys::secscan_rules_options, &mut sys::secscan_error) -> i32,
    ) -> Result<Rules, Error> {
        let mut out = ptr::null_mut();
        let mut err = empty();
        let status = options.with(|options| call(&mut out, options, &mut err))?;
        check(status, &err)?;
        Ok(Rules(NonNull::new(out).expect("rules, for it did not fail")))
    }

    pub(crate) fn as_ptr(&self) -> *mut sys::secscan_rules {
        self.0.as_ptr()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        // SAFETY: a live pointer.
        unsafe { sys::secscan_rules_count(self.as_ptr()) }
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A digest of the rules' text, 16 hex digits.
    pub fn version(&self) -> &str {
        // SAFETY: it lives as long as the rules.
        unsafe { fixed(sys::secscan_rules_version(self.as_ptr())) }
    }

    /// What a person should know of the files and what is no error.
    pub fn notes(&self) -> impl Iterator<Item = String> + '_ {
        // SAFETY: each lives as long as the rules; NULL is past the end.
        (0..)
            .map(move |i| unsafe { sys::secscan_rules_note(self.as_ptr(), i) })
            .take_while(|note| !note.is_null())
            .map(|note| unsafe { lossy(note) }.into_owned())
    }

    /// The rule at an index.
    pub fn get(&self, index: usize) -> Option<Rule<'_>> {
        let mut info = sys::secscan_rule_info::default();
        // SAFETY: a live pointer, and a struct to fill in.
        let status = unsafe { sys::secscan_rules_at(self.as_ptr(), index, &mut info) };
        Rule::of(status, info)
    }

    /// The rule with an id, or an alias.
    pub fn find(&self, id: &str) -> Option<Rule<'_>> {
        let id = c::text(id).ok()?;
        let mut info = sys::secscan_rule_info::default();
        // SAFETY: live pointers, and a struct to fill in.
        let status = unsafe { sys::secscan_rules_find(self.as_ptr(), id.as_ptr(), &mut info) };
        Rule::of(status, info)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = Rule<'_>> {
        (0..self.len()).filter_map(move |i| self.get(i))
    }
}

impl Clone for Rules {
    fn clone(&self) -> Rules {
        // SAFETY: a live pointer; the new reference is the clone's.
        unsafe { sys::secscan_rules_ref(self.as_ptr()) };
        Rules(self.0)
    }
}

impl Drop for Rules {
    fn drop(&mut self) {
        // SAFETY: this value's reference, given up once.
        unsafe { sys::secscan_rules_free(self.as_ptr()) }
    }
}

impl fmt::Debug for Rules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rules({} of version {})", self.len(), self.version())
    }
}

/// A rule as people see it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Rule<'a> {
    /// Its id.
    pub id: &'a str,
    /// What it finds.
    pub description: &'a str,
    /// token, key, password, connection, webhook, generic, hygiene.
    pub category: &'a str,
    /// What its findings would grant.
    pub severity: Severity,
    /// What says so, when no check says more.
    pub evidence: Evidence,
    /// 0 to 100, of a match that no check has raised.
    pub confidence: u32,
    /// Empty for a rule about paths alone.
    pub regex: &'a str,
    /// Regular expression on paths, or empty.
    pub path: &'a str,
    /// What somebody who has it can do.
    pub grants: &'a str,
    /// How to revoke and rotate.
    pub advice: &'a str,
    /// Pages about it.
    pub references: Vec<&'a str>,
    /// Its other names.
    pub aliases: Vec<&'a str>,
    /// It is the library's own.
    pub is_builtin: bool,
    /// It is not measured yet.
    pub is_preview: bool,
}

impl<'a> Rule<'a> {
    /// Strings live as long as the rules, which `'a` has to be.
    fn of(status: i32, raw: sys::secscan_rule_info) -> Option<Rule<'a>> {
        if status != sys::SECSCAN_OK {
            return None;
        }
        // SAFETY: filled in by the library, as the header says.
        Some(unsafe {
            Rule {
                id: fixed(raw.id),
                description: fixed(raw.description),
                category: fixed(raw.category),
                severity: Severity::of(raw.severity),
                evidence: Evidence::of(raw.evidence),
                confidence: raw.confidence,
                regex: fixed(raw.regex),
                path: fixed(raw.path),
                grants: fixed(raw.grants),
                advice: fixed(raw.advice),
                references: texts(raw.references, raw.n_references).collect(),
                aliases: texts(raw.aliases, raw.n_aliases).collect(),
                is_builtin: raw.is_builtin != 0,
                is_preview: raw.is_preview != 0,
            }
        })
    }
}
